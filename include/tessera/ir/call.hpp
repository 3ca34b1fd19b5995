// call: one operation applied to memory, as its reference implementation sees it.
//
// A reference implementation is cut into items that do not touch each other's results (an output element, a
// row): a single thread walks through them all, the threads of a device block share them out.
#pragma once
#include <cstdint>
#include <tessera/ir/node.hpp>

namespace tessera::detail {

template <class T> struct call {
    graph_view graph;
    const node* self = nullptr;
    const T* const* x = nullptr;                 // by argument; null for numbers and indices
    const std::int32_t* const* index = nullptr;  // by argument of element int32; null where there is none
    T* y = nullptr;
    std::int32_t* index_y = nullptr;  // where the result is of element int32
    const T* packed = nullptr;  // the second argument in the order of the backend, where that was made before calls
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
    // where a sample of an argument begins
    constexpr int origin(int k, int sample) const {
        const node& a = argument(k);
        return a.batched ? sample * a.shape.size() : 0;
    }
};

// The same call of an operation that moves elements of whatever type, where they are whole numbers.
template <class T> constexpr call<std::int32_t> moving_indices(const call<T>& c) {
    call<std::int32_t> w;
    w.graph = c.graph;
    w.self = c.self;
    w.x = w.index = c.index;
    w.y = c.index_y;
    w.count = c.count;
    w.iteration = c.iteration;
    w.first = c.first;
    return w;
}

}  // namespace tessera::detail
