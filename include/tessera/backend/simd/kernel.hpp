// kernel: a step of a program on this backend. Steps of equal signature share one instantiation; the heavy work is in
// kernels that are compiled once for an instruction set and take extents at run time.
#pragma once
#include <tessera/backend/scalar/execute.hpp>
#include <tessera/backend/simd/anchor.hpp>
#include <tessera/backend/simd/pointwise.hpp>
#include <tessera/backend/simd/threads.hpp>

namespace tessera::simd {

template <class Program, int Step, class Arch> struct kernel {
    using T = typename Program::real_type;
    using loop = pointwise<Program, Step, Arch>;
    static constexpr step_view view = loop::view;
    static constexpr long chunk = 8192;  // positions that a thread takes at a time

    static void run(const tessera::memory<T>& m, int step) noexcept {
        const step_addresses& place = Program::table.steps[step];
        const placed* const at = Program::table.addresses + place.first;
        typename loop::context c;
        for (int k = 0; k < view.external_count; ++k) c.x[k] = scalar::address(m, at[k]);
        for (int k = 0; k < view.output_count; ++k) c.y[k] = scalar::target(m, at[view.external_count + k]);
        c.inverse_count = T(1) / static_cast<T>(m.count);
        if constexpr (view.anchor < 0)
            run_loop(m, c);
        else
            run_anchor(m, place, at, c);
    }

  private:
    static void run_loop(const tessera::memory<T>& m, const typename loop::context& c) noexcept {
        const long total = static_cast<long>(loop::domain.shape.size()) * (loop::domain.batched ? m.count : 1);
        threads::parallel(static_cast<int>((total + chunk - 1) / chunk), [&](int item) noexcept {
            const long begin = item * chunk;
            loop::range(c, begin, total - begin < chunk ? total - begin : chunk);
        });
    }

    static void run_anchor(const tessera::memory<T>& m, const step_addresses& place, const placed* at,
                           typename loop::context& c) noexcept {
        static constexpr node self = Program::graph.nodes[view.anchor];
        static constexpr auto arguments = [] {
            struct list {
                node of[max_arguments];
            } l;
            for (int k = 0; k < self.argument_count(); ++k) l.of[k] = Program::graph.nodes[self.args[k]];
            return l;
        }();
        using work = anchor<Arch, T, self.kind>;
        static constexpr auto prepared = [] {
            const node* arg[max_arguments] = {};
            for (int k = 0; k < self.argument_count(); ++k) arg[k] = &arguments.of[k];
            return work::prepare(self, arg);
        }();
        call<T> now;
        now.self = &self;
        now.count = m.count;
        now.seed = m.seed;
        now.iteration = m.iteration;
        now.first = m.first;
        now.y = scalar::target(m, place.anchor);
        constexpr int own = view.prologue ? 0 : self.argument_count();
        for (int k = 0; k < self.argument_count(); ++k) now.arg[k] = &arguments.of[k];
        for (int k = 0; k < own; ++k) {
            if (arguments.of[k].type == tessera::element::int32)
                now.index = m.index_inputs[at[k].offset];
            else
                now.x[k] = c.x[k];
        }
        std::byte* const room = reinterpret_cast<std::byte*>(m.workspace) + place.scratch;
        c.anchor = now.y;
        if constexpr (view.prologue)
            work::run_from(prepared, now, ahead(c), room);
        else if constexpr (view.code_count > 0)
            work::run(prepared, now, tail{&loop::tail, &c}, room);
        else
            work::run(prepared, now, tail{}, room);
    }

    // a reduction's input, computed as it is read
    static source<T> ahead(const typename loop::context& c) noexcept {
        return {[](const void* context, std::ptrdiff_t offset, int length, T* scratch) noexcept -> const T* {
                    auto own = *static_cast<const typename loop::context*>(context);
                    own.y[0] = scratch;
                    own.origin = offset;
                    loop::range(own, offset, length);
                    return scratch;
                },
                &c};
    }
};

}  // namespace tessera::simd
