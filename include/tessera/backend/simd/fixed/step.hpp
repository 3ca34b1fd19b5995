// step: a step of a program with a fixed kernel; see rule.hpp.
#pragma once
#include <tessera/backend/simd/fixed/code.hpp>
#include <tessera/backend/simd/fixed/product.hpp>

namespace tessera::detail::simd {

template <class Program, class Arch, int Step> struct fixed_step {
    using T = typename Program::real_type;
    using V = vector<T, Arch>;
    static constexpr fixed_form form = fixed_forms<Program, Arch>.of[Step];
    static constexpr int anchor_node = Program::order.steps[Step].anchor;
    static constexpr bool has_code = Program::order.steps[Step].after > 0;
    static constexpr bool has_prologue = Program::order.steps[Step].before > 0;
    using code = fixed_code<Program, Arch, loop_of(Step, part::after)>;

    [[gnu::always_inline]] static void run(const tessera::detail::memory<T>& m) noexcept {
        if constexpr (form == fixed_form::loop)
            code(m).run_all(nullptr);
        else if constexpr (form == fixed_form::copy)
            copy(m);
        else
            multiply(m);
    }

  private:
    static const T* operand(const tessera::detail::memory<T>& m, int argument) noexcept {
        return address(m, Program::table.addresses[Program::table.steps[Step].first + argument]);
    }
    static T* result(const tessera::detail::memory<T>& m) noexcept {
        return target(m, Program::table.steps[Step].anchor);
    }

    // --- copies
    [[gnu::always_inline]] static void copy(const tessera::detail::memory<T>& m) noexcept {
        constexpr fixed_copy plan = copy_of_step<Arch, T>(Program::view(), Program::graph.nodes[anchor_node]);
        const std::ptrdiff_t read = std::ptrdiff_t{m.iteration} * plan.read;
        T* const to = result(m) + std::ptrdiff_t{m.iteration} * plan.wrote;
        [&]<int... P>(std::integer_sequence<int, P...>) __attribute__((always_inline)) {
            (copy_piece<plan.of[P].length>(operand(m, plan.of[P].argument) + plan.of[P].from + read,
                                           to + plan.of[P].to),
             ...);
        }(std::make_integer_sequence<int, plan.count>{});
    }
    template <int Length> [[gnu::always_inline]] static void copy_piece(const T* from, T* to) noexcept {
        constexpr int width = lanes<V>, rest = Length % width;
        for (int i = 0; i + width <= Length; i += width) store_to(to + i, load<V>(from + i));
        if constexpr (rest > 0) store_part<rest>(to + Length - rest, load_part<rest, V>(from + Length - rest));
    }

    // --- products
    // whether every piece of the product lies within a block of the pointwise code
    static constexpr bool fuses(const product_shape& s) {
        if constexpr (!has_code) {
            return false;
        } else {
            constexpr long block = code::block;
            return form == fixed_form::dots ? s.m == 1 && s.n == 1
                                            : block % s.n == 0 || (s.n % block == 0 && block % lanes<V> == 0);
        }
    }

    struct no_code {
        explicit no_code(const tessera::detail::memory<T>&) noexcept {}
    };
    template <class Code, bool Fused, bool Stored> struct finish {
        Code after;
        T* c;
        template <int N> [[gnu::always_inline]] void operator()(const V& sum, long position) const noexcept {
            if constexpr (Stored) store_part<N>(c + position, sum);
            if constexpr (Fused) after.template run<N>(position, sum);
        }
    };
    template <product_shape Shape>
    using product_type =
        std::conditional_t<form == fixed_form::dots, fixed_dots<Arch, T, Shape>, fixed_product<Arch, T, Shape>>;

    [[gnu::always_inline]] static void multiply(const tessera::detail::memory<T>& m) noexcept {
        if constexpr (has_prologue) {
            using before = fixed_code<Program, Arch, loop_of(Step, part::before)>;
            alignas(64) T computed[before::domain];
            before(m, computed).run_all(nullptr);
            multiply(m, computed, operand(m, 1));
        } else {
            multiply(m, operand(m, 0), operand(m, 1));
        }
    }
    [[gnu::always_inline]] static void multiply(const tessera::detail::memory<T>& m, const T* a, const T* b) noexcept {
        constexpr product_shape given = anchor<Arch, T, op::einsum>::shape(
            {contraction::of(Program::view(), Program::graph.nodes[anchor_node])}, 1);
        constexpr product_shape shape = fixed_shape(given);
        constexpr bool fused = fuses(shape), stored = !fused || Program::order.stored[anchor_node];
        using after = std::conditional_t<has_code, code, no_code>;
        const finish<after, fused, stored> end{after(m), result(m)};
        if constexpr (is_exchanged(given))
            product_type<shape>::run(b, a, end);
        else
            product_type<shape>::run(a, b, end);
        if constexpr (has_code && !fused) end.after.run_all(end.c);
    }
};

}  // namespace tessera::detail::simd
