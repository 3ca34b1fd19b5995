// node: one operation of a network's graph, a plain struct in an array. A node is a value, the result of its operation;
// its shape is that of one sample, and `batched` tells whether there is one such value a sample or one for all. What an
// operation makes beside its first result are nodes of kind `result`: see operations/result.hpp.
//
// Arguments and attributes are of any number: they stand in lists of the graph, and a node knows which part of them is
// its own. Attributes have a type for each operation, such as einsum_attributes; the list holds them as words.
#pragma once
#include <bit>
#include <tessera/ir/element.hpp>
#include <tessera/ir/extents.hpp>
#include <tessera/ir/operation.hpp>
#include <tessera/ir/scalar_function.hpp>

namespace tessera::detail {

struct node {
    op kind = op::constant;
    scalar_function function = scalar_function::identity;  // pointwise
    element type = element::real;
    bool batched = false;
    bool by_frame = false;  // looks along time, and has its layer in a stream do it from states: see frame_by_frame.hpp
    extents shape;
    int first_argument = 0, argument_count = 0;
    int first_word = 0, word_count = 0;  // of its attributes
    int scope = 0;                       // the application that made it
    int slot = -1;  // which input, parameter, state, number, result; where a store goes; the stream of random numbers

    constexpr bool is_real() const { return type == element::real; }
    constexpr bool is_floating() const { return type == element::real || type > element::bit; }
};

constexpr int words_of(int bits) { return (bits + 31) / 32; }

// What of a value stands in memory: its elements, or words of bits. Operations that move rows of bits see words.
constexpr extents stored_shape(const node& n) {
    extents e = n.shape;
    if (n.type == element::bit) e[-1] = words_of(e[-1]);
    return e;
}
// element k of rows of so many bits
constexpr bool bit_at(const std::int32_t* words, int row, int k) {
    const int a_row = words_of(row);
    return (static_cast<std::uint32_t>(words[k / row * a_row + k % row / 32]) >> (k % row % 32) & 1u) != 0;
}
constexpr void set_bit(std::int32_t* words, int row, int k, bool value) {
    std::int32_t& word = words[k / row * words_of(row) + k % row / 32];
    word = static_cast<std::int32_t>(static_cast<std::uint32_t>(word) | std::uint32_t{value} << (k % row % 32));
}
constexpr int stored_size(const node& n) { return n.type == element::bit ? stored_shape(n).size() : n.shape.size(); }

// what pointwise code is made of: functions of real numbers, and conversions between them and what they are stored as
constexpr bool is_pointwise(const node& n) {
    return n.kind == op::pointwise || n.kind == op::convert || n.kind == op::to_real;
}

// what pointwise code reads as it is, whatever its width: a floating-point constant of rank 0, and the reciprocal of how
// many samples there are. A constant with axes stands in memory.
constexpr bool is_number(const node& n) {
    return n.kind == op::inverse_count || (n.kind == op::constant && n.shape.rank == 0 && n.is_floating());
}

// The attributes of an operation as words. Their type has no gaps: it is made of ints, enumerations of the size of one,
// doubles and letters by fours, and flags are ints.
template <class Attributes> struct attribute_words {
    static constexpr int count = static_cast<int>(sizeof(Attributes) / sizeof(int));
    int of[count];

    static constexpr attribute_words pack(const Attributes& a) { return std::bit_cast<attribute_words>(a); }
    constexpr Attributes unpack() const { return std::bit_cast<Attributes>(*this); }
};

// The nodes of a graph, growing or frozen, and the lists that they have parts of. It stays valid until the graph grows.
struct graph_view {
    const node* nodes = nullptr;
    const int* arguments = nullptr;
    const int* words = nullptr;
    const double* numbers = nullptr;
    bool fixed_parameters = false;
    const bool* views = nullptr;  // by node: its elements are not one after another in memory of its own; see layout_of
    bool has_views = false;       // else `views` is none; g++'s undefined-behaviour sanitizer compares no pointers

    constexpr bool is_view(int i) const { return has_views && views[i]; }
    constexpr void set_views(const bool* by_node) {
        views = by_node;
        has_views = true;
    }
    constexpr const node& operator[](int i) const { return nodes[i]; }
    constexpr const int* arguments_of(const node& n) const { return arguments + n.first_argument; }
    constexpr int argument(const node& n, int k) const { return arguments[n.first_argument + k]; }
    constexpr const node& operand(const node& n, int k) const { return nodes[arguments[n.first_argument + k]]; }
    template <class Attributes> constexpr Attributes attributes(const node& n) const {
        attribute_words<Attributes> w{};
        for (int i = 0; i < w.count; ++i) w.of[i] = words[n.first_word + i];
        return w.unpack();
    }
    // of a constant: the first of its numbers, or that at a place
    constexpr double number(const node& n, int at = 0) const { return numbers[n.slot + at]; }
    constexpr bool is_number(const node& n, double wanted) const {
        return n.kind == op::constant && tessera::detail::is_number(n) && number(n) == wanted;
    }
    // in which width an operation is computed: that of its result, or of what whole numbers are made of
    constexpr element width_of(const node& n) const {
        if (n.is_floating()) return n.type;
        for (int k = 0; k < n.argument_count; ++k)
            if (const element e = operand(n, k).type; has_width(e)) return e;
        return element::real;
    }
    // whether an operation takes values of each sample to one for all
    constexpr bool sums_batch(const node& n) const {
        for (int k = 0; k < n.argument_count && !n.batched; ++k)
            if (operand(n, k).batched) return true;
        return false;
    }
};

// as many loops may stand inside one another: what a backend counts them with
inline constexpr int max_loop_depth = 8;

// the mark with which the loop begins that ends at `end`
constexpr int loop_begin(const node* nodes, int end) {
    int begin = end - 1;
    for (int depth = 1; depth > 0; --begin)
        depth += (nodes[begin].kind == op::loop_end) - (nodes[begin].kind == op::loop);
    return begin + 1;
}

// how many loops a node stands in
constexpr int loop_depth(const node* nodes, int i) {
    int depth = 0;
    for (int k = 0; k < i; ++k) depth += (nodes[k].kind == op::loop) - (nodes[k].kind == op::loop_end);
    return depth;
}

// by node: the mark of the innermost loop that it stands in, its own marks included; -1 outside
constexpr void find_loops(const node* nodes, int count, int* loop) {
    int open[max_loop_depth + 1] = {-1}, depth = 0;
    for (int i = 0; i < count; ++i) {
        if (nodes[i].kind == op::loop) open[++depth] = i;
        loop[i] = open[depth];
        if (nodes[i].kind == op::loop_end) --depth;
    }
}

struct loop_attributes {
    int length;
    int reversed;  // items come from the last to the first
    int repeats;   // the same again, and not one element of time after another
};

}  // namespace tessera::detail
