// pointwise: the loop that a chain of pointwise nodes becomes. Generated from a step when compiling: one pass over
// the domain, all intermediate values in registers.
//
// The domain is walked in blocks over which every operand is either contiguous or one number; a short vector that
// repeats along the features (a bias of 6 channels) is written out a few times first, so that blocks stay long.
#pragma once
#include <tessera/backend/simd/math.hpp>
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
        return -a;
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

// What a loop learns at run time: how its operands move, and its numbers.
struct pointwise_walk {
    static constexpr long enough = 64;  // shorter blocks are worth writing out
    static constexpr int most_copies = 16;

    operand_access of[max_step_operands];
    bool used[max_step_operands] = {};          // by the pointwise code; the anchor's own operands are not
    bool copied[max_step_operands] = {};        // written out a few times
    double numbers[3 * max_step_members] = {};  // by instruction and operand
    long block = 0;   // positions over which every operand is contiguous or one number; 0: all
    long domain = 1;  // elements of a sample
    bool batched = false;

    static constexpr pointwise_walk of_step(const graph_view& g, const step_view& v) {
        pointwise_walk w;
        w.domain = g[v.domain].shape.size();
        w.batched = g[v.domain].batched;
        for (int k = 0; k < v.code_count; ++k)
            for (int q = 0; q < 3; ++q) {
                const operand_source& f = v.code[k].from[q];
                if (f.kind == operand_source::form::external) w.used[f.index] = true;
                if (f.kind == operand_source::form::number) w.numbers[3 * k + q] = f.number;
            }
        bool only_repeats = true;
        int repeating = 0;
        for (int k = 0; k < v.external_count; ++k) {
            if (!w.used[k]) continue;
            w.of[k] = operand_access::of(g, v.domain, v.externals[k]);
            const long block = w.of[k].block;
            if (block != 0 && (w.block == 0 || block < w.block)) w.block = block;
        }
        for (int k = 0; k < v.external_count; ++k)
            if (w.used[k] && w.of[k].block != 0) {
                only_repeats = only_repeats && w.of[k].period == w.block;
                ++repeating;
            }
        if (w.block != 0 && w.block < enough && only_repeats && repeating <= most_copies) {
            for (int k = 0; k < v.external_count; ++k) w.copied[k] = w.used[k] && w.of[k].period != 0;
            w.block = (enough + w.block - 1) / w.block * w.block;
        }
        return w;
    }
};

// What a loop works on.
template <class T> struct pointwise_context {
    void (*range)(const pointwise_context&, long begin, long length) noexcept = nullptr;
    const pointwise_walk* walk = nullptr;
    const T* x[max_step_operands + 1] = {};
    T* y[max_step_members + 1] = {};
    const T* anchor = nullptr;
    long origin = 0;  // position of the first element of y
    T inverse_count = 1;
};

// The loop of the pointwise code of a step. Positions are those of the domain, all samples one after another.
template <class T, class Arch, loop_code Code> struct pointwise {
    using V = vector<T, Arch>;
    using context = pointwise_context<T>;

    static void range(const context& c, long begin, long length) noexcept {
        const pointwise_walk& w = *c.walk;
        alignas(64) T copies[pointwise_walk::most_copies * 2 * pointwise_walk::enough];
        const T* x[Code.externals + 1] = {};
        for (int k = 0, at = 0; k < Code.externals; ++k) {
            x[k] = c.x[k];
            if (!w.copied[k]) continue;
            T* const to = copies + at++ * 2 * pointwise_walk::enough;
            for (long i = 0, j = 0; i < w.block; ++i, j = j + 1 == w.of[k].period ? 0 : j + 1) to[i] = c.x[k][j];
            x[k] = to;
        }
        while (length > 0) {
            const long within = w.block != 0 ? begin % w.block : 0;
            const long n = w.block != 0 && length > w.block - within ? w.block - within : length;
            const T* from[Code.externals + 1] = {};
            for (int k = 0; k < Code.externals; ++k)
                if (w.used[k]) from[k] = x[k] + (w.copied[k] ? within : w.of[k].at(begin));
            run_block(c, from, begin, n);
            begin += n;
            length -= n;
        }
    }

    // as a kernel's tail
    static void tail(const void* c, std::ptrdiff_t offset, int rows, std::ptrdiff_t stride, int columns) noexcept {
        const context& self = *static_cast<const context*>(c);
        if (columns == stride) return range(self, offset, static_cast<long>(rows) * columns);
        for (int r = 0; r < rows; ++r) range(self, offset + r * stride, columns);
    }

  private:
    // r holds the members before I; were it const, g++ would suspect at -O0 that it is read before it is written
    template <int I, int Q, bool Whole>
    [[gnu::always_inline]] static V operand(const context& c, const T* const* x, V* r, long begin, long i,
                                            const prefix<V>& part) noexcept {
        constexpr instruction self = Code[I];
        constexpr operand_source f = self.from[Q];
        const auto fetch = [&](const T* p) {
            if constexpr (Whole)
                return load<V>(p);
            else
                return load<V>(p, part);
        };
        if constexpr (Q >= arity(self.function))
            return V(T(0));
        else if constexpr (f.kind == operand_source::form::number)
            return V(static_cast<T>(c.walk->numbers[3 * I + Q]));
        else if constexpr (f.kind == operand_source::form::inverse_count)
            return V(c.inverse_count);
        else if constexpr (f.kind == operand_source::form::member)
            return r[f.index];
        else if constexpr (f.kind == operand_source::form::anchor)
            return fetch(c.anchor + begin + i);
        else if constexpr (Code.is_constant(f.index))
            return V(*x[f.index]);
        else
            return fetch(x[f.index] + i);
    }

    template <bool Whole, int... I>
    [[gnu::always_inline]] static void element(const context& c, const T* const* x, long begin, long i,
                                               const prefix<V>& part, std::integer_sequence<int, I...>) noexcept {
        V r[sizeof...(I)];
        ((r[I] = evaluate<Code[I].function>(operand<I, 0, Whole>(c, x, r, begin, i, part),
                                            operand<I, 1, Whole>(c, x, r, begin, i, part),
                                            operand<I, 2, Whole>(c, x, r, begin, i, part))),
         ...);
        (put<I, Whole>(c, r[I], begin + i, part), ...);
    }
    template <int I, bool Whole>
    [[gnu::always_inline]] static void put(const context& c, const V& v, long at, const prefix<V>& part) noexcept {
        if constexpr (constexpr int output = Code[I].output; output >= 0) {
            T* const p = c.y[output] + (at - c.origin);
            if constexpr (Whole)
                store_to(p, v);
            else
                store_to(p, v, part);
        }
    }

    static void run_block(const context& c, const T* const* x, long begin, long n) noexcept {
        constexpr auto members = std::make_integer_sequence<int, Code.count>{};
        constexpr int width = lanes<V>;
        const prefix<V> part = first<V>(static_cast<int>(n % width));
        long i = 0;
        for (; i + width <= n; i += width) element<true>(c, x, begin, i, part, members);
        if (i < n) element<false>(c, x, begin, i, part, members);
    }
};

}  // namespace tessera::detail::simd
