// interpreted_loop: the pointwise code of a step, looked up while it runs. It loads, computes and stores in the order of
// the loop that backend::simd generates (backend/simd/pointwise.hpp), by the same functions of vectors; so a
#pragma once
#include <tessera/backend/simd/pointwise.hpp>
#include <vector>

namespace tessera::random_networks {

using namespace detail;

// what backend::simd knows of a step when compiling, after what it learns at run time
struct interpreted_walk : simd::pointwise_walk {
    std::vector<operand_access> operands_there;
    std::vector<double> numbers_there;
    step_view code;

    interpreted_walk(const graph_view& g, const step_view& own, const step_view& code)
        : operands_there(static_cast<std::size_t>(own.external_count)),
          numbers_there(3 * static_cast<std::size_t>(own.code_count)),
          code(code) {
        static_cast<simd::pointwise_walk&>(*this) =
            simd::pointwise_walk(g, own, operands_there.data(), numbers_there.data());
    }
};

template <class V> V evaluate(scalar_function f, const V& a, const V& b, const V& c) noexcept {
    V result(0);
    [&]<int... F>(std::integer_sequence<int, F...>) {
        ((static_cast<int>(f) == F ? void(result = simd::evaluate<scalar_function{F}>(a, b, c)) : void()), ...);
    }(std::make_integer_sequence<int, static_cast<int>(scalar_function::normalise) + 1>{});
    return result;
}

template <class T, class Arch = simd::default_arch> struct interpreted_loop {
    using V = simd::vector<T, Arch>;
    using context = simd::pointwise_context<T>;

    // a block_function
    static void run_block(const context& c, const T* const* x, long begin, long n) noexcept {
        const auto& w = static_cast<const interpreted_walk&>(*c.walk);
        constexpr int width = simd::lanes<V>;
        for (long i = 0; i < n; i += width) {
            const bool whole = i + width <= n;
            const auto part = simd::first<V>(static_cast<int>(n % width));
            const auto fetch = [&](const T* p) { return whole ? simd::load<V>(p) : simd::load<V>(p, part); };
            V r[max_step_members];
            for (int k = 0; k < w.code.code_count; ++k) {
                const instruction& one = w.code.code[k];
                V operand[3] = {V(T(0)), V(T(0)), V(T(0))};
                for (int q = 0; q < arity(one.function); ++q) {
                    const operand_source& f = one.from[q];
                    using form = operand_source::form;
                    switch (f.kind) {
                        case form::number: operand[q] = V(static_cast<T>(w.numbers[3 * k + q])); break;
                        case form::inverse_count: operand[q] = V(c.inverse_count); break;
                        case form::member: operand[q] = r[f.index]; break;
                        case form::anchor: operand[q] = fetch(c.anchor + begin + i); break;
                        case form::external:
                            operand[q] = w.code.constant[f.index] ? V(*x[f.index]) : fetch(x[f.index] + i);
                    }
                }
                r[k] = random_networks::evaluate(one.function, operand[0], operand[1], operand[2]);
            }
            for (int k = 0; k < w.code.code_count; ++k) {
                const int output = w.code.code[k].output;
                if (output < 0) continue;
                T* const p = c.y[output] + (begin + i - c.origin);
                if (whole)
                    simd::store_to(p, r[k]);
                else
                    simd::store_to(p, r[k], part);
            }
        }
    }
};

}  // namespace tessera::random_networks
