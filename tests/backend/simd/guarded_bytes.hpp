// guarded_bytes: room for a kernel, aligned, between two guards that show whether it wrote beside it.
#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>

namespace tests {

class guarded_bytes {
  public:
    explicit guarded_bytes(std::size_t size) : size_(size), bytes_(new std::byte[size + 3 * line]) {
        void* p = bytes_.get() + line;
        std::size_t room = size + 2 * line;
        start_ = static_cast<std::byte*>(std::align(line, size + line, p, room));
        std::fill(bytes_.get(), bytes_.get() + size + 3 * line, guard);
    }
    std::byte* get() { return start_; }
    bool intact() const {
        const auto is_guard = [](std::byte b) { return b == guard; };
        const std::byte *begin = bytes_.get(), *start = start_;
        return std::all_of(begin, start, is_guard) && std::all_of(start + size_, start + size_ + line, is_guard);
    }

  private:
    static constexpr std::size_t line = 64;
    static constexpr std::byte guard{0x5a};
    std::size_t size_;
    std::unique_ptr<std::byte[]> bytes_;
    std::byte* start_;
};

}  // namespace tests
