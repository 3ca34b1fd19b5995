// in_parts: a batch in inference as several calls of a program of fewer samples, one after another.
//
// A step of a large batch writes more than the caches hold, and the next one reads it from memory. Where each sample's
// result is its own, the same steps run for as many samples as stay near instead: of 32 images of 28 by 28 with 96
// channels, 8 at a time. The workspace then is that of the part; results are copied to a place of their own.
//
//   samples_at_once<Net, Backend, Real>(capacity)   the samples of a part, or the capacity: see there
//   in_parts<Program, Capacity>                     Program, as its callers see it: a call holds Capacity samples
//
// A sample's result does not depend on the number of threads, nor on the other samples; the order in which a product adds
// up may depend on how many samples a part has, and so the last bits.
#pragma once
#include <algorithm>
#include <cstring>
#include <tessera/call/output_view.hpp>
#include <tessera/program.hpp>
#include <type_traits>

namespace tessera::detail {

// Whether a sample's outputs are made of this sample alone, and nothing outlives the call.
template <class Table> constexpr bool has_samples_apart(const Table& t) {
    const graph_view g = t.view();
    for (int i = 0; i < t.node_count; ++i) {
        const node& n = g[i];
        if (n.kind == op::random || n.kind == op::store || n.kind == op::inverse_count || g.sums_batch(n)) return false;
    }
    for (int k = 0; k < t.output_count; ++k)
        if (!g[t.outputs[k]].batched) return false;
    return true;
}

// the most elements of a sample that an operation reads and writes
template <class Table> constexpr long most_elements_at_once(const Table& t) {
    const graph_view g = t.view();
    long most = 0;
    for (int i = 0; i < t.node_count; ++i) {
        const node& n = g[i];
        long here = n.batched ? n.shape.size() : 0;
        for (int k = 0; k < n.argument_count; ++k)
            if (const node& a = g.operand(n, k); a.batched) here += a.shape.size();
        most = std::max(most, here);
    }
    return most;
}

// of a sample's results, which are copied
template <class Table> constexpr long elements_of_outputs(const Table& t) {
    long sum = 0;
    for (int k = 0; k < t.output_count; ++k) sum += t.nodes[t.outputs[k]].shape.size();
    return sum;
}

inline constexpr int fewest_samples_at_once = 8;                 // products of fewer rows are slower
inline constexpr long most_parameter_bytes_in_parts = 4L << 20;  // each part reads all of them

// How many samples of the capacity run together: all, unless they are too large for the cache that the backend names,
// while parameters are few enough to be read again for each part, and results small enough to be copied.
template <class Net, class Backend, class Real> constexpr int samples_at_once(int capacity) {
    if constexpr (requires { Backend::cache_bytes; }) {
        constexpr const auto& table = Net::table;
        constexpr long number = static_cast<long>(sizeof(Real));
        if (capacity <= fewest_samples_at_once || table.failed ||
            Net::parameter_elements * number > most_parameter_bytes_in_parts || !has_samples_apart(table))
            return capacity;
        const long most_elements = std::max(1L, most_elements_at_once(table));
        const long fit = Backend::cache_bytes / (most_elements * number);
        if (fit >= capacity || 2 * elements_of_outputs(table) >= most_elements) return capacity;
        const int most = static_cast<int>(std::max<long>(fewest_samples_at_once, fit));
        const int parts = (capacity + most - 1) / most;
        return (capacity + parts - 1) / parts;  // about as many in each
    } else {
        return capacity;
    }
}

template <class Program, int Capacity> struct in_parts : Program {
    using real_type = typename Program::real_type;
    static constexpr int capacity = Capacity;
    static constexpr int outputs = Program::graph.output_count;

    // of a sample of an output
    static constexpr long bytes_of_output(int k) {
        const node& n = Program::graph.nodes[Program::graph.outputs[k]];
        return static_cast<long>(stored_size(n)) * bytes_of(n.type, static_cast<int>(sizeof(real_type)));
    }
    // where an output of the whole batch begins, in bytes of the workspace: behind that of the program
    static constexpr long place_of_output(int k) {
        long end = rounded_bytes(Program::workspace_bytes);
        for (int i = 0; i < k; ++i) end += rounded_bytes(bytes_of_output(i) * Capacity);
        return end;
    }
    static constexpr long workspace_bytes = place_of_output(outputs);

    static void run(const memory<real_type>& m) noexcept {
        for (int first = 0; first < m.count; first += Program::capacity) {
            memory<real_type> part = m;
            part.count = std::min(Program::capacity, m.count - first);
            for (int slot = 0; slot < Program::graph.input_count; ++slot) skip_samples(part, slot, first);
            Program::backend_type::template run<Program>(part);
            for (int k = 0; k < outputs; ++k) {
                const long bytes = bytes_of_output(k);
                std::memcpy(output(m, k) + bytes * first, made(m, k), static_cast<std::size_t>(bytes * part.count));
            }
        }
    }
    // an output of the whole batch
    template <element Type, class T> static auto view(const memory<T>& m, int k) {
        using number = typename stored_in_program<Type, real_type>::type;
        const node& n = Program::graph.nodes[Program::graph.outputs[k]];
        const void* const first = output(m, k);
        return output_view<number>(static_cast<const number*>(first), stored_shape(n), m.count);
    }

  private:
    static void skip_samples(memory<real_type>& m, int slot, int count) {
        const input_info& input = Program::graph.inputs[slot];
        node n;
        n.type = input.type;
        n.shape = input.shape;
        const long elements = static_cast<long>(stored_size(n)) * count;
        if (input.type == element::real) {
            m.real_inputs[slot] += elements;
        } else {
            const auto* const bytes = reinterpret_cast<const unsigned char*>(m.index_inputs[slot]) +
                                      elements * bytes_of(input.type, static_cast<int>(sizeof(real_type)));
            m.index_inputs[slot] = reinterpret_cast<const std::int32_t*>(bytes);
        }
    }
    template <class T> static auto* output(const memory<T>& m, int k) {
        using byte = std::conditional_t<std::is_const_v<T>, const unsigned char, unsigned char>;
        return reinterpret_cast<byte*>(m.workspace) + place_of_output(k);
    }
    static const void* made(const memory<real_type>& m, int k) {
        const int id = Program::graph.outputs[k];
        const placed& at = Program::places.at[id];
        return Program::graph.nodes[id].type == element::real ? static_cast<const void*>(address(m, at))
                                                              : index_address(m, at);
    }
};

}  // namespace tessera::detail
