// values: several of them, side by side.
#pragma once
#include <tessera/ir/value.hpp>

namespace tessera {

// What fork returns, what a network of several inputs receives, and what a loop of several carries hands on.
struct values {
    static constexpr int capacity = 8;
    value list[capacity + 1] = {};  // one more, to tell of a mistake
    int count = 0;

    constexpr values() = default;
    constexpr values(std::initializer_list<value> items) {
        for (value v : items) push(v);
    }
    constexpr void push(value v) {
        if (count <= capacity)
            list[count++] = v;
        else if (v.owner != nullptr)
            reject(*v.owner, text("at most ") + capacity + std::string_view(" values in a list"), text("more"));
    }
    constexpr value operator[](int i) const { return list[i]; }
};

}  // namespace tessera
