// output_view: what a call returns, the samples' values of one output, in the model's own memory.
#pragma once
#include <span>
#include <tessera/contract.hpp>
#include <tessera/ir/extents.hpp>

namespace tessera {

template <class T> struct output_view : std::span<const T> {
    extents sample;  // of one sample
    int count = 1;   // samples

    constexpr output_view(const T* data, const extents& e, int samples)
        : std::span<const T>(data, static_cast<std::size_t>(e.size()) * static_cast<std::size_t>(samples)),
          sample(e),
          count(samples) {}
    constexpr std::span<const T> of_sample(int i) const {
        require(i >= 0 && i < count, "result of a call", "the number of a sample in it", i);
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
