// step: a step of a program with a fixed kernel; see rule.hpp.
#pragma once
#include <tessera/backend/simd/fixed/code.hpp>
#include <tessera/backend/simd/fixed/convolution.hpp>
#include <tessera/backend/simd/fixed/pooling.hpp>
#include <tessera/backend/simd/fixed/product.hpp>
#include <tessera/backend/simd/fixed/reduction.hpp>
#include <tessera/backend/simd/fixed/rows.hpp>
#include <tessera/backend/simd/fixed/softmax.hpp>

namespace tessera::detail::simd {

// What becomes of a kernel's results, vector by vector: Code runs on it, where it is fused, and it is stored. Rows of
// results are Columns long for the code, and RowStep of them lie between those that are handed over.
template <class Code, bool Fused, bool Stored, long Columns, long RowStep, long ColumnStep> struct fixed_finish {
    using T = typename Code::value_type;
    static constexpr bool dear = Fused && Code::dear;
    Code after;
    T* y;
    long first = 0;  // of the rows

    template <int N, class V> [[gnu::always_inline]] void operator()(const V& v, long row, long column) const noexcept {
        row = first + row * RowStep;
        if constexpr (Stored) store_part<N>(y + row * Columns + column * ColumnStep, v);
        if constexpr (Fused) after.template run<N, Columns>(row, column, v);
    }
};

template <class Program, class Arch, int Step> struct fixed_step {
    using T = typename Program::real_type;
    using V = vector<T, Arch>;
    using memory = tessera::detail::memory<T>;
    static constexpr fixed_form form = fixed_forms<Program, Arch>.of[Step];
    static constexpr int anchor_node = Program::order.steps[Step].anchor, capacity = Program::capacity;
    static constexpr bool has_code = Program::order.steps[Step].after > 0;
    static constexpr bool has_prologue = Program::order.steps[Step].before > 0;

    [[gnu::always_inline]] static void run(const memory& m) noexcept {
        if constexpr (form == fixed_form::loop)
            code(m).run_all(nullptr);
        else if constexpr (form == fixed_form::copy)
            copy_pieces<Arch, T, copy_of_step<Arch, T>(Program::view(), self(), capacity)>(
                [&]<int K>() __attribute__((always_inline)) { return operand<K>(m); }, result(m), m.iteration);
        else if constexpr (form == fixed_form::walk)
            walk_axes<Arch, T, walk_of_step<Arch, T>(Program::view(), self(), capacity)>(operand<0>(m), result(m));
        else if constexpr (form == fixed_form::rows_out_of_a_ring)
            rows_out_of_a_ring<Arch, T, fixed_ring_of<Arch, T>(Program::view(), self(), capacity)>(
                operand<0>(m), operand<1>(m), operand<2>(m), result(m));
        else if constexpr (form == fixed_form::row_into_a_ring)
            row_into_a_ring<Arch, T, fixed_ring_of<Arch, T>(Program::view(), self(), capacity)>(
                operand<0>(m), operand<1>(m), result(m));
        else if constexpr (form == fixed_form::gather)
            gather_rows<Arch, T, fixed_gather_of<Arch, T>(Program::view(), self(), capacity)>(
                operand<0>(m), m.index_inputs[Program::table.addresses[Program::table.steps[Step].first + 1].offset],
                result(m));
        else if constexpr (form == fixed_form::reduction)
            reduce(m);
        else if constexpr (has_prologue)
            run_on_computed(m);
        else
            run_anchor(m, operand<0>(m));
    }

  private:
    using code = fixed_code<Program, Arch, loop_of(Step, part::after)>;
    using before = fixed_code<Program, Arch, loop_of(Step, part::before)>;
    struct no_code {
        using value_type = T;
        static constexpr bool dear = false;
        explicit no_code(const memory&) noexcept {}
    };

    static constexpr const node& self() { return Program::graph.nodes[anchor_node]; }
    static constexpr fixed_anchor as_anchor = anchor_of_step<Arch, T>(Program::view(), self(), capacity, has_prologue);
    template <int Argument> [[gnu::always_inline]] static const T* operand(const memory& m) noexcept {
        return fixed_operand<Program, Arch, Program::table.steps[Step].first + Argument>(m);
    }
    [[gnu::always_inline]] static T* result(const memory& m) noexcept {
        constexpr placed at = Program::table.steps[Step].anchor;
        return fixed_place<Arch, at>(m);
    }

    // what runs before the anchor, in memory
    [[gnu::always_inline]] static void run_on_computed(const memory& m) noexcept {
        alignas(64) T computed[before::domain];
        before(m, computed).run_all(nullptr);
        run_anchor(m, computed);
    }

    // kernel(finish) hands over rows
    template <long Columns, long RowStep, long ColumnStep, class Kernel>
    [[gnu::always_inline]] static void finish_with(const memory& m, const Kernel& kernel) noexcept {
        constexpr bool fused = [] {
            if constexpr (has_code && as_anchor.columns > 0)
                return takes_rows<Arch, T>(code::block, as_anchor.columns, as_anchor.in_groups);
            else
                return false;
        }();
        using after = std::conditional_t<has_code, code, no_code>;
        fixed_finish<after, fused, !fused || Program::order.stored[anchor_node], Columns, RowStep, ColumnStep> end{
            after(m), result(m)};
        kernel(end);
        if constexpr (has_code && !fused) end.after.run_all(end.y);
    }

    [[gnu::always_inline]] static void run_anchor(const memory& m, const T* x) noexcept {
        constexpr op kind = self().kind;
        if constexpr (kind == op::einsum) {
            multiply(m, x);
        } else if constexpr (kind == op::convolution) {
            constexpr auto shape = fixed_convolution_of<Arch, T>(Program::view(), self(), capacity, has_prologue);
            finish_with<shape.weight_row(), 1, 1>(m, [&](const auto& end) __attribute__((always_inline)) {
                fixed_convolution_kernel<Arch, T, shape>::run(x, operand<1>(m), end);
            });
        } else if constexpr (form == fixed_form::pooling) {
            constexpr auto shape = fixed_pooling_of<Arch, T>(Program::view(), self(), capacity);
            finish_with<shape.shape.channels, 1, 1>(m, [&](const auto& end) __attribute__((always_inline)) {
                fixed_pooling_kernel<Arch, T, shape>::run(x, end);
            });
        } else {
            constexpr auto shape = fixed_softmax_of<Arch, T>(Program::view(), self(), capacity);
            finish_with<shape.columns, 1, 1>(m, [&](const auto& end) __attribute__((always_inline)) {
                fixed_softmax_kernel<Arch, T, shape>::run(x, end.y, end);
            });
        }
    }

    [[gnu::always_inline]] static void multiply(const memory& m, const T* x) noexcept {
        constexpr fixed_contraction c =
            fixed_contraction_of<Arch, T>(contraction::of(Program::view(), self()), capacity);
        constexpr product_shape s = c.shape;
        constexpr bool dots = form == fixed_form::dots;
        using product = std::conditional_t<dots, fixed_dots<Arch, T, s>, fixed_product<Arch, T, s>>;
        constexpr long columns = dots ? 1 : s.n;
        const T* const a = c.exchanged ? operand<1>(m) : x;
        const T* const b = c.exchanged ? x : operand<1>(m);
        finish_with<columns, s.c_row / columns, dots ? s.c_col : 1>(m, [&](auto& end) __attribute__((always_inline)) {
            if constexpr (c.loops == 0)
                product::run(a, b, end);
            else
                for (int i = 0; i < c.extent[0]; ++i)
                    for (int j = 0; j < (c.loops == 2 ? c.extent[1] : 1); ++j) {
                        end.first = (i * c.c[0] + j * c.c[1]) / columns;
                        product::run(a + i * c.a[0] + j * c.a[1], b + i * c.b[0] + j * c.b[1], end);
                    }
        });
    }

    [[gnu::always_inline]] static void reduce(const memory& m) noexcept {
        constexpr auto shape = fixed_reduction_of<Arch, T>(Program::view(), self(), capacity);
        constexpr long columns = shape.columns();
        using kernel = fixed_reduction_kernel<Arch, T, shape>;
        const auto stored = [](const T* x) __attribute__((always_inline)) {
            return [x]<int N>(long row, long column)
                       __attribute__((always_inline)) { return load_part<N, V>(x + row * columns + column); };
        };
        if constexpr (!has_prologue) {
            kernel::run(stored(operand<0>(m)), result(m));
        } else if constexpr (takes_rows<Arch, T>(before::block, columns, false)) {
            const before x(m, nullptr);
            kernel::run([&]<int N>(long row, long column)
                            __attribute__((always_inline)) { return x.template value<N, columns>(row, column); },
                        result(m));
        } else {
            alignas(64) T computed[before::domain];
            before(m, computed).run_all(nullptr);
            kernel::run(stored(computed), result(m));
        }
    }
};

}  // namespace tessera::detail::simd
