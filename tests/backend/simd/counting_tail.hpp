// counting_tail: a tail that counts how often it sees each result, and adds one to it: that shows whether the result
// was final when the tail came.
#pragma once
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <tessera/backend/simd/tail.hpp>
#include <vector>

namespace tests {

template <class T> class counting_tail {
  public:
    counting_tail(std::size_t size, T* results) : seen_(size), results_(results) {}

    tessera::detail::simd::tail get() { return {run, this}; }
    int seen(std::size_t i) const { return seen_[i]; }
    void expect_once() const {
        for (std::size_t i = 0; i < seen_.size(); ++i) ASSERT_EQ(seen_[i], 1) << "tail at " << i;
    }

  private:
    static void run(const void* context, std::ptrdiff_t offset, int rows, std::ptrdiff_t stride, int columns) noexcept {
        auto* self = static_cast<counting_tail*>(const_cast<void*>(context));
        for (int r = 0; r < rows; ++r)
            for (int c = 0; c < columns; ++c) {
                const std::ptrdiff_t i = offset + r * stride + c;
                ++self->seen_[static_cast<std::size_t>(i)];
                self->results_[i] += T(1);
            }
    }

    std::vector<std::atomic<int>> seen_;
    T* results_;
};

}  // namespace tests
