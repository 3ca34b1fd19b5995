// buffer: zeroed, aligned memory of a size known when compiling; Heap says where it lives.
#pragma once
#include <algorithm>
#include <memory>
#include <new>

namespace tessera {

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
        std::uninitialized_fill_n(data_.get(), length, T(0));
    }
    // what was moved from has no memory until something is assigned to it; a copy of it has none either
    buffer(const buffer& other) : data_(nullptr) { *this = other; }
    buffer(buffer&&) noexcept = default;
    buffer& operator=(const buffer& other) {
        if (!other.data_) {
            data_.reset();
        } else {
            if (!data_) data_ = std::move(buffer().data_);
            std::copy_n(other.data(), length, data());
        }
        return *this;
    }
    buffer& operator=(buffer&&) noexcept = default;
    T* data() { return data_.get(); }
    const T* data() const { return data_.get(); }

  private:
    static constexpr std::align_val_t alignment{64};
    static constexpr std::size_t length = Size > 0 ? static_cast<std::size_t>(Size) : 1, bytes = length * sizeof(T);
    struct release {
        void operator()(T* p) const noexcept { ::operator delete(p, alignment); }
    };
    std::unique_ptr<T, release> data_;
};

}  // namespace tessera
