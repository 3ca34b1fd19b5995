// code: the pointwise code of a fixed kernel, after its anchor or before it, at a position of its domain, for as many
// lanes as there are. All samples of a full call are one domain.
#pragma once
#include <tessera/backend/simd/fixed/place.hpp>
#include <tessera/backend/simd/fixed/rule.hpp>
#include <tessera/backend/simd/parts.hpp>
#include <tessera/backend/simd/pointwise.hpp>

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
    using value_type = T;
    static constexpr long domain = domain_of<Arch>(walk, Program::capacity), block = block_of<Arch>(walk, domain);
    static constexpr bool dear = [] {
        for (int k = 0; k < code.count; ++k)
            if (recomputing::is_dear(code[k].function)) return true;
        return false;
    }();

    // what runs after an anchor, or without one
    [[gnu::always_inline]] explicit fixed_code(const tessera::detail::memory<T>& m) noexcept {
        bind<Program::table.steps[step].first>(m, std::make_integer_sequence<int, view.external_count>{});
        [&]<int... K>(std::integer_sequence<int, K...>) __attribute__((always_inline)) {
            ((y_[K] = fixed_target<Program, Arch, Program::table.steps[step].first + view.external_count + K>(m)), ...);
        }(std::make_integer_sequence<int, view.output_count>{});
    }
    // what runs before it, to `y`, or for what asks for values of it
    [[gnu::always_inline]] fixed_code(const tessera::detail::memory<T>& m, T* y) noexcept {
        constexpr step_view after = view_step(Program::graph, Program::order, step);
        bind<Program::table.steps[step].first + after.external_count + after.output_count>(
            m, std::make_integer_sequence<int, view.external_count>{});
        y_[0] = y;
    }

    // N lanes at a place of rows of `Columns`, all within a block; `result` is the anchor's there
    template <int N, long Columns>
    [[gnu::always_inline]] void run(long row, long column, const V& result) const noexcept {
        members<N, Columns, true>(row, column, result, std::make_integer_sequence<int, code.count>{});
    }
    // what runs before an anchor, there
    template <int N, long Columns> [[gnu::always_inline]] V value(long row, long column) const noexcept {
        return members<N, Columns, false>(row, column, V(T(0)), std::make_integer_sequence<int, code.count>{});
    }

    // the whole domain; `result` is where the anchor's is, null where there is none
    [[gnu::always_inline]] void run_all(const T* result) const noexcept {
        constexpr int width = lanes<V>, rest = static_cast<int>(block % width);
        for (long row = 0; row < domain / block; ++row) {
            long i = 0;
            for (; i + width <= block; i += width) run<width, block>(row, i, read<width>(result, row * block + i));
            if constexpr (rest > 0) run<rest, block>(row, i, read<rest>(result, row * block + i));
        }
    }

  private:
    template <int First, int... K>
    [[gnu::always_inline]] void bind(const tessera::detail::memory<T>& m, std::integer_sequence<int, K...>) noexcept {
        ((x_[K] = fixed_operand<Program, Arch, First + K>(m)), ...);
    }
    template <int N> [[gnu::always_inline]] static V read(const T* p, long at) noexcept {
        return p == nullptr ? V(T(0)) : load_part<N, V>(p + at);
    }
    // how far an operand is from where it begins
    template <int Index, long Columns> [[gnu::always_inline]] static long distance(long row, long column) noexcept {
        constexpr const operand_access& access = walk.of[Index];
        constexpr long period = access.period;
        if constexpr (access.same || (access.block == 0 && !access.constant) || period >= domain)
            return row * Columns + column;
        else if constexpr (access.block == 0)
            return 0;
        else if constexpr (period != 0 && Columns % period == 0)
            return column % period;
        else if constexpr (period != 0 && period % Columns == 0)
            return row % (period / Columns) * Columns + column;
        else
            return access.at(row * Columns + column);
    }
    // r holds the members before I; were it const, g++ would suspect at -O0 that it is read before it is written
    template <int N, long Columns, int I, int Q>
    [[gnu::always_inline]] V operand(long row, long column, const V& result, V* r) const noexcept {
        constexpr instruction self = code[I];
        constexpr operand_source f = self.from[Q];
        if constexpr (Q >= arity(self.function)) {
            return V(T(1));
        } else if constexpr (f.kind == operand_source::form::inverse_count) {
            return V(T(1) / T(Program::capacity));
        } else if constexpr (f.kind == operand_source::form::number) {
            constexpr T number = static_cast<T>(walk.numbers[3 * I + Q]);
            return V(number);
        } else if constexpr (f.kind == operand_source::form::member) {
            return r[f.index];
        } else if constexpr (f.kind == operand_source::form::anchor) {
            return result;
        } else {
            const T* const p = x_[f.index] + distance<f.index, Columns>(row, column);
            constexpr const operand_access& access = walk.of[f.index];
            if constexpr ((access.constant && !access.same) || access.stretch != 0)
                return V(*p);
            else
                return load_part<N, V>(p);
        }
    }
    template <int N, long Columns, bool Stored, int... I>
    [[gnu::always_inline]] V members(long row, long column, const V& result,
                                     std::integer_sequence<int, I...>) const noexcept {
        V r[sizeof...(I)];
        ((r[I] = evaluate<code[I].function>(operand<N, Columns, I, 0>(row, column, result, r),
                                            operand<N, Columns, I, 1>(row, column, result, r),
                                            operand<N, Columns, I, 2>(row, column, result, r))),
         ...);
        if constexpr (Stored) (put<N, I>(row * Columns + column, r[I]), ...);
        constexpr int first = [] {
            for (int k = 0; k < code.count; ++k)
                if (code[k].output == 0) return k;
            return 0;
        }();
        return r[first];
    }
    template <int N, int I> [[gnu::always_inline]] void put(long position, const V& v) const noexcept {
        if constexpr (constexpr int output = code[I].output; output >= 0) store_part<N>(y_[output] + position, v);
    }

    const T* x_[view.external_count + 1] = {};
    T* y_[view.output_count + 1] = {};  // the last: of what runs before
};

}  // namespace tessera::detail::simd
