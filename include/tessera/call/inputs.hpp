// The inputs of a call: ranges of the caller become pointers, after their sizes, types and indices are checked.
//
// Errors  compile time: this_call_does_not_fit<...> for another number of ranges, elements of another type, an array
//         that is no whole number of samples or holds more than the capacity. Run time: the same of other ranges, or an
//         index outside its table, or the model's own memory as an input, stops the program with a message.
#pragma once
#include <cstdint>
#include <tessera/call/check.hpp>
#include <tessera/call/output_view.hpp>
#include <tessera/error/contract.hpp>

namespace tessera::detail {

namespace calls {

// what an int32 input may hold: the numbers below `rows`, 0 where nothing gathers or adds up by it, and one that all
// ignore
struct index_range {
    int rows = 0;
    bool may_be_ignored = false;
    long ignored = 0;

    constexpr bool contains(long index) const {
        return (index >= 0 && index < rows) || (may_be_ignored && index == ignored);
    }
};

template <class Graph> constexpr index_range range_of_index(const Graph& g, int slot) {
    index_range r;
    const graph_view view = g.view();
    for (int i = 0; i < g.node_count; ++i) {
        const node& n = view[i];
        int rows = 0;
        one_hot_attributes own{};
        switch (n.kind) {
            case op::gather: rows = view.operand(n, 0).shape[0]; break;
            case op::scatter_add: rows = n.shape[0]; break;
            case op::take_along:
            case op::add_along: {
                const auto along = view.attributes<take_along_attributes>(n);
                rows = (n.kind == op::add_along ? n : view.operand(n, 0)).shape.size_of[along.axis];
                own = {along.ignores, along.ignored};
                break;
            }
            case op::one_hot:
                rows = n.shape[-1];
                own = view.attributes<one_hot_attributes>(n);
                break;
            default: continue;
        }
        bool selects = false;
        for_inputs_of(view, view.argument(n, n.kind == op::one_hot ? 0 : 1),
                      [&](int input) { selects = selects || input == slot; });
        if (!selects) continue;
        const bool first = r.rows == 0;
        if (first || rows < r.rows) r.rows = rows;
        r.may_be_ignored = own.ignores != 0 && (first || (r.may_be_ignored && r.ignored == own.ignored));
        r.ignored = own.ignored;
    }
    return r;
}

// Whether a range shares elements with a buffer. In a constant evaluation pointers into different arrays are not
// ordered, only equal or not.
template <class T> constexpr bool overlaps(const T* data, long size, const T* buffer, long length) {
    if (size <= 0 || length <= 0) return false;
    if (std::is_constant_evaluated()) {
        for (long i = 0; i < length; ++i)
            if (data == buffer + i) return true;
        return false;
    }
    const auto address = [](const T* p) { return reinterpret_cast<std::uintptr_t>(p); };
    return address(data) < address(buffer + length) && address(buffer) < address(data + size);
}

struct bound_input {
    int count = 0;  // of samples
    long elements = 0;
    index_range indices;
    const char* place = "";
};

template <class Program, int Slot, class T, class Range>
constexpr bound_input bind_input(memory<T>& m, const Range& range) {
    using input = input_of_call<Program, Slot>;
    if constexpr (checked_argument<Program, Slot, Range>::of_its_type) {
        const auto size = static_cast<long>(std::size(range)), samples = size / input::sample;
        require(size % input::sample == 0, input::place.letters, input::whole_samples.letters, size);
        require(samples >= 1 && samples <= Program::capacity, input::place.letters, input::count.letters, samples);
        const auto* const data = &*std::begin(range);  // data() of a view may be its container's
        if constexpr (input::info.type == element::real) {
            constexpr long workspace = Program::workspace_bytes / static_cast<long>(sizeof(T));
            const bool own = overlaps<T>(data, size, m.workspace, workspace) ||
                             overlaps<T>(data, size, m.states, Program::state_elements);
            require(!own, input::place.letters, "memory that the call does not write",
                    "the model's own; copy the earlier result first");
            m.real_inputs[Slot] = data;
        } else if constexpr (input::info.type == element::int32) {
            m.index_inputs[Slot] = data;
        } else {
            m.index_inputs[Slot] = reinterpret_cast<const std::int32_t*>(data);  // of narrow numbers: see call::stored
        }
        constexpr index_range indices = range_of_index(Program::graph, Slot);
        return {static_cast<int>(samples), size, indices, input::place.letters};
    }
    return {};
}

template <class Program, class T, class... Range> constexpr void bind_inputs(memory<T>& m, const Range&... range) {
    constexpr int inputs = sizeof...(Range);
    if constexpr (!checked_call<Program, inputs>::failed && !Program::failed) {
        bound_input bound[inputs] = {};
        [&]<int... Slot>(std::integer_sequence<int, Slot...>) {
            ((bound[Slot] = bind_input<Program, Slot>(m, range)), ...);
        }(std::make_integer_sequence<int, inputs>{});
        m.count = bound[0].count;
        for (int slot = 0; slot < inputs; ++slot) {
            const auto& [count, elements, indices, place] = bound[slot];
            require(count == m.count, place, "as many samples as in the first input", count);
            for (long i = 0; indices.rows > 0 && i < elements; ++i)
                if (const long index = m.index_inputs[slot][i]; !indices.contains(index))
                    require_index(index, indices.rows, place, i);
        }
    }
}

template <class Program, class T> constexpr output_view<std::remove_const_t<T>> view_of(const memory<T>& m, int id) {
    const node& n = Program::graph.nodes[id];
    return {address(m, Program::places.at[id]), n.shape, n.batched ? m.count : 1};
}
template <class Program, class T> constexpr output_view<std::int32_t> index_view_of(const memory<T>& m, int id) {
    const node& n = Program::graph.nodes[id];
    return {index_address(m, Program::places.at[id]), stored_shape(n), n.batched ? m.count : 1};
}
// of whatever element
template <class Program, element Type, class T> constexpr auto view_of_element(const memory<T>& m, int id) {
    if constexpr (Type == element::real) {
        return view_of<Program>(m, id);
    } else if constexpr (Type == element::int32) {
        return index_view_of<Program>(m, id);
    } else {
        using number = typename decltype(tag_of<Type>())::stored;
        const node& n = Program::graph.nodes[id];
        const placed& at = Program::places.at[id];
        const void* const bytes =
            at.where == memory_space::state  // of a width; its offset is in the program's own numbers
                ? static_cast<const void*>(address(m, at))
                : index_address(m, at);
        const auto* const bits = static_cast<const number*>(bytes);
        return output_view<number>(bits, stored_shape(n), n.batched ? m.count : 1);
    }
}

}  // namespace calls

}  // namespace tessera::detail
