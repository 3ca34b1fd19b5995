// dataset: labelled images in memory.
//
//   images       (N, H, W, C)   contiguous, feature axis last, values in [0, 1] as loaded
//   labels       (N)            class indices in 0 .. classes - 1
//   extents      (H, W, C)      of one image; a table of F columns is 1 x 1 x F
//   class_names  (classes)
//   ignored      a label that is no class: that of samples which have none, for a loss that ignores it
//
// A template of the types of its values and labels, float and int32_t, so that a program compiles those of its functions
// that it calls.
//
// Cost    4 bytes a value. select, take and split copy.
// Errors  check() and everything that gets a bad index throw tessera::error.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <tessera/data/epoch_order.hpp>
#include <tessera/data/image_extents.hpp>
#include <tessera/error/error.hpp>
#include <utility>
#include <vector>

namespace tessera {

template <class Value, class Label> struct basic_dataset {
    std::vector<Value> images;
    std::vector<Label> labels;
    image_extents extents;
    std::vector<std::string> class_names;
    std::optional<Label> ignored{};

    std::size_t size() const { return labels.size(); }
    std::size_t classes() const { return class_names.size(); }

    std::span<const Value> image(std::size_t i) const {
        check_index(i);
        return std::span(images).subspan(i * extents.size(), extents.size());
    }
    std::span<Value> image(std::size_t i) {
        check_index(i);
        return std::span(images).subspan(i * extents.size(), extents.size());
    }

    // Throws unless sizes agree and every label names a class or is the ignored one; `place` opens the message.
    void check(const std::string& place) const {
        if (extents.size() == 0) throw error(place, "images of at least one value", to_string(extents));
        if (images.size() / extents.size() != size() || images.size() % extents.size() != 0)
            throw error(place, detail::sentence(size(), " images of ", to_string(extents), ", one a label"),
                        detail::sentence(images.size(), " values"));
        for (std::size_t i = 0; i < size(); ++i)
            if (labels[i] != ignored && (labels[i] < 0 || static_cast<std::size_t>(labels[i]) >= classes()))
                throw error(detail::sentence(place, ", sample ", i), detail::sentence("a label in ", label_range()),
                            detail::sentence(labels[i]));
    }

    // The samples at these positions, in this order; a position may be repeated.
    basic_dataset select(std::span<const std::size_t> positions) const {
        basic_dataset part{{}, {}, extents, class_names, ignored};
        part.images.reserve(positions.size() * extents.size());
        part.labels.reserve(positions.size());
        for (const std::size_t i : positions) {
            const std::span<const Value> pixels = image(i);
            part.images.insert(part.images.end(), pixels.begin(), pixels.end());
            part.labels.push_back(labels[i]);
        }
        return part;
    }

    // The first `count` samples, or all when there are fewer.
    basic_dataset take(std::size_t count) const {
        const std::size_t taken = std::min(count, size());
        basic_dataset part{{}, {}, extents, class_names, ignored};
        part.images.assign(images.begin(), images.begin() + static_cast<std::ptrdiff_t>(taken * extents.size()));
        part.labels.assign(labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(taken));
        return part;
    }

    // Positions 0 .. size() - 1 in an order that depends on the seed and the epoch alone.
    std::vector<std::size_t> shuffled(std::uint64_t seed, std::uint32_t epoch = 0) const {
        return detail::shuffled_positions(size(), seed, epoch);
    }

    // Two disjoint random parts that make up the whole; the first has round(fraction * size()) samples.
    std::pair<basic_dataset, basic_dataset> split(double fraction, std::uint64_t seed) const {
        const std::size_t first = detail::part_of(size(), fraction, "dataset::split");
        const std::vector<std::size_t> order = shuffled(seed);
        return {select({order.data(), first}), select({order.data() + first, order.size() - first})};
    }

  private:
    std::string label_range() const {
        return classes() == 0 ? "an empty set of classes" : detail::sentence("0..", classes() - 1);
    }

    void check_index(std::size_t i) const {
        if (i >= size() || (i + 1) * extents.size() > images.size())
            throw error("dataset::image", detail::sentence("a position below ", size()), detail::sentence(i));
    }
};

using dataset = basic_dataset<float, std::int32_t>;

}  // namespace tessera
