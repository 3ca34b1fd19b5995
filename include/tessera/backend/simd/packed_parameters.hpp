// packed_parameters: the weights of a program's products and convolutions in the order in which their kernels read them,
// made once, where the program's parameters are fixed, beside the results of steps that run before calls. Each step has its own; the order does not depend on the number of
// samples, and sums are the same, bit for bit, as from weights that are packed in the call.
#pragma once
#include <tessera/backend/simd/kernel.hpp>

namespace tessera::detail::simd {

// where each step's begin, in lines of the program's packed memory; -1 where it has none
template <class Program> struct places_of_packed {
    int line[Program::steps + 1] = {};
    long bytes = 0;
};

template <class Program, class Arch>
inline constexpr places_of_packed<Program> packed_places = [] {
    places_of_packed<Program> places;
    places.bytes = Program::places.prepared_bytes;  // which stand first
    const auto add = [&]<op Kind>(int step, const node& self) {
        using work = anchor<Arch, typename Program::real_type, Kind>;
        const auto bytes = static_cast<long>(work::packed_bytes(work::prepare(Program::view(), self)));
        if (bytes == 0) return;
        places.line[step] = static_cast<int>(places.bytes / line_bytes);
        places.bytes += rounded_bytes(bytes);
    };
    for (int k = 0; k < Program::steps; ++k) {
        places.line[k] = -1;
        const int a = Program::order.steps[k].anchor;
        if (!Program::graph.fixed_parameters || a < 0 || Program::table.elided[k]) continue;
        if (!runs_by_data<Program, Arch>(k) || Program::table.prepared[k]) continue;  // reads its weights in place
        const node& self = Program::graph.nodes[a];
        if (self.kind == op::einsum) add.template operator()<op::einsum>(k, self);
        if (self.kind == op::convolution) add.template operator()<op::convolution>(k, self);
        if (self.kind == op::convolution_backward_data) add.template operator()<op::convolution_backward_data>(k, self);
    }
    return places;
}();

template <class Program, class Arch, class T>
constexpr const T* packed_of_step(const tessera::detail::memory<T>& m, int step) noexcept {
    if constexpr (!Program::graph.fixed_parameters) {
        return nullptr;
    } else {
        const int line = packed_places<Program, Arch>.line[step];
        return line < 0 ? nullptr : m.packed + line * elements_of_line<T>;
    }
}

template <class Program, class Arch, op Kind, class T>
void pack_steps(const tessera::detail::memory<T>& m, T* to) noexcept {
    using work = anchor<Arch, T, Kind>;
    for (int k = 0; k < Program::steps; ++k) {
        const int line = packed_places<Program, Arch>.line[k];
        if (line < 0 || kind_of_step<Program>(k) != Kind) continue;
        const step_addresses& place = Program::table.steps[k];
        const auto& prepared =
            *static_cast<const typename work::prepared*>(kernels_of<Program, Arch>.of[place.representative].prepared);
        const placed_operand& weights = Program::table.addresses[place.first + work::packed_argument(prepared)];
        work::pack(prepared, address(m, weights), to + line * elements_of_line<T>);
    }
}

template <class Program, class Arch, class T>
void pack_parameters(const tessera::detail::memory<T>& m, T* to) noexcept {
    if constexpr (Program::uses(op::einsum)) pack_steps<Program, Arch, op::einsum>(m, to);
    if constexpr (Program::uses(op::convolution)) pack_steps<Program, Arch, op::convolution>(m, to);
    if constexpr (Program::uses(op::convolution_backward_data))
        pack_steps<Program, Arch, op::convolution_backward_data>(m, to);
}

}  // namespace tessera::detail::simd
