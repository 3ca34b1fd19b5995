// kernel: a step of a program on this backend, as data. Steps differ in the anchor's prepared shape, in how the
// pointwise loop walks, and in addresses; code is instantiated once for a kind of operation, or for each variant of it
// that the program has, and once for a pointwise loop.
#pragma once
#include <array>
#include <tessera/backend/instruction_set.hpp>
#include <tessera/backend/simd/anchor.hpp>
#include <tessera/backend/simd/fixed/rule.hpp>
#include <tessera/backend/simd/pointwise.hpp>
#include <tessera/backend/simd/threads.hpp>
#include <tessera/program.hpp>

namespace tessera::detail::simd {

// The instruction set is there for the names: units compiled for different ones share no code.
template <class T, class InstructionSet = instruction_set::native> struct kernel {
    const node* self = nullptr;      // the anchor; null for a loop
    graph_view graph;                // that it is a node of
    std::uint64_t indices = 0;       // bit k: operand k is not made of real numbers
    bool mixes_elements = false;     // something that it reads or writes is not
    const void* prepared = nullptr;  // what the anchor's kind prepares
    // before: null, or what the anchor's first operand is computed by
    void (*run_anchor)(const kernel&, const call<T>&, const pointwise_context<T>& after,
                       const pointwise_context<T>* before, std::byte* room) noexcept = nullptr;
    typename pointwise_context<T>::block_function run_block = nullptr;  // null: no pointwise code
    const pointwise_walk* walk = nullptr;
    int externals = 0, outputs = 0;
    int further = 0;  // results after the first
    struct {
        typename pointwise_context<T>::block_function run_block = nullptr;
        const pointwise_walk* walk = nullptr;
        int externals = 0;
        std::uint64_t indices = 0;
        // run_computed, where something runs before the anchor
        void (*run)(const kernel&, const call<T>&, const pointwise_context<T>& after, const tessera::detail::memory<T>&,
                    const placed_operand* at, std::byte* room) noexcept = nullptr;
    } before;
    // run_with_more, where there are whole numbers or several results
    void (*run_more)(const kernel&, const tessera::detail::memory<T>&, const placed_operand* at, call<T> now,
                     const pointwise_context<T>& after, std::byte* room) noexcept = nullptr;

    // packed: what the anchor's kernel finds packed before the call; null for nothing
    void run(const tessera::detail::memory<T>& m, const step_addresses& place, const placed_operand* at,
             const T* packed = nullptr) const noexcept {
        if (mixes_elements) return run_mixed(m, place, at, packed);
        run_step(m, place, at, packed);
    }

    // Two that a kernel points to where it needs them, so that programs that do not have no code for them.
    static void run_computed(const kernel& k, const call<T>& now, const pointwise_context<T>& after,
                             const tessera::detail::memory<T>& m, const placed_operand* at, std::byte* room) noexcept {
        pointwise_context<T> c;
        c.run_block = k.before.run_block;
        c.walk = k.before.walk;
        for (int i = 0; i < k.before.externals; ++i) c.x[i] = operand(m, at[i], (k.before.indices >> i & 1u) != 0);
        c.inverse_count = after.inverse_count;
        k.run_anchor(k, now, after, &c, room);
    }
    // whole numbers, or several results
    static void run_with_more(const kernel& k, const tessera::detail::memory<T>& m, const placed_operand* at,
                              call<T> now, const pointwise_context<T>& after, std::byte* room) noexcept {
        T* results[max_results - 1] = {};
        std::int32_t* index_results[max_results - 1] = {};
        for (int i = 0; i < k.further; ++i) {
            const placed_operand& p = at[k.externals + k.outputs + k.before.externals + i];
            results[i] = target(m, p);
            index_results[i] = index_target(m, p);
        }
        now.further = results;
        now.index_further = index_results;
        const T* real[max_arguments];
        const std::int32_t* index[max_arguments];
        for (int i = 0; i < k.self->argument_count; ++i) {
            const bool is_index = (k.indices >> i & 1u) != 0;
            index[i] = is_index ? index_address(m, at[i]) : nullptr;
            real[i] = is_index ? nullptr : after.x[i];
        }
        now.x = real;
        now.index = index;
        if (!k.self->is_floating()) {
            now.index_y = reinterpret_cast<std::int32_t*>(now.y);
            now.y = nullptr;
        }
        if (k.before.run == nullptr)
            k.run_anchor(k, now, after, nullptr, room);
        else
            k.before.run(k, now, after, m, at + k.externals + k.outputs, room);
    }

  private:
    static const T* operand(const tessera::detail::memory<T>& m, const placed_operand& at, bool index) noexcept {
        return index ? reinterpret_cast<const T*>(index_address(m, at)) : address(m, at);
    }
    // the workspace holds numbers of one type after those of another: no access may move across
    [[gnu::noinline]] void run_mixed(const tessera::detail::memory<T>& m, const step_addresses& place,
                                     const placed_operand* at, const T* packed) const noexcept {
        asm volatile("" : : : "memory");
        run_step(m, place, at, packed);
        asm volatile("" : : : "memory");
    }
    void run_step(const tessera::detail::memory<T>& m, const step_addresses& place, const placed_operand* at,
                  const T* packed) const noexcept {
        pointwise_context<T> c;
        c.run_block = run_block;
        c.walk = walk;
        for (int k = 0; k < externals; ++k) c.x[k] = operand(m, at[k], (indices >> k & 1u) != 0);
        for (int k = 0; k < outputs; ++k) c.y[k] = target(m, at[externals + k]);
        c.inverse_count = T(1) / static_cast<T>(m.count);
        if (self == nullptr) return run_loop(c, m.count);

        call<T> now;
        now.graph = graph;
        now.self = self;
        now.x = c.x;
        now.count = m.count;
        now.seed = m.seed;
        now.iteration = m.iteration;
        now.first = m.first;
        now.y = place.anchor.where == memory_space::none ? nullptr : target(m, place.anchor);
        now.packed = packed;
        c.anchor = now.y;
        std::byte* const room = reinterpret_cast<std::byte*>(m.workspace) + std::ptrdiff_t{place.scratch} * line_bytes;
        if (run_more != nullptr) return run_more(*this, m, at, now, c, room);
        if (before.run == nullptr) return run_anchor(*this, now, c, nullptr, room);
        before.run(*this, now, c, m, at + externals + outputs, room);
    }
    void run_loop(const pointwise_context<T>& c, int count) const noexcept {
        constexpr long chunk = 8192;  // positions that a thread takes at a time
        const long total = walk->domain * (walk->batched ? count : 1);
        threads::parallel(static_cast<int>((total + chunk - 1) / chunk), [&](int item) noexcept {
            const long begin = item * chunk;
            walk_range(c, begin, total - begin < chunk ? total - begin : chunk);
        });
    }
};

// A reduction's input, computed as it is read.
template <class Arch, class T> source<T> computed(const pointwise_context<T>& c) noexcept {
    return {[](const void* context, std::ptrdiff_t offset, int length, T* scratch) noexcept -> const T* {
                auto own = *static_cast<const pointwise_context<T>*>(context);
                own.y[0] = scratch;
                own.origin = offset;
                walk_range(own, offset, length);
                return scratch;
            },
            &c};
}

// The same for a kernel that copies its operand.
template <class Arch, class T> copied_operand<T> computed_operand(const pointwise_context<T>& c) noexcept {
    return {[](const void* context, std::ptrdiff_t offset, int rows, std::ptrdiff_t stride, int columns, T* to,
               std::ptrdiff_t pitch) noexcept {
                auto own = *static_cast<const pointwise_context<T>*>(context);
                long length = columns;
                if (columns == stride && columns == pitch) {
                    length *= rows;
                    rows = 1;
                }
                for (int r = 0; r < rows; ++r) {
                    own.y[0] = to + r * pitch;
                    own.origin = offset + r * stride;
                    walk_range(own, own.origin, length);
                }
            },
            &c};
}

// An anchor with variants makes code for each of them that a program needs: variant_of(prepared) tells which.
template <class Anchor> inline constexpr int variants_of = 1;
template <class Anchor>
    requires(Anchor::variants > 1)
inline constexpr int variants_of<Anchor> = Anchor::variants;

template <class Anchor> constexpr int variant_of(const typename Anchor::prepared& p) {
    if constexpr (variants_of<Anchor> > 1)
        return Anchor::variant_of(p);
    else
        return 0;
}

template <class Arch, class T, op Kind, int Variant>
void run_anchor(const kernel<T>& k, const call<T>& now, const pointwise_context<T>& c,
                const pointwise_context<T>* before, std::byte* room) noexcept {
    using work = anchor<Arch, T, Kind>;
    const auto& prepared = *static_cast<const typename work::prepared*>(k.prepared);
    if constexpr (Kind == op::sum || Kind == op::maximum)
        if (before != nullptr) return work::run_from(prepared, now, computed<Arch>(*before), room);
    const tail after = k.run_block != nullptr ? tail{&walk_tail<T>, &c, &walk_tail_of<T>} : tail{};
    if constexpr (takes_prologue<work>) {
        const auto x = before != nullptr ? computed_operand<Arch>(*before) : copied_operand<T>(now.x[0]);
        if constexpr (variants_of<work> > 1)
            work::template run<Variant>(prepared, now, x, after, room);
        else
            work::run(prepared, now, x, after, room);
    } else if constexpr (variants_of<work> > 1)
        work::template run<Variant>(prepared, now, after, room);
    else
        work::run(prepared, now, after, room);
}

// moves elements that are whole numbers
template <class Arch, class T, op Kind>
void run_moving_indices(const kernel<T>&, const call<T>& now, const pointwise_context<T>&, const pointwise_context<T>*,
                        std::byte*) noexcept {
    with_moving_operation(Kind, [&](auto operation) {
        with_moving_call(now, [&](const auto& moving) { share_out(operation, moving); });
    });
}

// --- the constants of a program. Functions that name a graph by value are few on purpose: some compilers copy it for
// each of them.

// the steps that have a kernel of their own, and of which kind; loops have the kind of a pointwise node
template <class Program> constexpr op kind_of_step(int step) {
    const int a = Program::order.steps[step].anchor;
    return a < 0 ? op::pointwise : Program::graph.nodes[a].kind;
}
// of those that run by data
template <class Program, class Arch> constexpr bool is_representative(int step) {
    if constexpr (Program::mixes_widths)
        if (!is_step_of_width<Program>(step)) return false;
    return Program::table.steps[step].representative == step && !Program::table.elided[step] &&
           runs_by_data<Program, Arch>(step);
}

// what a kind of operation prepares, for each of its representative steps, by rank among them
template <class Program, class Arch, op Kind>
inline constexpr auto prepared_list = [] {
    using work = anchor<Arch, typename Program::real_type, Kind>;
    constexpr std::size_t count = [] {
        std::size_t n = 0;
        for (int k = 0; k < Program::steps; ++k)
            n += is_representative<Program, Arch>(k) && kind_of_step<Program>(k) == Kind;
        return n;
    }();
    std::array<typename work::prepared, count> list{};
    for (std::size_t k = 0, at = 0; at < count; ++k) {
        if (!is_representative<Program, Arch>(int(k)) || kind_of_step<Program>(int(k)) != Kind) continue;
        const node& self = Program::graph.nodes[Program::order.steps[k].anchor];
        list[at++] = work::prepare(Program::view(), self);
    }
    return list;
}();
template <class Program, class Arch, op Kind, int Variant>
inline constexpr bool needs_variant = [] {
    using work = anchor<Arch, typename Program::real_type, Kind>;
    for (const auto& p : prepared_list<Program, Arch, Kind>)
        if (variant_of<work>(p) == Variant) return true;
    return false;
}();

template <class Program, class Arch> constexpr bool has_loop(int step, part p) {
    return is_representative<Program, Arch>(step) && members_of(Program::order.steps[step], p) > 0;
}

// Of every representative step, what runs after its anchor, then what runs before it. What the walks point to lies
// beside them, no longer than it is.
struct walk_counts {
    int walks = 0, operands = 0, numbers = 0;
};
template <class Program, class Arch, class F> constexpr void for_each_walk(F f) {
    for (int k = 0; k < Program::steps; ++k)
        for (const part p : {part::after, part::before})
            if (has_loop<Program, Arch>(k, p)) f(view_step(Program::graph, Program::order, k, p));
}
template <class Program, class Arch> struct walk_table {
    static constexpr walk_counts all = [] {
        walk_counts c;
        for_each_walk<Program, Arch>([&](const step_view& v) {
            ++c.walks;
            c.operands += v.external_count;
            c.numbers += 3 * v.code_count;
        });
        return c;
    }();
    operand_access operands[all.operands + 1];
    double numbers[all.numbers + 1] = {};
    pointwise_walk of[all.walks + 1];

    constexpr walk_table() {
        walk_counts at;
        for_each_walk<Program, Arch>([&](const step_view& v) {
            of[at.walks++] = pointwise_walk(Program::view(), v, operands + at.operands, numbers + at.numbers);
            at.operands += v.external_count;
            at.numbers += 3 * v.code_count;
        });
    }
};
template <class Program, class Arch> inline constexpr walk_table<Program, Arch> walk_list{};

template <class Program, op Kind>
inline constexpr bool moves_indices = facts_of(Kind).any_element && [] {
    for (const node& n : Program::graph.nodes)
        if (n.kind == Kind && !n.is_floating()) return true;
    return false;
}();

template <class Program, class Arch, op Kind, int Variant> constexpr void add_variant(auto& list) {
    using T = typename Program::real_type;
    std::size_t at = 0;
    for (int k = 0; k < Program::steps; ++k) {
        if (!is_representative<Program, Arch>(k) || kind_of_step<Program>(k) != Kind) continue;
        const auto& prepared = prepared_list<Program, Arch, Kind>[at++];
        if (variant_of<anchor<Arch, T, Kind>>(prepared) != Variant) continue;
        list.of[k].prepared = &prepared;
        if constexpr (moves_indices<Program, Kind>) {
            if (!list.of[k].self->is_floating()) {
                list.of[k].run_anchor = &run_moving_indices<Arch, T, Kind>;
                continue;
            }
        }
        list.of[k].run_anchor = &run_anchor<Arch, T, Kind, Variant>;
    }
}
template <class Program, class Arch, op Kind> constexpr void add_anchors(auto& list) {
    [&]<int... V>(std::integer_sequence<int, V...>) {
        const auto add = [&]<int Variant>(std::integral_constant<int, Variant>) {
            if constexpr (needs_variant<Program, Arch, Kind, Variant>) add_variant<Program, Arch, Kind, Variant>(list);
        };
        (add(std::integral_constant<int, V>{}), ...);
    }(std::make_integer_sequence<int, variants_of<anchor<Arch, typename Program::real_type, Kind>>>{});
}
template <class Program, class Arch> constexpr bool runs_loop(int step, part p, int loop) {
    return has_loop<Program, Arch>(step, p) && Program::table.steps[step].code[static_cast<int>(p)] == loop;
}
template <class Program, class Arch, int Loop>
inline constexpr bool needs_loop = [] {
    if (!Program::mixes_widths && (Program::capacity > 1 || !fixed_forms<Program, Arch>.any)) return true;
    for (int k = step_of_loop(Loop); k < Program::steps; ++k)
        if (runs_loop<Program, Arch>(k, part::after, Loop) || runs_loop<Program, Arch>(k, part::before, Loop))
            return true;
    return false;
}();
template <class Program, class Arch, int Loop> constexpr void add_loop([[maybe_unused]] auto& list) {
    if constexpr (needs_loop<Program, Arch, Loop>) {
        using loop = pointwise<typename Program::real_type, Arch, code_of_loop<Program, Loop>>;
        for (int k = step_of_loop(Loop); k < Program::steps; ++k) {
            if (runs_loop<Program, Arch>(k, part::after, Loop)) {
                list.of[k].run_block = &loop::run_block;
            }
            if (runs_loop<Program, Arch>(k, part::before, Loop)) list.of[k].before.run_block = &loop::run_block;
        }
    }
}

// bit k: node k of a list is not made of real numbers
template <class Graph> constexpr std::uint64_t mask_of_indices(const Graph& g, const int* of, int count) {
    std::uint64_t mask = 0;
    for (int k = 0; k < count; ++k)
        if (!g.nodes[of[k]].is_floating()) mask |= std::uint64_t{1} << k;
    return mask;
}

// the kernel of every representative step
template <class Program, class Arch>
inline constexpr auto kernels_of = [] {
    struct list {
        kernel<typename Program::real_type> of[Program::steps + 1];
    } l{};
    for (int k = 0, at = 0; k < Program::steps; ++k) {
        if (!is_representative<Program, Arch>(k)) continue;
        const step_view v = view_step(Program::graph, Program::order, k);
        auto& kernel = l.of[k];
        kernel.externals = v.external_count;
        kernel.outputs = v.output_count;
        kernel.indices = mask_of_indices(Program::graph, v.externals, v.external_count);
        kernel.mixes_elements = kernel.indices != 0 || mask_of_indices(Program::graph, v.outputs, v.output_count) != 0;
        if (v.code_count > 0) kernel.walk = &walk_list<Program, Arch>.of[at++];
        if (Program::order.steps[k].before > 0) {
            const step_view b = view_step(Program::graph, Program::order, k, part::before);
            kernel.before.externals = b.external_count;
            kernel.before.indices = mask_of_indices(Program::graph, b.externals, b.external_count);
            kernel.mixes_elements = kernel.mixes_elements || kernel.before.indices != 0;
            kernel.before.walk = &walk_list<Program, Arch>.of[at++];
            kernel.before.run = &kernel.run_computed;
        }
        if (v.anchor < 0) continue;
        constexpr graph_view g = Program::view();
        kernel.graph = g;
        kernel.self = &Program::graph.nodes[v.anchor];
        kernel.further = further_results(Program::graph, v.anchor);
        if (kernel.indices != 0 || kernel.further != 0 || !kernel.self->is_floating())
            kernel.run_more = &kernel.run_with_more;
        kernel.mixes_elements = kernel.mixes_elements || kernel.further != 0 || !kernel.self->is_floating();
    }
    [&]<int... K>(std::integer_sequence<int, K...>) {
        const auto add = [&]<int Kind>(std::integral_constant<int, Kind>) {
            if constexpr (facts_of(op{Kind}).runs && Program::uses(op{Kind})) add_anchors<Program, Arch, op{Kind}>(l);
        };
        (add(std::integral_constant<int, K>{}), ...);
    }(std::make_integer_sequence<int, operation_count>{});
    [&]<int... I>(std::integer_sequence<int, I...>) {
        (add_loop<Program, Arch, Program::codes.of[I]>(l), ...);
    }(std::make_integer_sequence<int, Program::codes.count>{});
    return l;
}();

}  // namespace tessera::detail::simd
