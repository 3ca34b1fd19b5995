// output_view: what a call returns, the samples' values of one output, in the model's own memory.
//
//     y[k], begin(), size()    all values, as of a span: sample after sample, each row-major
//     y(i, j, k)               by as many indices as a sample has axes, where there is one sample
//     y(s, i, j, k)            by one index more: of sample s
//     y.rank(), y.extent(a)    axes of a sample, and the extent of one; negative ones count from the last
//
// Errors  run time: another number of indices, an index, an axis or a sample that is not there.
#pragma once
#include <concepts>
#include <span>
#include <tessera/error/contract.hpp>
#include <tessera/ir/extents.hpp>

namespace tessera {

template <class T> struct output_view : std::span<const T> {
    extents sample;  // of one sample
    int count = 1;   // samples

    constexpr output_view(const T* data, const extents& e, int samples)
        : std::span<const T>(data, static_cast<std::size_t>(e.size()) * static_cast<std::size_t>(samples)),
          sample(e),
          count(samples) {}
    constexpr int rank() const { return sample.rank; }
    constexpr int extent(int axis) const {
        detail::require(axis >= -rank() && axis < rank(), "extent of a result", "an axis of a sample", axis);
        return sample[axis];
    }
    template <std::integral... Index>
        requires(sizeof...(Index) >= 1)
    constexpr const T& operator()(Index... index) const {
        constexpr int given = sizeof...(Index);
        const long at[] = {static_cast<long>(index)...};
        const bool with_sample = given == rank() + 1;
        detail::require(with_sample || given == rank(), "result of a call", "an index for each axis of a sample",
                        given);
        detail::require(with_sample || count == 1, "result of a call", "the sample first where there are several",
                        count);
        long place = 0;
        for (int k = 0; k < given; ++k) {
            const int axis = k - with_sample, size = axis < 0 ? count : sample[axis];
            detail::require(at[k] >= 0 && at[k] < size, "result of a call", "an index below the extent of its axis",
                            at[k]);
            place = place * size + at[k];
        }
        return this->data()[place];
    }
    constexpr std::span<const T> of_sample(int i) const {
        detail::require(i >= 0 && i < count, "result of a call", "the number of a sample in it", i);
        const auto n = static_cast<std::size_t>(sample.size());
        return this->subspan(n * static_cast<std::size_t>(i), n);
    }
    // the position of the largest value of a sample, the first among equals: the class that logits speak for. NaN is
    // below all, as in the metrics.
    constexpr int largest(int i = 0) const {
        const auto row = of_sample(i);
        int best = 0;
        for (int k = 1; k < static_cast<int>(row.size()); ++k) {
            const T x = row[static_cast<std::size_t>(k)], y = row[static_cast<std::size_t>(best)];
            if (x > y || (y != y && x == x)) best = k;
        }
        return best;
    }
};

}  // namespace tessera
