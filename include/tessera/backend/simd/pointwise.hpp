// pointwise: the loop that a chain of pointwise nodes becomes. Generated from a step when compiling: one pass over
// the domain, all intermediate values in registers.
//
// The domain is walked in blocks over which every operand is either contiguous or one number; a short vector that
// repeats along the features (a bias of 6 channels) is written out a few times first, so that blocks stay long.
#pragma once
#include <tessera/backend/simd/math.hpp>
#include <tessera/passes/emit.hpp>
#include <utility>

namespace tessera::simd {

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
        return select(a > zero, one, select(a < zero, -one, zero));
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
        return select(a > zero, one, zero);
    else if constexpr (F == s::floor)
        return floor(a);
    else if constexpr (F == s::add)
        return a + b;
    else if constexpr (F == s::subtract)
        return a - b;
    else if constexpr (F == s::multiply)
        return a * b;
    else if constexpr (F == s::divide)
        return a / b;
    else if constexpr (F == s::minimum)
        return select(b < a, b, a);
    else if constexpr (F == s::maximum)
        return select(a < b, b, a);
    else if constexpr (F == s::power)
        return pow(a, b);
    else if constexpr (F == s::less)
        return select(a < b, one, zero);
    else if constexpr (F == s::equal)
        return select(a == b, one, zero);
    else if constexpr (F == s::select)
        return select(a != zero, b, c);
    else
        return (a - b) * c;  // normalise
}

// How an operand moves while its domain is walked. The samples are the outermost axis of the domain.
struct access {
    static constexpr int max_axes = max_rank + 1;
    long extent[max_axes] = {}, stride[max_axes] = {};  // axis 0: samples, its extent unknown
    int axes = 1;
    bool same = false;      // the operand has the domain's own layout
    long block = 0;         // positions over which it is contiguous or constant; 0: all of them
    bool constant = false;  // within a block
    long period = 0;        // it is a vector that repeats every so many positions, if not 0

    static constexpr access of(const node& domain, const node& operand) {
        access a;
        const extents &d = domain.shape, &e = operand.shape;
        a.stride[0] = operand.batched ? e.size() : 0;
        for (int i = 0; i < d.rank; ++i) {
            const int k = i - (d.rank - e.rank);
            a.extent[a.axes] = d.size_of[i];
            a.stride[a.axes++] = k < 0 || e.size_of[k] == 1 ? 0 : e.stride(k);
        }
        a.same = e.size() == d.size() && operand.batched == domain.batched;
        if (a.same) return a;
        // the innermost axes that agree
        long run = 1;
        int i = a.axes - 1;
        for (; i >= 1; --i) {
            if (a.extent[i] == 1) continue;
            const bool fixed = a.stride[i] == 0;
            if (run == 1) a.constant = fixed;
            if (fixed != a.constant || (!fixed && a.stride[i] != run)) break;
            run *= a.extent[i];
        }
        const bool whole = i == 0;
        if (whole && run == 1) a.constant = true;
        if (whole && !domain.batched) return a;  // a number, or all of it
        if (whole && a.constant && !operand.batched) return a;
        a.block = run;
        bool repeats = !a.constant && !operand.batched;
        for (int k = 1; k <= i; ++k) repeats = repeats && (a.stride[k] == 0 || a.extent[k] == 1);
        if (repeats) a.period = run;
        return a;
    }

    // where the block that begins at a position of the domain finds its operand
    constexpr long at(long position) const {
        if (same) return position;
        if (block == 0) return constant ? 0 : position;
        if (period != 0) return position % period;
        long offset = 0;
        for (int i = axes - 1; i >= 1; --i) {
            offset += position % extent[i] * stride[i];
            position /= extent[i];
        }
        return offset + position * stride[0];
    }
};

