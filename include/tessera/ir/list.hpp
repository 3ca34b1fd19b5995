// list: a growing array, what std::vector is to the passes.
//
// They are constant evaluation, where a compiler remembers each call that it makes, and every program compiles them:
// this makes one call where std::vector makes several, and there is less of it to instantiate for each type of elements.
// Members are those of std::vector; elements are made by their default, then assigned. Nothing is checked.
#pragma once
#include <cstddef>
#include <initializer_list>

namespace tessera::detail {

template <class T> class list {
  public:
    using value_type = T;

    constexpr list() = default;
    constexpr explicit list(std::size_t count, const T& x = T()) { resize(count, x); }
    constexpr list(const T* first, const T* last) { append(first, last); }
    constexpr list(std::initializer_list<T> of) : list(of.begin(), of.end()) {}
    constexpr list(const list& other) : list(other.begin(), other.end()) {}
    constexpr list(list&& other) noexcept : at_(other.at_), size_(other.size_), capacity_(other.capacity_) {
        other.at_ = nullptr;
        other.size_ = other.capacity_ = 0;
    }
    constexpr list& operator=(list other) noexcept {
        swap(other);
        return *this;
    }
    constexpr ~list() { delete[] at_; }

    constexpr std::size_t size() const { return size_; }
    constexpr int count() const { return static_cast<int>(size_); }
    constexpr bool empty() const { return size_ == 0; }
    constexpr const T* data() const { return at_; }
    constexpr T* data() { return at_; }
    constexpr const T* begin() const { return at_; }
    constexpr T* begin() { return at_; }
    constexpr const T* end() const { return at_ + size_; }
    constexpr T* end() { return at_ + size_; }
    constexpr const T& operator[](std::size_t i) const { return at_[i]; }
    constexpr T& operator[](std::size_t i) { return at_[i]; }
    constexpr const T& operator[](int i) const { return at_[i]; }
    constexpr T& operator[](int i) { return at_[i]; }
    constexpr const T& front() const { return at_[0]; }
    constexpr T& front() { return at_[0]; }
    constexpr const T& back() const { return at_[size_ - 1]; }
    constexpr T& back() { return at_[size_ - 1]; }

    constexpr bool operator==(const list& other) const {
        bool same = size_ == other.size_;
        for (std::size_t i = 0; same && i < size_; ++i) same = at_[i] == other.at_[i];
        return same;
    }

    constexpr void push_back(const T& x) {
        T* const before = size_ == capacity_ ? move_to(2 * capacity_ + 8) : nullptr;
        at_[size_++] = x;
        delete[] before;  // x may be in it
    }
    constexpr T& emplace_back() {
        push_back(T());
        return back();
    }
    constexpr void pop_back() { --size_; }
    constexpr void append(const T* first, const T* last) {
        const std::size_t count = static_cast<std::size_t>(last - first);
        if (size_ + count > capacity_) reserve(size_ + count);
        for (std::size_t i = 0; i < count; ++i) at_[size_ + i] = first[i];
        size_ += count;
    }
    // room for more of them at the end, to be written
    constexpr T* extend(int count) {
        const std::size_t now = size_ + static_cast<std::size_t>(count);
        if (now > capacity_) reserve(2 * capacity_ + now);
        T* const first = at_ + size_;
        size_ = now;
        return first;
    }
    constexpr void insert(T* where, const T* first, const T* last) {
        const std::size_t from = static_cast<std::size_t>(where - at_), count = static_cast<std::size_t>(last - first);
        resize(size_ + count);
        for (std::size_t i = size_; i-- > from + count;) at_[i] = at_[i - count];
        for (std::size_t i = 0; i < count; ++i) at_[from + i] = first[i];
    }
    constexpr void assign(const T* first, const T* last) {
        clear();
        append(first, last);
    }
    constexpr void assign(std::size_t count, const T& x) {
        clear();
        resize(count, x);
    }
    constexpr void resize(std::size_t count, const T& x = T()) {
        if (count > capacity_) reserve(count);
        for (std::size_t i = size_; i < count; ++i) at_[i] = x;
        size_ = count;
    }
    constexpr void clear() { size_ = 0; }
    constexpr void reserve(std::size_t capacity) {
        if (capacity > capacity_) delete[] move_to(capacity);
    }
    constexpr void swap(list& other) noexcept {
        T* const at = at_;
        const std::size_t size = size_, capacity = capacity_;
        at_ = other.at_;
        size_ = other.size_;
        capacity_ = other.capacity_;
        other.at_ = at;
        other.size_ = size;
        other.capacity_ = capacity;
    }

  private:
    // returns the array before
    constexpr T* move_to(std::size_t capacity) {
        T *const before = at_, *const larger = new T[capacity];
        for (std::size_t i = 0; i < size_; ++i) larger[i] = before[i];
        at_ = larger;
        capacity_ = capacity;
        return before;
    }

    T* at_ = nullptr;
    std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace tessera::detail
