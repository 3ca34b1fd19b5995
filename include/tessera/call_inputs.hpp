// The inputs of a call: ranges of the caller become pointers, after their sizes, types and indices are checked.
//
// Errors  compile time: another number of ranges, elements of another type. Run time: a wrong size or an index outside
//         its table stops the program with a message.
#pragma once
#include <concepts>
#include <iterator>
#include <memory>
#include <tessera/contract.hpp>
#include <tessera/output_view.hpp>
#include <tessera/program.hpp>
#include <type_traits>

namespace tessera {

template <class Range, class T>
concept contiguous_of = requires(const Range& r) {
    { std::size(r) } -> std::convertible_to<std::size_t>;
    requires std::contiguous_iterator<decltype(std::begin(r))>;
    requires std::same_as<std::iter_value_t<decltype(std::begin(r))>, T>;
};

namespace calls {

// binds one input; returns the number of samples, which is that of its size
template <class Program, int Slot, class T, class Range> constexpr int bind_input(memory<T>& m, const Range& range) {
    constexpr bool real = Program::graph.inputs[Slot].type == element::real;
    constexpr bool fits = real ? contiguous_of<Range, T> : contiguous_of<Range, std::int32_t>;
    static_assert(!real || fits, "tessera: a real input is a contiguous range of the model's real type");
    static_assert(real || fits, "tessera: an int32 input is a contiguous range of std::int32_t");
    if constexpr (fits) {
        constexpr int sample = Program::graph.inputs[Slot].shape.size();
        const auto size = static_cast<long>(std::size(range));
        require(size % sample == 0, "input of a model", "whole samples", size);
        const auto* const data = std::to_address(std::begin(range));  // data() of a view may be its container's
        if constexpr (real)
            m.real_inputs[Slot] = data;
        else
            m.index_inputs[Slot] = data;
        return static_cast<int>(size / sample);
    }
    return 0;
}

// the number of rows that an int32 input may choose from; 0 where nothing gathers by it
template <class Graph> constexpr int index_limit(const Graph& g, int slot) {
    int limit = 0;
    for (int i = 0; i < g.node_count; ++i) {
        const node& n = g.nodes[i];
        if (n.kind != op::gather && n.kind != op::one_hot) continue;
        int from = n.args[n.kind == op::gather];
        while (g.nodes[from].kind == op::reshape) from = g.nodes[from].args[0];
        if (g.nodes[from].kind != op::input || g.nodes[from].slot != slot) continue;
        const int rows = n.kind == op::gather ? g.nodes[n.args[0]].shape[0] : n.shape[-1];
        if (limit == 0 || rows < limit) limit = rows;
    }
    return limit;
}

template <class Program, int Slot, class T> constexpr void require_indices(const memory<T>& m) {
    constexpr int limit = index_limit(Program::graph, Slot);
    if constexpr (limit > 0) {
        const long n = static_cast<long>(m.count) * Program::graph.inputs[Slot].shape.size();
        for (long i = 0; i < n; ++i)
            require(m.index_inputs[Slot][i] >= 0 && m.index_inputs[Slot][i] < limit, "int32 input of a model",
                    "indices inside the table, at", i);
    }
}

template <class Program, class T, class... Range> constexpr void bind_inputs(memory<T>& m, const Range&... range) {
    constexpr bool all = sizeof...(Range) == static_cast<std::size_t>(Program::graph.input_count);
    static_assert(Program::failed || all,
                  "tessera: a call needs one range for each input of the network, then one for each of the loss");
    if constexpr (!Program::failed && all)
        [&]<int... Slot>(std::integer_sequence<int, Slot...>) {
            const int counts[] = {bind_input<Program, Slot>(m, range)...};
            m.count = counts[0];
            for (int count : counts)
                require(count == m.count, "input of a model", "as many samples as in the first input", count);
            require(m.count >= 1 && m.count <= Program::capacity, "input of a model", "1 sample to the batch capacity",
                    m.count);
            (require_indices<Program, Slot>(m), ...);
        }(std::make_integer_sequence<int, static_cast<int>(sizeof...(Range))>{});
}

template <class Program, class T> constexpr output_view<std::remove_const_t<T>> view_of(const memory<T>& m, int id) {
    const node& n = Program::graph.nodes[id];
    return {address(m, Program::places.at[id]), n.shape, n.batched ? m.count : 1};
}

}  // namespace calls

}  // namespace tessera
