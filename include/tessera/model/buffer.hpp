// buffer: zeroed, aligned memory of a size known when compiling; Heap says where it lives.
#pragma once
#include <algorithm>
#include <cstddef>
#include <new>
#include <utility>

namespace tessera::detail {

template <class T, long Size, bool Heap> class buffer;

template <class T, long Size> class buffer<T, Size, false> {
  public:
    constexpr T* data() { return data_; }
    constexpr const T* data() const { return data_; }

  private:
    alignas(64) T data_[Size > 0 ? Size : 1] = {};
};

template <class T, long Size> class buffer<T, Size, true> {
  public:
    buffer() : data_(static_cast<T*>(::operator new(bytes, alignment))) {
        for (std::size_t i = 0; i < length; ++i) ::new (static_cast<void*>(data_ + i)) T(0);
    }
    // what was moved from has no memory until something is assigned to it; a copy of it has none either
    buffer(const buffer& other) : data_(nullptr) { *this = other; }
    buffer(buffer&& other) noexcept : data_(std::exchange(other.data_, nullptr)) {}
    ~buffer() { ::operator delete(data_, alignment); }
    buffer& operator=(const buffer& other) {
        if (!other.data_) {
            *this = buffer(nullptr);
        } else {
            if (!data_) *this = buffer();
            std::copy_n(other.data(), length, data());
        }
        return *this;
    }
    buffer& operator=(buffer&& other) noexcept {
        std::swap(data_, other.data_);
        if (this != &other) ::operator delete(std::exchange(other.data_, nullptr), alignment);
        return *this;
    }
    T* data() { return data_; }
    const T* data() const { return data_; }
    // without memory, as what was moved from
    static buffer none() noexcept { return buffer(nullptr); }

  private:
    static constexpr std::align_val_t alignment{64};
    static constexpr std::size_t length = Size > 0 ? static_cast<std::size_t>(Size) : 1, bytes = length * sizeof(T);
    explicit buffer(std::nullptr_t) noexcept : data_(nullptr) {}

    T* data_;
};

}  // namespace tessera::detail
