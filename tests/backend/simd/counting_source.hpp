// counting_source: an operand that is computed, and equal to one in memory; it counts how often each element is.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <tessera/backend/simd/copied_operand.hpp>
#include <vector>

namespace tests {

template <class T> class counting_source {
  public:
    counting_source(std::size_t size, const T* x) : x_(x), times_(size) {}

    tessera::detail::simd::copied_operand<T> get() const { return {&compute, this}; }
    // the most that any element was computed, and how often all of them were, in parts of their number
    int most() const {
        int n = 0;
        for (const auto& t : times_) n = std::max(n, t.load());
        return n;
    }
    double mean() const {
        double n = 0;
        for (const auto& t : times_) n += t.load();
        return n / static_cast<double>(times_.size());
    }
    bool inside() const { return inside_; }

  private:
    static void compute(const void* context, std::ptrdiff_t offset, int rows, std::ptrdiff_t stride, int columns, T* to,
                        std::ptrdiff_t pitch) noexcept {
        const auto& self = *static_cast<const counting_source*>(context);
        for (int r = 0; r < rows; ++r)
            for (int c = 0; c < columns; ++c) {
                const std::ptrdiff_t at = offset + r * stride + c;
                if (at < 0 || at >= static_cast<std::ptrdiff_t>(self.times_.size())) {
                    self.inside_ = false;
                    continue;
                }
                ++self.times_[static_cast<std::size_t>(at)];
                to[r * pitch + c] = self.x_[at];
            }
    }

    const T* x_;
    mutable std::vector<std::atomic<int>> times_;
    mutable std::atomic<bool> inside_ = true;
};

}  // namespace tests
