// attention: y (T, H, V) = softmax(score(scale q k')) v, head by head; with it the log-sum-exp of the scores, if asked.
//
// Keys and values come in blocks; of each query the largest score so far and the sum of exponentials are kept, and what
// its row has gathered is scaled down when the maximum grows. An item is one head of one sample and a chunk of queries.
// Few queries read keys and values where they are; others have them packed, once a chunk. A query whose scores are all
// -infinity has the result 0, and 0 for a log-sum-exp.
//
// Workspace    attention_workspace<Arch, T>(shape, samples) bytes, 64-byte aligned: it does not grow with T or S.
// Cost         2 H T S (K + V) flop and H T S exponentials, half of it where causal.
// Determinism  blocks depend on the shape alone; no result depends on how queries are shared out.
// Source       Dao et al. 2022, "FlashAttention"; Milakov and Gimelshein 2018, "Online normalizer calculation".
#pragma once
#include <limits>
#include <tessera/backend/simd/math.hpp>
#include <tessera/backend/simd/product.hpp>
#include <tessera/backend/simd/shares.hpp>

namespace tessera::detail::simd {

struct attention_shape {
    int queries = 1, keys = 1, heads = 1;
    int width = 1, depth = 0;  // of a key, of a value
    double scale = 1, cap = 0;
    bool causal = false;
    bool by_offset = false;  // the bias: its gradient (T + S - 1) is that of a whole head
    bool biased = false;

    [[gnu::always_inline]] constexpr int seen_by(int query) const { return causal ? query + 1 + keys - queries : keys; }
};

// One head of one sample: where the first row of each operand is, and how far it is to the next.
template <class T> struct attention_rows {
    const T* at = nullptr;
    std::ptrdiff_t step = 0;
    // inline whatever the flags: no unit takes another's code
    [[gnu::always_inline]] const T* operator()(std::ptrdiff_t i) const noexcept { return at + i * step; }
};

// e^x for x at most little above 0; 0 where that is below the smallest normal number
template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> exp_of_negative(const xsimd::batch<T, Arch>& x) noexcept {
    using V = vector<T, Arch>;
    constexpr bool single = sizeof(T) == 4;
    const V low(single ? T(-87) : T(-708));
    const V a = xsimd::max(low, x);  // NaN passes
    const V n = xsimd::floor(fmadd(a, V(T(1.44269504088896340736)), V(T(0.5))));
    V r = fmadd(n, V(single ? T(-0.693359375) : T(-6.93147180369123816490e-1)), a);
    r = fmadd(n, V(single ? T(2.12194440e-4) : T(-1.90821492927058770002e-10)), r);
    const V y = fmadd(exp_series(r) * r, r, r) + V(T(1));
    return xsimd::select(x < low, V(T(0)), V(xsimd::ldexp(y, xsimd::to_int(n))));
}

// keys in blocks of whole panels, queries in chunks of nearly equal size
template <class Arch, class T> struct attention_plan {
    static constexpr int panel = tile_columns<T, Arch>, width = lanes<vector<T, Arch>>, rows = tile_rows<Arch>;
    static constexpr int most_keys = 128, most_queries = 256;

    attention_shape shape;
    bool in_place = false;  // few queries: keys and values are read where they are
    int block = 1, blocks = 1, chunk = 1, chunks = 1, items = 1, slots = 1;
    int pitch = 1;  // of a row of scores
    std::size_t key_bytes = 0, value_bytes = 0, score_bytes = 0, query_bytes = 0, state_bytes = 0;

    constexpr attention_plan(const attention_shape& s, int samples) : shape(s) {
        in_place = s.queries <= 4 && (vector_traits<vector<T, Arch>>::masked || s.depth % width == 0);
        blocks = (s.keys + most_keys - 1) / most_keys;
        block = std::min(((s.keys + blocks - 1) / blocks + panel - 1) / panel * panel, s.keys);
        blocks = (s.keys + block - 1) / block;
        // smaller chunks where heads alone would leave threads without work
        const int parts = (s.queries + most_queries - 1) / most_queries, finer = (s.queries + 63) / 64;
        chunks = std::max(parts, std::min(finer, 8 / (samples * s.heads)));
        chunk = (s.queries + chunks - 1) / chunks;
        items = samples * s.heads * chunks;
        pitch = (block + panel - 1) / panel * panel + packing_gap<T>;
        if (!in_place) {
            key_bytes = packed_columns_bytes<Arch, T>(s.width, block);
            value_bytes = packed_columns_bytes<Arch, T>(block, s.depth);
        }
        score_bytes = padded(std::size_t(rows) * std::size_t(pitch) * sizeof(T));
        query_bytes = padded(std::size_t(rows) * std::size_t(s.width) * sizeof(T));
        state_bytes = padded(2 * std::size_t(chunk) * sizeof(T));
        slots = shares(items, slot_bytes());
    }
    constexpr std::size_t slot_bytes() const {
        return key_bytes + value_bytes + score_bytes + query_bytes + state_bytes;
    }
    constexpr std::size_t bytes() const { return std::size_t(slots) * slot_bytes(); }
};

template <class Arch, class T> constexpr std::size_t attention_workspace(const attention_shape& s, int samples) {
    return attention_plan<Arch, T>(s, samples).bytes();
}

// rows of `length`, side by side, times a number
template <class Arch, class T> void copy_scaled(T* to, attention_rows<T> from, int rows, int length, T scale) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    const V by(scale);
    const prefix<V> end = first<V>(length % width);
    for (int r = 0; r < rows; ++r, to += length) {
        int i = 0;
        for (; i + width <= length; i += width) store_to(to + i, load<V>(from(r) + i) * by);
        if (i < length) store_to(to + i, load<V>(from(r) + i, end) * by, end);
    }
}

