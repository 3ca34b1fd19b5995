// call: one operation applied to memory, as its reference implementation sees it.
//
// A reference implementation is cut into items that do not touch each other's results (an output element, a
// row): a single thread walks through them all, the threads of a device block share them out.
#pragma once
#include <cstdint>
#include <tessera/ir/node.hpp>
#include <type_traits>

namespace tessera::detail {

template <class T> struct call {
    graph_view graph;
    const node* self = nullptr;
    const T* const* x = nullptr;                 // by argument; null for numbers and indices
    const std::int32_t* const* index = nullptr;  // by argument that is not real; of narrow ones see stored
    T* y = nullptr;
    std::int32_t* index_y = nullptr;  // where the result is not real: see put
    T* const* further = nullptr;      // results after the first: see result
    std::int32_t* const* index_further = nullptr;
    const T* packed = nullptr;  // an argument in the order of the backend, where that was made before calls
    T* room = nullptr;          // of its own, where the operation asked for it and the backend gives it
    int count = 1;              // samples in this batch, at most the capacity
    std::uint64_t seed = 0;     // of this step's random numbers
    int iteration = 0;          // of the loop around: which element of a sequence is the item
    bool first = true;          // whether it is the first that runs

    constexpr const node& argument(int k) const { return graph.operand(*self, k); }
    template <class Attributes> constexpr Attributes attributes() const { return graph.attributes<Attributes>(*self); }
    constexpr bool sums_batch() const { return graph.sums_batch(*self); }
    constexpr int samples() const { return self->batched ? count : 1; }
    constexpr int elements() const { return samples() * self->shape.size(); }
    // Where result `which` of several goes, from the second on; null where nothing reads it. So y is then.
    constexpr T* result(int which) const { return further == nullptr ? nullptr : further[which - 1]; }
    constexpr std::int32_t* index_result(int which) const {
        return index_further == nullptr ? nullptr : index_further[which - 1];
    }
    // where a sample of an argument begins
    constexpr int origin(int k, int sample) const {
        const node& a = argument(k);
        return a.batched ? sample * a.shape.size() : 0;
    }
    // Element i of an argument that is not real, and of the result: a whole number, or the bits of a small real one. While
    // compiling all have the room of an int32.
    constexpr std::int32_t stored(int k, int i) const {
        const std::int32_t* const p = index[k];
        if (argument(k).type == element::int32 || std::is_constant_evaluated()) return p[i];
        return with_tag(argument(k).type, [&](auto tag) {
            return static_cast<std::int32_t>(reinterpret_cast<const typename decltype(tag)::stored*>(p)[i]);
        });
    }
    constexpr void put(int i, std::int32_t number) const {
        if (self->type == element::int32 || std::is_constant_evaluated()) {
            index_y[i] = number;
            return;
        }
        with_tag(self->type, [&](auto tag) {
            using stored_number = typename decltype(tag)::stored;
            reinterpret_cast<stored_number*>(index_y)[i] = static_cast<stored_number>(number);
        });
    }
};

// f(call) of an operation that moves elements of whatever type, as one of numbers of their size
template <class Number, class T>
constexpr call<Number> moving_call(const call<T>& c, const Number* const* x, Number* y) {
    call<Number> w;
    w.graph = c.graph;
    w.self = c.self;
    w.x = x;
    w.index = c.index;
    w.y = y;
    w.count = c.count;
    w.iteration = c.iteration;
    w.first = c.first;
    return w;
}
template <class Number, class T, class F> void move_as(const call<T>& c, F f) {
    const Number* x[max_arguments];
    for (int k = 0; k < c.self->argument_count; ++k) x[k] = reinterpret_cast<const Number*>(c.index[k]);
    f(moving_call(c, x, reinterpret_cast<Number*>(c.index_y)));
}
// of rows of bits: of words, which the nodes that f sees have for elements
template <class T, class F> constexpr void move_words(const call<T>& c, F f) {
    node nodes[max_arguments + 1];
    int arguments[max_arguments + 1] = {};
    for (int k = 0; k <= c.self->argument_count; ++k) {
        node& n = nodes[k];
        n = k < c.self->argument_count ? c.argument(k) : *c.self;
        n.shape = stored_shape(n);
        arguments[k] = k;
    }
    node& self = nodes[c.self->argument_count];
    self.first_argument = 0;
    auto w = moving_call(c, c.index, c.index_y);
    w.graph.nodes = nodes;
    w.graph.arguments = arguments;
    w.self = &self;
    f(w);
}
template <class T, class F> constexpr void with_moving_call(const call<T>& c, F f) {
    if (c.self->type == element::bit) return move_words(c, f);
    const int bytes = stored_bytes(c.self->type);
    if (bytes == 4 || std::is_constant_evaluated()) return f(moving_call(c, c.index, c.index_y));
    if (bytes == 2) return move_as<std::uint16_t>(c, f);
    move_as<std::uint8_t>(c, f);
}

}  // namespace tessera::detail
