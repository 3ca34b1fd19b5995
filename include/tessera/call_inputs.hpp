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

template <class Graph, class T, class Range>
constexpr int bind_range(const Graph& g, memory<T>& m, int slot, const Range& range) {
    const input_info& input = g.inputs[slot];
    const int sample = input.shape.size();
    const auto size = static_cast<long>(std::size(range));
    require(size % sample == 0, "input of a model", "whole samples", size);
    if constexpr (contiguous_of<Range, T>) {
        require(input.type == element::real, "input of a model", "int32 elements for this input", slot);
        m.real_inputs[slot] = std::to_address(std::begin(range));  // data() of a view may be its container's
    } else {
        require(input.type == element::int32, "input of a model", "real elements for this input", slot);
        m.index_inputs[slot] = std::to_address(std::begin(range));
    }
    return static_cast<int>(size / sample);
}

// binds one input; the number of samples is that of its size
template <class Graph, class T, class Range>
constexpr int bind_input(const Graph& g, memory<T>& m, int slot, const Range& range) {
    constexpr bool good = contiguous_of<Range, T> || contiguous_of<Range, std::int32_t>;
    static_assert(good, "tessera: an input is a contiguous range of the model's real type or of std::int32_t");
    if constexpr (good)
        return bind_range(g, m, slot, range);
    else
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

// the first index outside its table, or -1
template <class Program, int Slot, class T> constexpr long first_bad_index(const memory<T>& m) {
    constexpr int limit = index_limit(Program::graph, Slot);
    const long n = static_cast<long>(m.count) * Program::graph.inputs[Slot].shape.size();
    if constexpr (limit > 0)
        for (long i = 0; i < n; ++i)
            if (m.index_inputs[Slot][i] < 0 || m.index_inputs[Slot][i] >= limit) return i;
    return -1;
}

template <class Program, class T, class... Range> constexpr void bind_inputs(memory<T>& m, const Range&... range) {
    static_assert(Program::failed || sizeof...(Range) == static_cast<std::size_t>(Program::graph.input_count),
                  "tessera: a call needs one range for each input of the network, then one for each of the loss");
    int slot = 0;
    bool first = true;
    const auto bind = [&](const auto& r) {
        const int count = bind_input(Program::graph, m, slot++, r);
        if (first) m.count = count;
        require(count == m.count, "input of a model", "as many samples as in the first input", count);
        first = false;
    };
    (bind(range), ...);
    require(m.count >= 1 && m.count <= Program::capacity, "input of a model", "1 sample to the batch capacity",
            m.count);
    [&]<int... S>(std::integer_sequence<int, S...>) {
        ((Program::graph.inputs[S].type == element::int32
              ? require(first_bad_index<Program, S>(m) < 0, "int32 input of a model", "indices inside the table, at",
                        first_bad_index<Program, S>(m))
              : void()),
         ...);
    }(std::make_integer_sequence<int, Program::graph.input_count>{});
}

template <class Program, class T> constexpr output_view<std::remove_const_t<T>> view_of(const memory<T>& m, int id) {
    const node& n = Program::graph.nodes[id];
    return {address(m, Program::places.at[id]), n.shape, n.batched ? m.count : 1};
}

}  // namespace calls

}  // namespace tessera