// A row of scores, capped and with its bias; `seen` of them count, the others up to `wide` become -infinity. Returns
// the largest, or `top` if that is larger. A NaN is passed over: it comes back in the sum.
template <class Arch, class T>
[[gnu::noinline]] T largest_score(T* x, int seen, int wide, const T* bias, T cap, T top) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    const int whole = (wide + width - 1) / width * width;
    if (cap != T(0) || bias != nullptr) {
        std::fill(x + seen, x + whole, T(0));  // harmless numbers in what is left of the last vector
        const V limit(cap), inverse(cap != T(0) ? 1 / cap : T(0));
        for (int i = 0; i < seen; i += width) {
            V s = load<V>(x + i);
            if (cap != T(0)) s = limit * tanh(V(s * inverse));
            if (bias != nullptr) s = s + load<V>(bias + i, first<V>(std::min(width, seen - i)));
            store_to(x + i, s);
        }
    }
    std::fill(x + seen, x + whole, -std::numeric_limits<T>::infinity());
    V high[2] = {V(top), V(top)};
    int i = 0;
    for (; i + 2 * width <= whole; i += 2 * width) {
        high[0] = xsimd::max(load<V>(x + i), high[0]);
        high[1] = xsimd::max(load<V>(x + i + width), high[1]);
    }
    if (i < whole) high[0] = xsimd::max(load<V>(x + i), high[0]);
    return reduce_max(xsimd::max(high[0], high[1]));
}

// A row of scores becomes exponentials of what they are below the largest; returns their sum.
template <class Arch, class T> [[gnu::noinline]] T exponentials(T* x, int wide, T top) noexcept {
    using V = vector<T, Arch>;
    const V shift(top);
    V sum(T(0));
    for (int i = 0; i < wide; i += lanes<V>) {
        const V e = exp_of_negative(V(load<V>(x + i) - shift));
        sum = sum + e;
        store_to(x + i, e);
    }
    return reduce_add(sum);
}

template <class Arch, class T> void scale_row(T* x, int n, T factor) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    const V by(factor);
    int i = 0;
    for (; i + width <= n; i += width) store_to(x + i, load<V>(x + i) * by);
    if (i == n) return;
    const prefix<V> end = first<V>(n - i);
    store_to(x + i, load<V>(x + i, end) * by, end);
}

template <class Arch, class T> void add_scaled(T* y, const T* x, int n, T factor) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    for (int i = 0; i < n; i += width) {
        const prefix<V> end = first<V>(std::min(width, n - i));
        store_to(y + i, fmadd(V(factor), load<V>(x + i, end), load<V>(y + i, end)), end);
    }
}

template <class Arch, class T>
bool all_finite(attention_rows<T> rows, std::ptrdiff_t begin, std::ptrdiff_t end, int length) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    V zero(T(0));  // as long as it is only added to what is finite
    for (std::ptrdiff_t r = begin; r < end; ++r)
        for (int i = 0; i < length; i += width)
            zero = fmadd(V(T(0)), load<V>(rows(r) + i, first<V>(std::min(width, length - i))), zero);
    return reduce_add(zero) == T(0);
}

// what an item reads and writes; y and log_sum, of which one may be null, begin with the head's first query
template <class T> struct attention_head {
    attention_rows<T> q, k, v, bias;
    T *y = nullptr, *log_sum = nullptr;
    std::ptrdiff_t step = 0, log_step = 0;  // from query to query
};

