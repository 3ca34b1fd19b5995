// code: the pointwise code of a fixed kernel, after its anchor or before it, at a position of its domain, for as many
// lanes as there are.
#pragma once
#include <tessera/backend/simd/fixed/rule.hpp>
#include <tessera/backend/simd/parts.hpp>

namespace tessera::detail::simd {

// Loop: a number of passes/emit.hpp
template <class Program, class Arch, int Loop> class fixed_code {
    using T = typename Program::real_type;
    using V = vector<T, Arch>;
    static constexpr int step = step_of_loop(Loop);
    static constexpr step_view view = view_step(Program::graph, Program::order, step, part_of_loop(Loop));
    static constexpr stored_walk<view.external_count, view.code_count> stored{Program::view(), view};
    static constexpr const pointwise_walk& walk = stored.walk;
    static constexpr auto code = code_of_loop<Program, Loop>;

  public:
    static constexpr long domain = walk.domain, block = block_of(walk);

    // what runs after an anchor, or without one
    explicit fixed_code(const tessera::detail::memory<T>& m) noexcept {
        const placed_operand* at = bind(m, Program::table.addresses + Program::table.steps[step].first);
        for (int k = 0; k < view.output_count; ++k) y_[k] = target(m, *at++);
    }
    // what runs before it, to `y`
    fixed_code(const tessera::detail::memory<T>& m, T* y) noexcept {
        constexpr step_view after = view_step(Program::graph, Program::order, step);
        bind(m,
             Program::table.addresses + Program::table.steps[step].first + after.external_count + after.output_count);
        y_[0] = y;
    }

    // N lanes from a position on, all within a block; `result` is the anchor's there
    template <int N> [[gnu::always_inline]] void run(long position, const V& result) const noexcept {
        members<N>(position, result, std::make_integer_sequence<int, code.count>{});
    }

    // the whole domain; `result` is where the anchor's is, null where there is none
    [[gnu::always_inline]] void run_all(const T* result) const noexcept {
        constexpr int width = lanes<V>, rest = static_cast<int>(block % width);
        for (long begin = 0; begin < domain; begin += block) {
            long i = begin;
            for (; i + width <= begin + block; i += width) run<width>(i, read<width>(result, i));
            if constexpr (rest > 0) run<rest>(i, read<rest>(result, i));
        }
    }

  private:
    [[gnu::always_inline]] const placed_operand* bind(const tessera::detail::memory<T>& m,
                                                      const placed_operand* at) noexcept {
        for (int k = 0; k < view.external_count; ++k) x_[k] = address(m, *at++);
        return at;
    }
    template <int N> [[gnu::always_inline]] static V read(const T* p, long at) noexcept {
        return p == nullptr ? V(T(0)) : load_part<N, V>(p + at);
    }
    // r holds the members before I; were it const, g++ would suspect at -O0 that it is read before it is written
    template <int N, int I, int Q>
    [[gnu::always_inline]] V operand(long position, const V& result, V* r) const noexcept {
        constexpr instruction self = code[I];
        constexpr operand_source f = self.from[Q];
        if constexpr (Q >= arity(self.function) || f.kind == operand_source::form::inverse_count) {
            return V(T(1));  // one sample
        } else if constexpr (f.kind == operand_source::form::number) {
            constexpr T number = static_cast<T>(walk.numbers[3 * I + Q]);
            return V(number);
        } else if constexpr (f.kind == operand_source::form::member) {
            return r[f.index];
        } else if constexpr (f.kind == operand_source::form::anchor) {
            return result;
        } else {
            constexpr const operand_access& access = walk.of[f.index];
            const T* p = x_[f.index];
            if constexpr (access.same || (access.block == 0 && !access.constant) || access.period >= domain)
                p += position;
            else if constexpr (access.block != 0)
                p += access.at(position);
            if constexpr (code.is_constant(f.index) || access.stretch != 0)
                return V(*p);
            else
                return load_part<N, V>(p);
        }
    }
    template <int N, int... I>
    [[gnu::always_inline]] void members(long position, const V& result,
                                        std::integer_sequence<int, I...>) const noexcept {
        V r[sizeof...(I)];
        ((r[I] =
              evaluate<code[I].function>(operand<N, I, 0>(position, result, r), operand<N, I, 1>(position, result, r),
                                         operand<N, I, 2>(position, result, r))),
         ...);
        (put<N, I>(position, r[I]), ...);
    }
    template <int N, int I> [[gnu::always_inline]] void put(long position, const V& v) const noexcept {
        if constexpr (constexpr int output = code[I].output; output >= 0) store_part<N>(y_[output] + position, v);
    }

    const T* x_[view.external_count + 1] = {};
    T* y_[view.output_count + 1] = {};  // the last: of what runs before
};

}  // namespace tessera::detail::simd
