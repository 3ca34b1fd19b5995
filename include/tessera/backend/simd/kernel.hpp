// kernel: a step of a program on this backend, as data. Steps differ in the anchor's prepared shape, in how the pointwise
// loop walks, and in addresses; code is instantiated once for a kind of operation and once for a pointwise loop.
#pragma once
#include <tessera/backend/instruction_set.hpp>
#include <tessera/backend/scalar/execute.hpp>
#include <tessera/backend/simd/anchor.hpp>
#include <tessera/backend/simd/pointwise.hpp>
#include <tessera/backend/simd/threads.hpp>

namespace tessera::simd {

// The instruction set is there for the names: units compiled for different ones share no code.
template <class T, class InstructionSet = instruction_set::native>
struct kernel {
    const node* self = nullptr;   // the anchor; null for a loop
    const node* arg[max_arguments] = {};
    const void* prepared = nullptr;   // what the anchor's kind prepares
    void (*run_anchor)(const kernel&, const call<T>&, const pointwise_context<T>&, std::byte* room) noexcept = nullptr;
    void (*range)(const pointwise_context<T>&, long begin, long length) noexcept = nullptr;   // null: no pointwise code
    void (*tail)(const void* context, std::ptrdiff_t, int, std::ptrdiff_t, int) noexcept = nullptr;
    const pointwise_walk* walk = nullptr;
    int externals = 0, outputs = 0;
    bool prologue = false;

    void run(const tessera::memory<T>& m, const step_addresses& place, const placed* at) const noexcept {
        pointwise_context<T> c;
        c.range = range;
        c.walk = walk;
        for (int k = 0; k < externals; ++k) c.x[k] = scalar::address(m, at[k]);
        for (int k = 0; k < outputs; ++k) c.y[k] = scalar::target(m, at[externals + k]);
        c.inverse_count = T(1) / static_cast<T>(m.count);
        if (self == nullptr) return run_loop(c, m.count);

        call<T> now;
        now.self = self;
        now.count = m.count;
        now.seed = m.seed;
        now.iteration = m.iteration;
        now.first = m.first;
        now.y = scalar::target(m, place.anchor);
        for (int k = 0; k < max_arguments && arg[k] != nullptr; ++k) {
            now.arg[k] = arg[k];
            if (prologue) continue;   // the operands are those of the loop
            if (arg[k]->type == tessera::element::int32)
                now.index = m.index_inputs[at[k].offset];
            else
                now.x[k] = c.x[k];
        }
        c.anchor = now.y;
        run_anchor(*this, now, c, reinterpret_cast<std::byte*>(m.workspace) + place.scratch);
    }

  private:
    void run_loop(const pointwise_context<T>& c, int count) const noexcept {
        constexpr long chunk = 8192;   // positions that a thread takes at a time
        const long total = walk->domain * (walk->batched ? count : 1);
        threads::parallel(static_cast<int>((total + chunk - 1) / chunk), [&](int item) noexcept {
            const long begin = item * chunk;
            range(c, begin, total - begin < chunk ? total - begin : chunk);
        });
    }
};

// A reduction's input, computed as it is read.
template <class T>
source<T> computed(const pointwise_context<T>& c) noexcept {
    return {[](const void* context, std::ptrdiff_t offset, int length, T* scratch) noexcept -> const T* {
                auto own = *static_cast<const pointwise_context<T>*>(context);
                own.y[0] = scratch;
                own.origin = offset;
                own.range(own, offset, length);
                return scratch;
            },
            &c};
}

template <class Arch, class T, op Kind>
void run_anchor(const kernel<T>& k, const call<T>& now, const pointwise_context<T>& c, std::byte* room) noexcept {
    using work = anchor<Arch, T, Kind>;
    const auto& prepared = *static_cast<const typename work::prepared*>(k.prepared);
    if constexpr (Kind == op::sum || Kind == op::maximum)
        if (k.prologue) return work::run_from(prepared, now, computed(c), room);
    work::run(prepared, now, k.range != nullptr ? tail{k.tail, &c} : tail{}, room);
}

// --- the constants of a representative step

template <class Program, int Step>
inline constexpr step_view view_of = view_step(Program::graph, Program::order, Step);

template <class Program, int Step>
inline constexpr pointwise_walk walk_of = pointwise_walk::of_step(Program::graph, view_of<Program, Step>);

template <class Program, int Step, class Arch>
inline constexpr auto prepared_of = [] {
    constexpr int id = view_of<Program, Step>.anchor;
    const node* arg[max_arguments] = {};
    for (int k = 0; k < Program::graph.nodes[id].argument_count(); ++k)
        arg[k] = &Program::graph.nodes[Program::graph.nodes[id].args[k]];
    return anchor<Arch, typename Program::real_type, Program::graph.nodes[id].kind>::prepare(Program::graph.nodes[id], arg);
}();

template <class Program, int Step, class Arch>
constexpr auto make_kernel() {
    using T = typename Program::real_type;
    constexpr const step_view& v = view_of<Program, Step>;
    kernel<T> k;
    k.externals = v.external_count;
    k.outputs = v.output_count;
    k.prologue = v.prologue;
    if constexpr (v.code_count > 0) {
        using loop = pointwise<Program, Program::table.steps[Step].code, Arch>;
        k.walk = &walk_of<Program, Step>;
        k.range = &loop::range;
        k.tail = &loop::tail;
    }
    if constexpr (v.anchor >= 0) {
        k.self = &Program::graph.nodes[v.anchor];
        for (int q = 0; q < k.self->argument_count(); ++q) k.arg[q] = &Program::graph.nodes[k.self->args[q]];
        k.prepared = &prepared_of<Program, Step, Arch>;
        k.run_anchor = &run_anchor<Arch, T, Program::graph.nodes[v.anchor].kind>;
    }
    return k;
}

// the kernel of every representative step
template <class Program, class Arch>
inline constexpr auto kernels_of = []<int... K>(std::integer_sequence<int, K...>) {
    struct list {
        kernel<typename Program::real_type> of[sizeof...(K) + 1];
    } l;
    const auto make = [&]<int Step>(std::integral_constant<int, Step>) {
        if constexpr (Program::table.steps[Step].representative == Step && !Program::table.elided[Step])
            l.of[Step] = make_kernel<Program, Step, Arch>();
    };
    (make(std::integral_constant<int, K>{}), ...);
    return l;
}(std::make_integer_sequence<int, Program::steps>{});

}  // namespace tessera::simd
