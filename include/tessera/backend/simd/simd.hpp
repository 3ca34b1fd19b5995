// backend::simd: xsimd kernels, register tiles, fused epilogues, threads.
//
// The instruction set is part of the type, and so of every symbol: translation units built for different ones can be
// linked together. simd is simd_for<the best one that the compiler was told to use>.
#pragma once
// the first to be included, so that a message has no long list of headers before it
#include <tessera/error/contract.hpp>
#include <tessera/program.hpp>

#include <array>
#include <tessera/backend/instruction_set.hpp>
#include <tessera/backend/simd/fixed/step.hpp>
#include <tessera/backend/simd/kernel.hpp>
#include <tessera/backend/simd/packed_parameters.hpp>
#include <tessera/backend/simd/recomputing.hpp>
#include <tessera/backend/simd/room.hpp>

namespace tessera::backend {

template <class InstructionSet> struct simd_for {
    using Arch = tessera::detail::simd::default_arch;

    static constexpr std::string_view name = "simd";
    static constexpr bool fuses = true;
    static constexpr bool uses_heap = true;        // a model's buffers are allocated once, aligned, when it is made
    static constexpr bool prepares = true;         // keeps what depends on fixed parameters alone: see pack
    static constexpr long cache_bytes = 2L << 20;  // a core's own: a batch runs in parts that fit, see in_parts.hpp

    static constexpr bool has_kernel(detail::op kind) {
        return tessera::detail::simd::with_anchor<Arch, float>(kind, [](auto a) { return decltype(a)::native; });
    }
    static constexpr bool takes_tail(const detail::graph_view& g, const detail::node& n) {
        return tessera::detail::simd::with_anchor<Arch, float>(n.kind, [&](auto a) {
            if constexpr (decltype(a)::takes_tail)
                return a.accepts_tail(a.prepare(g, n));
            else
                return false;
        });
    }
    static constexpr bool hands_over(detail::op kind) { return kind == detail::op::row_product; }
    static constexpr bool takes_prologue(const detail::graph_view& g, const detail::node& n) {
        return tessera::detail::simd::with_anchor<Arch, float>(n.kind, [&](auto a) {
            if constexpr (tessera::detail::simd::takes_prologue<decltype(a)>)
                return a.accepts_prologue(g, n, a.prepare(g, n));
            else
                return n.kind == detail::op::sum || n.kind == detail::op::maximum;
        });
    }

    // Pointwise code walks over an operand in blocks, which are long enough not to be felt.
    static constexpr bool takes_view(const detail::graph_view& g, const detail::node& n, int argument,
                                     const detail::layout& l) {
        if (!n.is_floating()) return false;
        if (n.kind == detail::op::pointwise)
            return detail::operand_access::of(n, l, g.operand(n, argument).batched).has_blocks_of(32);
        return tessera::detail::simd::with_anchor<Arch, float>(n.kind, [&](auto a) {
            if constexpr (requires { a.accepts_view(g, n, argument, l); })
                return a.accepts_view(g, n, argument, l);
            else
                return false;
        });
    }
    static constexpr bool computes_again(const detail::graph_view& g, const detail::node& n,
                                         const detail::recomputed_code& code) {
        return tessera::detail::simd::computes_again<Arch>(g, n, code);
    }

    // the most room that any number of samples up to the capacity asks for; computed: with a prologue
    static constexpr long workspace(const detail::graph_view& g, const detail::node& n, int capacity, int element_bytes,
                                    bool computed = false) {
        return element_bytes == 4 ? room<float>(g, n, capacity, computed) : room<double>(g, n, capacity, computed);
    }

    // What calls find made of parameters, packed or computed: how many bytes, and how once m.parameters are there.
    template <class Program> static constexpr long packed_bytes() {
        return tessera::detail::simd::packed_places<Program, Arch>.bytes;
    }
    template <class Program, class T> static void pack(const detail::memory<T>& m, T* to) noexcept {
        tessera::detail::simd::pack_parameters<Program, Arch>(m, to);
        if constexpr (Program::places.prepared_bytes > 0) {
            detail::memory<T> own = detail::with_constants<Program>(m);
            own.packed = to;
            for (int k = 0; k < Program::steps; ++k)
                if (Program::table.prepared[k]) run_by_data<Program>(k, own);
        }
    }

    template <class Program, class T> static void run(const detail::memory<T>& m) noexcept {
        if constexpr (Program::mixes_widths) {
            run_in_both_widths<Program>(with_constants<Program>(m));
        } else if constexpr (Program::uses(detail::op::loop)) {
            const auto mark = [](int k) {
                constexpr detail::graph_view g = Program::view();
                return g.attributes<detail::loop_attributes>(g[Program::order.steps[k].anchor]);
            };
            run_steps(Program::steps, with_constants<Program>(m), tessera::detail::simd::kind_of_step<Program>, mark,
                      [](int k, const detail::memory<T>& now) noexcept { run_numbered<Program>(k, now); });
        } else if constexpr (Program::places.constant_elements > 0 || Program::places.index_constant_elements > 0) {
            run_in_order<Program>(with_constants<Program>(m));
        } else {
            run_in_order<Program>(m);
        }
    }

    // f(item), noexcept, for each item, by the threads of the pool; for what runs between calls, as optimisers do
    template <class F> static void parallel(int items, const F& f) noexcept {
        tessera::detail::simd::threads::parallel(items, f);
    }

  private:
    template <class Program, class T> static void run_by_data(int k, const detail::memory<T>& m) noexcept {
        const detail::step_addresses& place = Program::table.steps[k];
        tessera::detail::simd::kernels_of<Program, Arch>.of[place.representative].run(
            m, place, Program::table.addresses + place.first,
            tessera::detail::simd::packed_of_step<Program, Arch>(m, k));
    }
    // in a call
    template <class Program, class T> static void run_step(int k, const detail::memory<T>& m) noexcept {
        if (!Program::table.elided[k] && !Program::table.prepared[k]) run_by_data<Program>(k, m);
    }
    template <class Program, int K, class T>
    [[gnu::always_inline]] static void run_fixed(const detail::memory<T>& m) noexcept {
        if constexpr (Program::table.prepared[K])
            return;
        else if constexpr (tessera::detail::simd::is_fixed<Program, Arch>(K))
            tessera::detail::simd::fixed_step<Program, Arch, K>::run(m);
        else if constexpr (!Program::table.elided[K])
            run_step<Program>(K, m);
    }
    template <class Program, int K, class T> static void run_one(const detail::memory<T>& m) noexcept {
        run_fixed<Program, K>(m);
    }
    // one of several, which are not in order
    template <class Program, class T> static void run_numbered(int k, const detail::memory<T>& m) noexcept {
        if constexpr (tessera::detail::simd::fixed_forms<Program, Arch>.any) {
            using function = void (*)(const detail::memory<T>&) noexcept;
            static constexpr auto all = []<int... K>(std::integer_sequence<int, K...>) {
                return std::array<function, sizeof...(K)>{&run_one<Program, K, T>...};
            }(std::make_integer_sequence<int, Program::steps>{});
            if (is_full<Program>(m)) return all[static_cast<std::size_t>(k)](m);
        }
        run_step<Program>(k, m);
    }
    // what fixed kernels are made for
    template <class Program, class T> [[gnu::always_inline]] static bool is_full(const detail::memory<T>& m) noexcept {
        return Program::capacity == 1 || m.count == Program::capacity;
    }
    template <class Program, class T> static void run_in_order(const detail::memory<T>& m) noexcept {
        if constexpr (tessera::detail::simd::fixed_forms<Program, Arch>.any)
            if (is_full<Program>(m))
                return [&]<int... K>(std::integer_sequence<int, K...>) {
                    (run_fixed<Program, K>(m), ...);
                }(std::make_integer_sequence<int, Program::steps>{});
        if constexpr (Program::capacity > 1 || !tessera::detail::simd::fixed_forms<Program, Arch>.any)
            for (int k = 0; k < Program::steps; ++k) run_step<Program>(k, m);
    }
    // each step by the kernels of its width, casts between them
    template <class Program, class T> static void run_in_both_widths(const detail::memory<T>& m) noexcept {
        using seen = detail::program_in_other_width<Program>;
        const auto mark = [](int k) {
            constexpr detail::graph_view g = Program::view();
            return g.attributes<detail::loop_attributes>(g[Program::order.steps[k].anchor]);
        };
        auto other = detail::in_other_width<Program>(m);
        const auto run_one = [&other](int k, const detail::memory<T>& now) noexcept {
            if (Program::table.elided[k]) return;
            const detail::step_addresses& place = seen::table.steps[k];
            const detail::step_width width = detail::width_of_steps<Program>.of[k];
            // memory holds numbers of one type after those of another: no access may move across
            asm volatile("" : : : "memory");
            if (width == detail::step_width::both) {
                constexpr detail::graph_view g = Program::view();
                tessera::detail::simd::anchor<Arch, T, detail::op::cast>::run(
                    g, g[Program::order.steps[k].anchor], Program::table.addresses[place.first],
                    Program::table.steps[k].anchor, now, other);
            } else if (width == detail::step_width::other) {
                other.iteration = now.iteration;
                other.first = now.first;
                tessera::detail::simd::kernels_of<seen, Arch>.of[place.representative].run(
                    other, place, seen::table.addresses + place.first);
            } else {
                run_numbered<Program>(k, now);
            }
            asm volatile("" : : : "memory");
        };
        run_steps(Program::steps, m, tessera::detail::simd::kind_of_step<Program>, mark, run_one);
    }
    template <class T>
    static constexpr long room(const detail::graph_view& g, const detail::node& n, int capacity, bool computed) {
        return tessera::detail::simd::with_anchor<Arch, T>(n.kind, [&](auto a) {
            using work = decltype(a);
            if constexpr (requires(typename work::prepared p) { work::workspace(p, 1); }) {
                auto p = work::prepare(g, n);
                if constexpr (tessera::detail::simd::takes_prologue<work>) p.computed = computed;
                return static_cast<long>(tessera::detail::simd::most_workspace<Arch, T, work>(p, capacity));
            } else {
                return 0L;
            }
        });
    }
};

}  // namespace tessera::backend
