// text: a short string that constexpr code may build, compare and store, and that a type may carry.
//
// `text` is for building (names, paths, messages; longer input is cut at its capacity), `fixed_text<N>`
// is the structural form for template arguments: named<"stage1">(f).
#pragma once
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace tessera {

struct text {
    static constexpr int capacity = 62;
    char letters[capacity + 2] = {};
    int length = 0;

    constexpr text() = default;
    constexpr text(std::string_view s) { *this += s; }
    constexpr text(const char* s) : text(std::string_view(s)) {}

    constexpr std::string_view view() const { return {letters, static_cast<std::size_t>(length)}; }
    constexpr bool empty() const { return length == 0; }
    constexpr bool operator==(const text& other) const { return view() == other.view(); }

    // (calls: in line they would be most of what a message's code is)
    [[gnu::noinline]] constexpr text& operator+=(std::string_view s) {
        for (char c : s)
            if (length < capacity) letters[length++] = c;
        return *this;
    }
    template <class Number>
        requires std::is_integral_v<Number>
    constexpr text& operator+=(Number number) {
        char digits[20] = {};
        int n = 0;
        auto rest = number < 0 ? -static_cast<unsigned long long>(number) : static_cast<unsigned long long>(number);
        do digits[n++] = static_cast<char>('0' + rest % 10);
        while ((rest /= 10) != 0);
        if (number < 0) digits[n++] = '-';
        while (n > 0 && length < capacity) letters[length++] = digits[--n];
        return *this;
    }
    // one more of a list: "a, b"
    constexpr void add_item(std::string_view item) {
        if (!empty()) *this += ", ";
        *this += item;
    }
    template <class Part> friend constexpr text operator+(text left, const Part& right) {
        if constexpr (requires { right.view(); })
            left += right.view();
        else
            left += right;
        return left;
    }
};

template <std::size_t N> struct fixed_text {
    char letters[N] = {};
    constexpr fixed_text() = default;
    constexpr fixed_text(const char (&s)[N]) {
        for (std::size_t i = 0; i < N; ++i) letters[i] = s[i];
    }
    constexpr std::string_view view() const { return {letters, N - 1}; }
    constexpr bool operator==(const fixed_text&) const = default;
};

}  // namespace tessera
