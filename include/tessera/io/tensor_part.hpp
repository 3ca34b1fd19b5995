// tensor_part: a variable inside a tensor of a file: its elements, row-major, are those at first + sum of i step over
// these axes.
//
//   whole_part(name, shape)            the tensor is the variable
//   permuted_part(name, shape, axes)   axis k of the tensor is axis axes[k] of the variable; a list that is short goes
//                                      on with the rest
//   is_whole(part)                     the variable is all of the tensor, in its order
//   copy_part(from, part, to)          from the values of the whole tensor
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tessera::detail {

struct tensor_part {
    struct axis {
        std::int64_t extent, step;
    };
    std::string name;
    std::vector<std::int64_t> shape;  // of the whole tensor
    std::int64_t first = 0;
    std::vector<axis> axes;
};

inline tensor_part permuted_part(std::string name, const std::vector<std::int64_t>& shape, std::vector<int> axes) {
    for (int a = static_cast<int>(axes.size()); axes.size() < shape.size(); ++a) axes.push_back(a);
    tensor_part part{std::move(name), {}, 0, std::vector<tensor_part::axis>(shape.size())};
    for (const int a : axes) part.shape.push_back(shape[static_cast<std::size_t>(a)]);
    std::int64_t step = 1;
    for (std::size_t k = shape.size(); k-- > 0;) {
        const auto a = static_cast<std::size_t>(axes[k]);
        part.axes[a] = {shape[a], step};
        step *= shape[a];
    }
    return part;
}

inline tensor_part whole_part(std::string name, const std::vector<std::int64_t>& shape) {
    return permuted_part(std::move(name), shape, {});
}

inline bool is_whole(const tensor_part& part) {
    std::int64_t step = 1, elements = 1;
    for (const std::int64_t extent : part.shape) elements *= extent;
    for (std::size_t k = part.axes.size(); k-- > 0; step *= part.axes[k].extent)
        if (part.axes[k].step != step) return false;
    return part.first == 0 && step == elements;
}

template <class Real> void copy_part(std::span<const Real> from, const tensor_part& part, std::span<Real> to) {
    std::vector<std::int64_t> at(part.axes.size(), 0);
    std::int64_t source = part.first;
    for (Real& value : to) {
        value = from[static_cast<std::size_t>(source)];
        for (std::size_t a = at.size(); a-- > 0;) {
            source += part.axes[a].step;
            if (++at[a] < part.axes[a].extent) break;
            source -= part.axes[a].step * part.axes[a].extent;
            at[a] = 0;
        }
    }
}

}  // namespace tessera::detail
