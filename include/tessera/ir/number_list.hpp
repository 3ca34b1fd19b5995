// number_list: a growing list of numbers, for constant evaluation. A compiler remembers each call that it evaluates;
// this makes one where std::vector makes several, and none to copy.
#pragma once

namespace tessera::detail {

template <class T> class number_list {
  public:
    constexpr number_list() = default;
    constexpr number_list(const T* from, int count) : number_list(from, count, count) {}
    // with room to grow
    constexpr number_list(const T* from, int count, int capacity) : size_(count), capacity_(capacity) {
        if (capacity == 0) return;
        at_ = new T[static_cast<unsigned>(capacity)];
        for (int i = 0; i < count; ++i) at_[i] = from[i];
    }
    constexpr number_list(const number_list& other) : number_list(other.at_, other.size_, other.size_) {}
    constexpr number_list(number_list&& other) noexcept
        : at_(other.at_), size_(other.size_), capacity_(other.capacity_) {
        other.at_ = nullptr;
        other.size_ = other.capacity_ = 0;
    }
    constexpr number_list& operator=(const number_list& other) {
        if (this != &other) *this = number_list(other);
        return *this;
    }
    constexpr number_list& operator=(number_list&& other) noexcept {
        delete[] at_;
        at_ = other.at_;
        size_ = other.size_;
        capacity_ = other.capacity_;
        other.at_ = nullptr;
        other.size_ = other.capacity_ = 0;
        return *this;
    }
    constexpr ~number_list() { delete[] at_; }

    constexpr int size() const { return size_; }
    constexpr const T* data() const { return at_; }
    constexpr T* data() { return at_; }
    constexpr T operator[](int i) const { return at_[i]; }
    constexpr T& operator[](int i) { return at_[i]; }

    constexpr void push_back(T x) {
        if (size_ == capacity_) grow(2 * capacity_ + 64);
        at_[size_++] = x;
    }
    // room for more of them at the end, to be written
    constexpr T* extend(int count) {
        if (size_ + count > capacity_) grow(2 * capacity_ + count + 64);
        T* const first = at_ + size_;
        size_ += count;
        return first;
    }
    constexpr void clear() { size_ = 0; }

  private:
    constexpr void grow(int capacity) {
        T* const larger = new T[static_cast<unsigned>(capacity)];
        for (int i = 0; i < size_; ++i) larger[i] = at_[i];
        delete[] at_;
        at_ = larger;
        capacity_ = capacity;
    }

    T* at_ = nullptr;
    int size_ = 0, capacity_ = 0;
};

}  // namespace tessera::detail
