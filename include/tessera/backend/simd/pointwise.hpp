// pointwise: the loop that a chain of pointwise nodes becomes. Generated from a step when compiling: one pass over
// a block of the domain, all intermediate values in registers. pointwise_walk.hpp has what lies around it.
//
// What memory holds as another element is made real where it is read, and stored as one where it is written.
#pragma once
#include <tessera/backend/simd/math.hpp>
#include <tessera/backend/simd/pointwise_walk.hpp>
#include <tessera/backend/simd/stored_vector.hpp>
#include <tessera/passes/loop_code.hpp>
#include <utility>

namespace tessera::detail::simd {

// one primitive on vectors
template <scalar_function F, class V> inline V evaluate(const V& a, const V& b, const V& c) noexcept {
    using s = scalar_function;
    using T = typename V::value_type;
    const V zero(T(0)), one(T(1));
    if constexpr (F == s::identity || F == s::stop_gradient)
        return a;
    else if constexpr (F == s::negate)
        return a * -one;  // xsimd 8 subtracts from 0 on AVX-512, and loses the sign of a zero
    else if constexpr (F == s::absolute)
        return abs(a);
    else if constexpr (F == s::sign)
        return select(a > zero, one, select(a < zero, -one, a));
    else if constexpr (F == s::square)
        return a * a;
    else if constexpr (F == s::square_root)
        return sqrt(a);
    else if constexpr (F == s::reciprocal_root)
        return rsqrt(a);
    else if constexpr (F == s::reciprocal)
        return one / a;
    else if constexpr (F == s::exponential)
        return exp(a);
    else if constexpr (F == s::logarithm)
        return log(a);
    else if constexpr (F == s::log_one_plus)
        return log1p(a);
    else if constexpr (F == s::sine)
        return sin(a);
    else if constexpr (F == s::cosine)
        return cos(a);
    else if constexpr (F == s::tangent_h)
        return tanh(a);
    else if constexpr (F == s::sigmoid)
        return sigmoid(a);
    else if constexpr (F == s::error_function)
        return erf(a);
    else if constexpr (F == s::relu)
        return select(a < zero, zero, a);
    else if constexpr (F == s::positive)
        return select(a > zero, one, select(a <= zero, zero, a));
    else if constexpr (F == s::floor)
        return floor(a);
    else if constexpr (F == s::round)
        return round(a);
    else if constexpr (F == s::arc_sine)
        return asin(a);
    else if constexpr (F == s::arc_cosine)
        return acos(a);
    else if constexpr (F == s::add)
        return a + b;
    else if constexpr (F == s::subtract)
        return a - b;
    else if constexpr (F == s::multiply)
        return a * b;
    else if constexpr (F == s::divide)
        return a / b;
    else if constexpr (F == s::minimum)
        return min(b, a);
    else if constexpr (F == s::maximum)
        return max(b, a);
    else if constexpr (F == s::power)
        return pow(a, b);
    else if constexpr (F == s::arc_tangent)
        return atan2(a, b);
    else if constexpr (F == s::less)
        return select(a < b, one, zero);
    else if constexpr (F == s::equal)
        return select(a == b, one, zero);
    else if constexpr (F == s::below)
        return select(a < b, one, select(a >= b, zero, a + b));
    else if constexpr (F == s::masked)
        return select(a == zero, zero, a * b);
    else if constexpr (F == s::straight_through)
        return a;
    else if constexpr (F == s::select)
        return select(a == zero, c, b);
    else
        return (a - b) * c;  // normalise
}

// The pointwise code of a step, over a block.
template <class T, class Arch, loop_code Code> struct pointwise {
    using V = vector<T, Arch>;
    using context = pointwise_context<T>;

    // a block_function
    static void run_block(const context& c, const T* const* x, long begin, long n) noexcept {
        constexpr auto members = std::make_integer_sequence<int, Code.count>{};
        constexpr int width = lanes<V>;
        const int ends = static_cast<int>(n % width);
        const rest part{ends, first<V>(ends)};
        long i = 0;
        for (; i + width <= n; i += width) at_once<true>(c, x, begin, i, part, members);
        if (i < n) at_once<false>(c, x, begin, i, part, members);
    }

  private:
    // as many lanes as a block ends with
    struct rest {
        int count;
        prefix<V> lanes_of;
    };

    // r holds the members before I; were it const, g++ would suspect at -O0 that it is read before it is written
    template <int I, int Q, bool Whole>
    [[gnu::always_inline]] static V operand(const context& c, const T* const* x, V* r, long begin, long i,
                                            const rest& part) noexcept {
        constexpr instruction self = Code[I];
        constexpr operand_source f = self.from[Q];
        const auto fetch = [&](const T* p) {
            if constexpr (f.of != element::real && Whole)
                return load_stored<V>(tag_of<f.of>(), p);
            else if constexpr (f.of != element::real)
                return load_stored<V>(tag_of<f.of>(), p, part.count);
            else if constexpr (Whole)
                return load<V>(p);
            else
                return load<V>(p, part.lanes_of);
        };
        if constexpr (Q >= arity(self.function))
            return V(T(0));
        else if constexpr (f.kind == operand_source::form::number)
            return V(static_cast<T>(c.walk->numbers[3 * I + Q]));
        else if constexpr (f.kind == operand_source::form::inverse_count)
            return V(c.inverse_count);
        else if constexpr (f.kind == operand_source::form::member)
            return read<f.index>(c, r);
        else if constexpr (f.kind == operand_source::form::anchor)
            return fetch(moved(c.anchor, begin + i - c.anchor_origin, f.of));
        else if constexpr (Code.is_constant(f.index) && f.of != element::real)
            return V(number_at<f.of>(x[f.index]));
        else if constexpr (Code.is_constant(f.index))
            return V(*x[f.index]);
        else
            return fetch(moved(x[f.index], i, f.of));
    }
    template <element E> static T number_at(const void* p) noexcept {
        typename decltype(tag_of<E>())::stored x;
        std::memcpy(&x, p, sizeof x);
        return real_of_stored<T, decltype(tag_of<E>())>(x);
    }
    // the result of an instruction: of one that converts, what the real number is once it is stored
    template <int I>
    [[gnu::always_inline]] static V result(const context& c, const V& a, const V& b, const V& d) noexcept {
        if constexpr (Code[I].type == element::real)
            return evaluate<Code[I].function>(a, b, d);
        else
            return to_store(tag_of<Code[I].type>(), a, conversion<I>(c));
    }
    // of a member: of one that converts, what will be read of it
    template <int I> [[gnu::always_inline]] static V read(const context& c, const V* r) noexcept {
        if constexpr (Code[I].type == element::real)
            return r[I];
        else
            return as_read(tag_of<Code[I].type>(), r[I], conversion<I>(c));
    }
    template <int I> [[gnu::always_inline]] static convert_attributes conversion(const context& c) noexcept {
        return {c.walk->numbers[3 * I + 1], static_cast<int>(c.walk->numbers[3 * I + 2]), 0};
    }

    template <bool Whole, int... I>
    [[gnu::always_inline]] static void at_once(const context& c, const T* const* x, long begin, long i,
                                               const rest& part, std::integer_sequence<int, I...>) noexcept {
        V r[sizeof...(I)];
        ((r[I] =
              result<I>(c, operand<I, 0, Whole>(c, x, r, begin, i, part), operand<I, 1, Whole>(c, x, r, begin, i, part),
                        operand<I, 2, Whole>(c, x, r, begin, i, part))),
         ...);
        (put<I, Whole>(c, r[I], begin + i, part), ...);
    }
    template <int I, bool Whole>
    [[gnu::always_inline]] static void put(const context& c, const V& v, long at, const rest& part) noexcept {
        if constexpr (constexpr int output = Code[I].output; output >= 0) {
            constexpr element type = Code[I].type;
            T* const p = moved(c.y[output], at - c.origin, type);
            if constexpr (type == element::real && Whole)
                store_to(p, v);
            else if constexpr (type == element::real)
                store_to(p, v, part.lanes_of);
            else if constexpr (Whole)
                store_as(tag_of<type>(), p, v, conversion<I>(c));
            else
                store_as(tag_of<type>(), p, v, conversion<I>(c), part.count);
        }
    }
};

}  // namespace tessera::detail::simd
