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

    interpreted_walk(const graph_view& g, const step_view& own, const step_view& looked_up)
        : operands_there(static_cast<std::size_t>(own.external_count)),
          numbers_there(3 * static_cast<std::size_t>(own.code_count)),
          code(looked_up) {
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
    static void run_block(const context& c, const T* const* x, const simd::block_rows& rows) noexcept {
        const T* at[max_step_operands + 1];
        const int operands = c.walk->operands;
        for (long r = 0; r < rows.rows; ++r) {
            for (int k = 0; k < operands; ++k) {
                if (!c.walk->uses(k)) continue;
                const std::byte* const first = reinterpret_cast<const std::byte*>(x[k]);
                at[k] = reinterpret_cast<const T*>(first + (r > 0 ? r * rows.operands_by[k] : 0));
            }
            run_row(c, at, rows.begin + r * rows.stride, rows.columns);
        }
    }

  private:
    static void run_row(const context& c, const T* const* x, long begin, long n) noexcept {
        const auto& w = static_cast<const interpreted_walk&>(*c.walk);
        constexpr int width = simd::lanes<V>;
        for (long i = 0; i < n; i += width) {
            const int count = static_cast<int>(std::min<long>(width, n - i));
            const auto at = [&](const T* p, long by, element type) {
                return fetched(simd::moved(p, by, type), type, count);
            };
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
                        case form::member: operand[q] = member(w, r, f.index); break;
                        case form::anchor: operand[q] = at(c.anchor, begin + i - c.anchor_origin, f.of); break;
                        case form::external:
                            operand[q] =
                                w.code.constant[f.index] ? one_number(x[f.index], f.of) : at(x[f.index], i, f.of);
                    }
                }
                if (one.type == element::real)
                    r[k] = random_networks::evaluate(one.function, operand[0], operand[1], operand[2]);
                else
                    r[k] =
                        with_tag(one.type, [&](auto tag) { return simd::to_store(tag, operand[0], conversion(w, k)); });
            }
            for (int k = 0; k < w.code.code_count; ++k) {
                const instruction& one = w.code.code[k];
                if (one.output < 0) continue;
                T* const p = simd::moved(c.y[one.output], begin + i - c.origin, one.type);
                if (one.type != element::real)
                    with_tag(one.type, [&](auto tag) { simd::store_as(tag, p, r[k], conversion(w, k), count); });
                else if (count == width)
                    simd::store_to(p, r[k]);
                else
                    simd::store_to(p, r[k], simd::first<V>(count));
            }
        }
    }
    static V fetched(const T* p, element type, int count) noexcept {
        if (type != element::real) return with_tag(type, [&](auto tag) { return simd::load_stored<V>(tag, p, count); });
        return count == simd::lanes<V> ? simd::load<V>(p) : simd::load<V>(p, simd::first<V>(count));
    }
    static convert_attributes conversion(const interpreted_walk& w, int k) noexcept {
        return {w.numbers[3 * k + 1], static_cast<int>(w.numbers[3 * k + 2]), 0};
    }
    static V member(const interpreted_walk& w, const V* r, int k) noexcept {
        const element type = w.code.code[k].type;
        if (type == element::real) return r[k];
        return with_tag(type, [&](auto tag) { return simd::as_read(tag, r[k], conversion(w, k)); });
    }
    static V one_number(const T* p, element type) noexcept {
        if (type == element::real) return V(*p);
        T lanes[simd::lanes<V>];
        simd::store_to(lanes, fetched(p, type, 1));
        return V(lanes[0]);
    }
};

}  // namespace tessera::random_networks
