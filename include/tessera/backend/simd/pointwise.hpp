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
    static void run_block(const context& c, const T* const* x, const block_rows& r) noexcept {
        constexpr auto members = std::make_integer_sequence<int, Code.count>{};
        constexpr int width = lanes<V>;
        const long n = r.columns, stride = r.stride;
        const int ends = static_cast<int>(n % width);
        const rest part{ends, first<V>(ends)};
        const long* const by = r.operands_by;
        block b(c, x, r.begin, members);
        for (long left = r.rows;;) {
            long i = 0;
            for (; i + width <= n; i += width) at_once<true>(b, i, part, members);
            if (i < n) at_once<false>(b, i, part, members);
            if (--left <= 0) return;
            b.go_on(by, stride, members);
        }
    }

  private:
    // as many lanes as a block ends with
    struct rest {
        int count;
        prefix<V> lanes_of;
    };

    // What the code reads of a context, in variables of its own: of what others may point to the compiler would read it
    // again after each store.
    struct block {
        const T* x[Code.externals + 1];
        T* y[Code.count];             // by member
        T numbers[3 * Code.count];    // by member and operand
        const T* anchor[Code.count];  // by member, for each knows its element
        convert_attributes conversion[Code.count];
        T inverse_count;

        template <int... I>
        [[gnu::always_inline]] block(const context& c, const T* const* from, long begin,
                                     std::integer_sequence<int, I...>) noexcept
            : inverse_count(c.inverse_count) {
            for (int k = 0; k < Code.externals; ++k) x[k] = from[k];
            (take<I>(c, begin), ...);
        }
        // to the next row
        template <int... I>
        [[gnu::always_inline]] void go_on(const long* by, long stride, std::integer_sequence<int, I...>) noexcept {
            for (int k = 0; k < Code.externals; ++k)
                x[k] = reinterpret_cast<const T*>(reinterpret_cast<const std::byte*>(x[k]) + by[k]);
            (go_on_at<I>(stride), ...);
        }
        template <int I> [[gnu::always_inline]] void go_on_at(long stride) noexcept {
            constexpr instruction self = Code[I];
            if constexpr (self.output >= 0) y[I] = moved(y[I], stride, self.type);
            go_on_operand<I, 0>(stride);
            go_on_operand<I, 1>(stride);
            go_on_operand<I, 2>(stride);
        }
        template <int I, int Q> [[gnu::always_inline]] void go_on_operand(long stride) noexcept {
            constexpr operand_source f = Code[I].from[Q];
            if constexpr (Q >= arity(Code[I].function))
                return;
            else if constexpr (f.kind == operand_source::form::anchor)
                anchor[I] = moved(anchor[I], stride, f.of);
            else if constexpr (f.kind == operand_source::form::external && Code.is_constant(f.index))
                numbers[3 * I + Q] = number_at<f.of>(x[f.index]);
        }
        template <int I> [[gnu::always_inline]] void take(const context& c, long begin) noexcept {
            constexpr instruction self = Code[I];
            const double* const own = c.walk->numbers + 3 * I;
            if constexpr (self.output >= 0) y[I] = moved(c.y[self.output], begin - c.origin, self.type);
            if constexpr (self.type != element::real) conversion[I] = {own[1], static_cast<int>(own[2]), 0};
            take_operand<I, 0>(c, own, begin);
            take_operand<I, 1>(c, own, begin);
            take_operand<I, 2>(c, own, begin);
        }
        template <int I, int Q>
        [[gnu::always_inline]] void take_operand(const context& c, const double* own, long begin) noexcept {
            constexpr operand_source f = Code[I].from[Q];
            if constexpr (Q >= arity(Code[I].function))
                return;
            else if constexpr (f.kind == operand_source::form::number)
                numbers[3 * I + Q] = static_cast<T>(own[Q]);
            else if constexpr (f.kind == operand_source::form::anchor)
                anchor[I] = moved(c.anchor, begin - c.anchor_origin, f.of);
            else if constexpr (f.kind == operand_source::form::external && Code.is_constant(f.index))
                numbers[3 * I + Q] = number_at<f.of>(x[f.index]);
        }
    };

    // r holds the members before I; were it const, g++ would suspect at -O0 that it is read before it is written
    template <int I, int Q, bool Whole>
    [[gnu::always_inline]] static V operand(const block& b, V* r, long i, const rest& part) noexcept {
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
        else if constexpr (f.kind == operand_source::form::inverse_count)
            return V(b.inverse_count);
        else if constexpr (f.kind == operand_source::form::member)
            return read<f.index>(b, r);
        else if constexpr (f.kind == operand_source::form::anchor)
            return fetch(moved(b.anchor[I], i, f.of));
        else if constexpr (f.kind == operand_source::form::number || Code.is_constant(f.index))
            return V(b.numbers[3 * I + Q]);
        else
            return fetch(moved(b.x[f.index], i, f.of));
    }
    template <element E> static T number_at(const void* p) noexcept {
        if constexpr (E == element::real) {
            return *static_cast<const T*>(p);
        } else {
            typename decltype(tag_of<E>())::stored x;
            std::memcpy(&x, p, sizeof x);
            return real_of_stored<T, decltype(tag_of<E>())>(x);
        }
    }
    // the result of an instruction: of one that converts, what the real number is once it is stored
    template <int I>
    [[gnu::always_inline]] static V result(const block& b, const V& x, const V& y, const V& z) noexcept {
        if constexpr (Code[I].type == element::real)
            return evaluate<Code[I].function>(x, y, z);
        else
            return to_store(tag_of<Code[I].type>(), x, b.conversion[I]);
    }
    // masked by a comparison that the code makes: x where that holds, without the numbers 0 and 1 between the two
    template <int I> static constexpr bool masks_by_comparison() {
        if constexpr (Code[I].function == scalar_function::masked && Code[I].type == element::real &&
                      Code[I].from[0].kind == operand_source::form::member) {
            constexpr instruction mask = Code[Code[I].from[0].index];
            return mask.type == element::real &&
                   (mask.function == scalar_function::positive || mask.function == scalar_function::below);
        }
        return false;
    }
    template <int I, bool Whole>
    [[gnu::always_inline]] static V masked_by_comparison(const block& b, V* r, long i, const rest& part,
                                                         const V& x) noexcept {
        constexpr int mask = Code[I].from[0].index;
        const V zero(T(0)), a = operand<mask, 0, Whole>(b, r, i, part);
        if constexpr (Code[mask].function == scalar_function::positive) {
            return select(a > zero, x, select(a <= zero, zero, a));
        } else {
            const V limit = operand<mask, 1, Whole>(b, r, i, part);
            return select(a < limit, x, select(a >= limit, zero, a + limit));
        }
    }
    // of a member: of one that converts, what will be read of it
    template <int I> [[gnu::always_inline]] static V read(const block& b, const V* r) noexcept {
        if constexpr (Code[I].type == element::real)
            return r[I];
        else
            return as_read(tag_of<Code[I].type>(), r[I], b.conversion[I]);
    }

    template <int I, bool Whole>
    [[gnu::always_inline]] static V made(const block& b, V* r, long i, const rest& part) noexcept {
        if constexpr (masks_by_comparison<I>())
            return masked_by_comparison<I, Whole>(b, r, i, part, operand<I, 1, Whole>(b, r, i, part));
        else
            return result<I>(b, operand<I, 0, Whole>(b, r, i, part), operand<I, 1, Whole>(b, r, i, part),
                             operand<I, 2, Whole>(b, r, i, part));
    }
    template <bool Whole, int... I>
    [[gnu::always_inline]] static void at_once(const block& b, long i, const rest& part,
                                               std::integer_sequence<int, I...>) noexcept {
        V r[sizeof...(I)];
        ((r[I] = made<I, Whole>(b, r, i, part)), ...);
        (put<I, Whole>(b, r[I], i, part), ...);
    }
    template <int I, bool Whole>
    [[gnu::always_inline]] static void put(const block& b, const V& v, long i, const rest& part) noexcept {
        if constexpr (Code[I].output >= 0) {
            constexpr element type = Code[I].type;
            T* const p = moved(b.y[I], i, type);
            if constexpr (type == element::real && Whole)
                store_to(p, v);
            else if constexpr (type == element::real)
                store_to(p, v, part.lanes_of);
            else if constexpr (Whole)
                store_as(tag_of<type>(), p, v, b.conversion[I]);
            else
                store_as(tag_of<type>(), p, v, b.conversion[I], part.count);
        }
    }
};

}  // namespace tessera::detail::simd