template <class Program, int Step, class Arch> struct pointwise {
    using T = typename Program::real_type;
    using V = vector<T, Arch>;
    static constexpr step_view view = view_step(Program::graph, Program::order, Step);
    static constexpr node domain = Program::graph.nodes[view.domain];
    static constexpr bool has_anchor = view.anchor >= 0 && !view.prologue;

    struct layout {
        access of[max_step_operands];
        bool used[max_step_operands] = {};  // by the pointwise code; the anchor's own operands are not
        long block = 0;                     // 0: the whole range
        long written_out = 0;               // length of the repeated copy of short vectors, 0 for none
        int copies = 0;
    };
    static constexpr layout plan = [] {
        layout l;
        for (int k = 0; k < view.code_count; ++k)
            for (const operand_source& f : view.code[k].from)
                if (f.kind == operand_source::form::external) l.used[f.index] = true;
        bool only_repeats = true;
        for (int k = 0; k < view.external_count; ++k) {
            if (!l.used[k]) continue;
            l.of[k] = access::of(domain, Program::graph.nodes[view.externals[k]]);
            const access& a = l.of[k];
            if (a.block != 0 && (l.block == 0 || a.block < l.block)) l.block = a.block;
        }
        constexpr long enough = 64;
        for (int k = 0; k < view.external_count; ++k)
            if (l.used[k] && l.of[k].block != 0) {
                only_repeats = only_repeats && l.of[k].period == l.block;
                ++l.copies;
            }
        if (l.block != 0 && l.block < enough && only_repeats && l.copies <= 16) {
            l.written_out = (enough + l.block - 1) / l.block * l.block;
            l.block = l.written_out;
        } else {
            l.copies = 0;
        }
        return l;
    }();

    struct context {
        const T* x[max_step_operands + 1] = {};
        T* y[max_step_members + 1] = {};
        const T* anchor = nullptr;
        long origin = 0;  // position of the first element of y
        T inverse_count = 1;
    };

    // short vectors, repeated
    struct copies_of {
        alignas(64) T data[plan.copies > 0 ? static_cast<std::size_t>(plan.copies* plan.written_out) : 1];

        explicit copies_of(const context& c) noexcept {
            if constexpr (plan.copies > 0) {
                int at = 0;
                for (int k = 0; k < view.external_count; ++k)
                    if (plan.used[k] && is_copied(k)) {
                        const long period = plan.of[k].period;
                        for (long i = 0, j = 0; i < plan.written_out; ++i, j = j + 1 == period ? 0 : j + 1)
                            data[at * plan.written_out + i] = c.x[k][j];
                        ++at;
                    }
            }
        }
        static constexpr bool is_copied(int k) { return plan.copies > 0 && plan.of[k].period != 0; }
        static constexpr int index(int k) {
            int at = 0;
            for (int i = 0; i < k; ++i) at += plan.used[i] && is_copied(i);
            return at;
        }
    };

    // positions [begin, begin + length) of the domain
    static void range(const context& c, long begin, long length) noexcept {
        const copies_of copies(c);
        while (length > 0) {
            long n = length;
            long within = 0;
            if constexpr (plan.block != 0) {
                within = begin % plan.block;
                if (n > plan.block - within) n = plan.block - within;
            }
            const T* x[max_step_operands + 1] = {};
            for (int k = 0; k < view.external_count; ++k)
                if (plan.used[k]) x[k] = pointer(c, copies, k, begin, within);
            run_block(c, x, begin, n);
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
    static const T* pointer(const context& c, const copies_of& copies, int k, long begin, long within) noexcept {
        if (copies_of::is_copied(k)) return copies.data + copies_of::index(k) * plan.written_out + within;
        return c.x[k] + plan.of[k].at(begin);
    }

    template <int K> static constexpr bool is_number = plan.of[K].constant && !plan.of[K].same;

    template <int I, int Q, bool Whole>
    [[gnu::always_inline]] static V operand(const context& c, const T* const* x, const V* r, long begin, long i,
                                            const prefix<V>& part) noexcept {
        constexpr operand_source f = view.code[I].from[Q];
        const auto fetch = [&](const T* p) {
            if constexpr (Whole)
                return load<V>(p);
            else
                return load<V>(p, part);
        };
        if constexpr (Q >= arity(view.code[I].function))
            return V(T(0));
        else if constexpr (f.kind == operand_source::form::number)
            return V(static_cast<T>(f.number));
        else if constexpr (f.kind == operand_source::form::inverse_count)
            return V(c.inverse_count);
        else if constexpr (f.kind == operand_source::form::member)
            return r[f.index];
        else if constexpr (f.kind == operand_source::form::anchor)
            return fetch(c.anchor + begin + i);
        else if constexpr (is_number<f.index>)
            return V(*x[f.index]);
        else
            return fetch(x[f.index] + i);
    }

    template <bool Whole, int... I>
    [[gnu::always_inline]] static void element(const context& c, const T* const* x, long begin, long i,
                                               const prefix<V>& part, std::integer_sequence<int, I...>) noexcept {
        V r[sizeof...(I)];
        ((r[I] = evaluate<view.code[I].function>(operand<I, 0, Whole>(c, x, r, begin, i, part),
                                                 operand<I, 1, Whole>(c, x, r, begin, i, part),
                                                 operand<I, 2, Whole>(c, x, r, begin, i, part))),
         ...);
        (put<I, Whole>(c, r[I], begin + i, part), ...);
    }
    template <int I, bool Whole>
    [[gnu::always_inline]] static void put(const context& c, const V& v, long at, const prefix<V>& part) noexcept {
        if constexpr (constexpr int output = view.code[I].output; output >= 0) {
            T* const p = c.y[output] + (at - c.origin);
            if constexpr (Whole)
                store_to(p, v);
            else
                store_to(p, v, part);
        }
    }

    static void run_block(const context& c, const T* const* x, long begin, long n) noexcept {
        constexpr auto members = std::make_integer_sequence<int, view.code_count>{};
        constexpr int width = lanes<V>;
        const prefix<V> part = first<V>(static_cast<int>(n % width));
        long i = 0;
        for (; i + width <= n; i += width) element<true>(c, x, begin, i, part, members);
        if (i < n) element<false>(c, x, begin, i, part, members);
    }
};

}  // namespace tessera::simd