template <class Arch, class T>
[[gnu::noinline]] void attend_chunk(const attention_plan<Arch, T>& plan, const attention_head<T>& h, int from, int to,
                                    std::byte* slot) noexcept {
    const attention_shape& s = plan.shape;
    T* const packed_keys = reinterpret_cast<T*>(slot);
    T* const packed_values = reinterpret_cast<T*>(slot += plan.key_bytes);
    T* const scores = reinterpret_cast<T*>(slot += plan.value_bytes);
    T* const scaled = reinterpret_cast<T*>(slot += plan.score_bytes);
    T* const top = reinterpret_cast<T*>(slot += plan.query_bytes);
    T* const total = top + (to - from);
    const stretch whole;
    std::fill_n(top, to - from, std::numeric_limits<T>::lowest());
    std::fill_n(total, to - from, T(0));
    for (int begin = 0; begin < std::min(s.keys, s.seen_by(to - 1)); begin += plan.block) {
        const int count = std::min(plan.block, s.keys - begin);
        if (!plan.in_place) {
            pack_columns<Arch>(packed_keys, h.k(begin), s.width, count, std::ptrdiff_t(1), h.k.step);
            pack_columns<Arch>(packed_values, h.v(begin), count, s.depth, h.v.step, std::ptrdiff_t(1));
        }
        for (int t = from, high; t < to; t += high) {
            high = tile_height<Arch>(to - t);
            const int wide = std::min(count, s.seen_by(t + high - 1) - begin);
            if (wide <= 0) continue;
            copy_scaled<Arch>(scaled, {h.q(t), h.q.step}, high, s.width, static_cast<T>(s.scale));
            if (plan.in_place)
                for (int r = 0; r < high; ++r)
                    dot_columns<Arch>(s.width, scaled + r * s.width, h.k(begin), h.k.step, scores + r * plan.pitch,
                                      wide, false);
            else
                tile_strip<Arch>(tile_operands<T>{scaled, s.width, 1, packed_keys, plan.panel, scores, plan.pitch,
                                                  &whole, 1, s.width, false},
                                 high, wide, std::ptrdiff_t(s.width) * plan.panel);
            T now[tile_rows<Arch>];
            for (int r = 0; r < high; ++r) {
                const int seen = std::clamp(s.seen_by(t + r) - begin, 0, wide);
                const T* const bias = h.bias.at == nullptr ? nullptr : h.bias(t + r) + begin;
                now[r] = largest_score<Arch>(scores + r * plan.pitch, seen, wide, bias, static_cast<T>(s.cap),
                                             top[t + r - from]);
            }
            for (int r = 0; r < high; ++r) {
                T &before = top[t + r - from], &sum = total[t + r - from];
                if (begin > 0 && now[r] != before) {
                    const T shrink = std::exp(before - now[r]);
                    sum *= shrink;
                    if (h.y != nullptr) scale_row<Arch>(h.y + (t + r) * h.step, s.depth, shrink);
                }
                before = now[r];
                sum += exponentials<Arch>(scores + r * plan.pitch, wide, now[r]);
            }
            if (h.y == nullptr) continue;
            // 0 times a value is 0 only where that is finite: else keys that some rows do not see are added one by one
            const int common = std::clamp(s.seen_by(t) - begin, 0, wide);
            const bool apart = common < wide && !all_finite<Arch>(h.v, begin + common, begin + wide, s.depth);
            const T* const values = plan.in_place ? h.v(begin) : packed_values;
            tile_strip<Arch>(tile_operands<T>{scores, plan.pitch, 1, values, plan.in_place ? h.v.step : plan.panel,
                                              h.y + t * h.step, h.step, &whole, 1, apart ? common : wide, begin > 0},
                             high, s.depth, plan.in_place ? plan.panel : std::ptrdiff_t(count) * plan.panel);
            for (int r = 0; apart && r < high; ++r)
                for (int key = common; key < std::min(wide, s.seen_by(t + r) - begin); ++key)
                    add_scaled<Arch>(h.y + (t + r) * h.step, h.v(begin + key), s.depth, scores[r * plan.pitch + key]);
        }
    }
    for (int t = from; t < to; ++t) {
        const T sum = total[t - from];
        if (h.y != nullptr) scale_row<Arch>(h.y + t * h.step, s.depth, sum == T(0) ? T(1) : 1 / sum);
        if (h.log_sum != nullptr) h.log_sum[t * h.log_step] = sum == T(0) ? T(0) : top[t - from] + std::log(sum);
    }
}

// head_of(sample, head) says where an item's operands are
template <class Arch, class T, class HeadOf>
void attention(const attention_shape& s, int samples, HeadOf head_of, std::byte* workspace) noexcept {
    const attention_plan<Arch, T> plan(s, samples);
    const int slots = threads::useful(plan.slots);
    threads::parallel(slots, [&](int slot) noexcept {
        const int begin = int(std::ptrdiff_t(plan.items) * slot / slots);
        const int end = int(std::ptrdiff_t(plan.items) * (slot + 1) / slots);
        for (int i = begin; i < end; ++i) {
            const int chunk = i % plan.chunks, head = i / plan.chunks % s.heads, sample = i / plan.chunks / s.heads;
            const int from = int(std::ptrdiff_t(s.queries) * chunk / plan.chunks);
            const int to = int(std::ptrdiff_t(s.queries) * (chunk + 1) / plan.chunks);
            attend_chunk<Arch, T>(plan, head_of(sample, head), from, to,
                                  workspace + std::size_t(slot) * plan.slot_bytes());
        }
    });
}

}  // namespace tessera::detail::simd
