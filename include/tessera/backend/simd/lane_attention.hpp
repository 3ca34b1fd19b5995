// lane_attention: attention and its gradients where queries or keys are few: a query a lane.
//
//   lane_attention<Arch, T>(shape, samples, head_of, workspace)             as attention in attention.hpp
//   lane_attention_gradient<Arch, T>(shape, samples, head_of, workspace)    as attention_gradient
//
// Weights stand as (keys, queries), in blocks of both that stay in L1. So a maximum, a sum and a derivative of a row of
// weights are those of whole vectors, however few keys there are, and rows of keys and values are read where they are:
// only queries are packed. Where both are many, a key a lane is as good, and its blocks are larger.
//
// Workspace    lane_attention_plan(...).bytes(), 64-byte aligned.
// Cost         as attention, attention_gradient; whole vectors of queries.
// Determinism  blocks depend on the shape alone; an item runs on one thread.
// Requires     takes_lanes(shape): no bias, no cap, all keys seen.
#pragma once
#include <tessera/backend/simd/attention.hpp>
#include <tessera/backend/simd/attention_gradient.hpp>

namespace tessera::detail::simd {

template <class Arch, class T> constexpr bool takes_lanes(const attention_shape& s) {
    constexpr int few_keys = 32, few_queries = 64;
    return !s.causal && s.cap == 0 && !s.biased && s.queries >= lanes<vector<T, Arch>> &&
           (s.keys <= few_keys || s.queries <= few_queries);
}

template <class Arch, class T> struct lane_attention_plan {
    static constexpr int panel = tile_columns<T, Arch>, width = lanes<vector<T, Arch>>;
    static constexpr int most_queries = 64, most_keys = 64;  // whole panels

    attention_shape shape;
    bool backward = false;
    int block = 1, chunk = 1, chunks = 1, items = 1, slots = 1;
    std::size_t turned_queries = 0, turned_gradients = 0, weights = 0, state = 0;
    std::size_t keys = 0, values = 0, queries = 0, gradients = 0;  // 0 where they are read where they are

    constexpr lane_attention_plan(const attention_shape& s, int samples, bool of_gradient)
        : shape(s), backward(of_gradient) {
        block = std::min(s.keys, backward ? most_keys / 2 : most_keys);
        chunk = std::min((s.queries + panel - 1) / panel * panel, most_queries);
        chunks = (s.queries + chunk - 1) / chunk;
        items = samples * s.heads * (backward ? 1 : chunks);
        const auto rows_of = [](int rows, int columns) {
            return is_read_in_place(columns) ? 0 : packed_columns_bytes<Arch, T>(rows, columns);
        };
        turned_queries = packed_columns_bytes<Arch, T>(s.width, chunk);
        weights = padded(std::size_t(block) * std::size_t(pitch()) * sizeof(T));
        state = padded(3 * std::size_t(chunk) * sizeof(T));
        values = rows_of(block, s.depth);
        if (backward) {
            turned_gradients = packed_columns_bytes<Arch, T>(s.depth, chunk);
            values = 0;
            keys = rows_of(block, s.width);
            queries = rows_of(chunk, s.width);
            gradients = rows_of(chunk, s.depth);
        }
        slots = shares(items, slot_bytes());
    }
    // the second operand of a product: by whole vectors
    static constexpr bool is_read_in_place(int columns) {
        return vector_traits<vector<T, Arch>>::masked || columns % width == 0;
    }
    constexpr int pitch() const { return chunk + packing_gap<T>; }
    constexpr std::size_t slot_bytes() const {
        return turned_queries + turned_gradients + (backward ? 2 : 1) * weights + state + keys + values + queries +
               gradients;
    }
    constexpr std::size_t bytes() const { return std::size_t(slots) * slot_bytes(); }
};

// one slot of the workspace, and the products that both halves are made of
template <class Arch, class T> class lane_attention_room {
  public:
    using plan = lane_attention_plan<Arch, T>;

    lane_attention_room(const plan& p, std::byte* slot) noexcept : p_(p), at_(slot) {}

    T* take(std::size_t bytes) noexcept {
        T* const at = reinterpret_cast<T*>(at_);
        at_ += bytes;
        return at;
    }
    // n rows of queries to panels in which each is a column
    void turn(T* to, attention_rows<T> rows, int from, int n, int length) const noexcept {
        pack_columns<Arch>(to, rows(from), length, n, std::ptrdiff_t(1), rows.step);
    }
    // (keys, queries): each key against each query
    void against(attention_rows<T> keys, int begin, int count, int length, const T* turned, int wide,
                 T* to) const noexcept {
        const stretch whole;
        tile_strip<Arch>(
            tile_operands<T>{keys(begin), keys.step, 1, turned, p_.panel, to, p_.pitch(), &whole, 1, length, false},
            count, wide, std::ptrdiff_t(length) * p_.panel);
    }
    // y (rows, columns) = sum over `length` of a, of these strides, times rows of b [+ y]
    void mix(const T* a, std::ptrdiff_t a_row, std::ptrdiff_t a_col, int rows, attention_rows<T> b, int begin,
             int length, int columns, T* packed, T* y, std::ptrdiff_t step, bool accumulate) const noexcept {
        const stretch whole;
        const bool in_place = plan::is_read_in_place(columns);
        if (!in_place) pack_columns<Arch>(packed, b(begin), length, columns, b.step, std::ptrdiff_t(1));
        tile_strip<Arch>(
            tile_operands<T>{a, a_row, a_col, in_place ? b(begin) : packed,
                             in_place ? b.step : std::ptrdiff_t(p_.panel), y, step, &whole, 1, length, accumulate},
            rows, columns, in_place ? std::ptrdiff_t(p_.panel) : std::ptrdiff_t(length) * p_.panel);
    }

  private:
    const plan& p_;
    std::byte* at_;
};

// Scores (keys, queries) of one vector of queries become exponentials below the largest so far, `top`, which grows by
// them; `total` is added to. Returns by how much what was gathered before has to shrink.
template <class Arch, class T>
[[gnu::always_inline]] inline vector<T, Arch> lane_exponentials(T* x, int keys, int pitch, T* top, T* total) noexcept {
    using V = vector<T, Arch>;
    const V before = load<V>(top);
    V now = before, sum(T(0));
    for (int i = 0; i < keys; ++i) now = xsimd::max(load<V>(x + i * pitch), now);  // NaN passes to the sum
    for (int i = 0; i < keys; ++i) {
        const V e = exp_of_negative(V(load<V>(x + i * pitch) - now));
        sum = sum + e;
        store_to(x + i * pitch, e);
    }
    const V shrink = exp_of_negative(V(before - now));
    store_to(top, now);
    store_to(total, fmadd(load<V>(total), shrink, sum));
    return shrink;
}

template <class Arch, class T>
[[gnu::noinline]] void lane_attention_chunk(const lane_attention_plan<Arch, T>& plan, const attention_head<T>& h,
                                            int from, int n, std::byte* slot) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    const attention_shape& s = plan.shape;
    const int pitch = plan.pitch(), wide = (n + width - 1) / width * width;
    const bool once = s.keys <= plan.block;
    lane_attention_room<Arch, T> room(plan, slot);
    T *const turned = room.take(plan.turned_queries), *const x = room.take(plan.weights);
    T *const top = room.take(plan.state), *const total = top + plan.chunk, *const factor = total + plan.chunk;
    T* const packed_values = room.take(plan.values);
    std::fill_n(top, wide, std::numeric_limits<T>::lowest());
    std::fill_n(total, wide, T(0));
    room.turn(turned, h.q, from, n, s.width);
    scale_row<Arch>(turned, (n + plan.panel - 1) / plan.panel * plan.panel * s.width, static_cast<T>(s.scale));
    T* const y = h.y == nullptr ? nullptr : h.y + from * h.step;
    for (int begin = 0; begin < s.keys; begin += plan.block) {
        const int count = std::min(plan.block, s.keys - begin);
        room.against(h.k, begin, count, s.width, turned, wide, x);
        for (int t = 0; t < wide; t += width) {
            store_to(factor + t, lane_exponentials<Arch>(x + t, count, pitch, top + t, total + t));
            if (!once) continue;
            const V sum = load<V>(total + t), inverse = xsimd::select(sum == V(T(0)), V(T(1)), V(V(T(1)) / sum));
            for (int i = 0; i < count; ++i) store_to(x + i * pitch + t, load<V>(x + i * pitch + t) * inverse);
        }
        if (y == nullptr) continue;
        for (int t = 0; begin > 0 && t < n; ++t)
            if (factor[t] != T(1)) scale_row<Arch>(y + t * h.step, s.depth, factor[t]);
        room.mix(x, 1, pitch, n, h.v, begin, count, s.depth, packed_values, y, h.step, begin > 0);
    }
    for (int t = 0; !once && y != nullptr && t < n; ++t)
        scale_row<Arch>(y + t * h.step, s.depth, total[t] == T(0) ? T(1) : 1 / total[t]);
    if (h.log_sum == nullptr) return;
    for (int t = 0; t < wide; t += width) {
        const V sum = load<V>(total + t);
        store_to(factor + t, xsimd::select(sum == V(T(0)), V(T(0)), V(load<V>(top + t) + log(sum))));
    }
    for (int t = 0; t < n; ++t) h.log_sum[(from + t) * h.log_step] = factor[t];
}

template <class Arch, class T, class HeadOf>
void lane_attention(const attention_shape& s, int samples, HeadOf head_of, std::byte* workspace) noexcept {
    const lane_attention_plan<Arch, T> plan(s, samples, false);
    const int slots = threads::useful(plan.slots);
    threads::parallel(slots, [&](int slot) noexcept {
        const int begin = int(std::ptrdiff_t(plan.items) * slot / slots);
        const int end = int(std::ptrdiff_t(plan.items) * (slot + 1) / slots);
        for (int i = begin; i < end; ++i) {
            const int from = i % plan.chunks * plan.chunk, head = i / plan.chunks % s.heads;
            lane_attention_chunk<Arch, T>(plan, head_of(i / plan.chunks / s.heads, head), from,
                                          std::min(plan.chunk, s.queries - from),
                                          workspace + std::size_t(slot) * plan.slot_bytes());
        }
    });
}

// x: scores (keys, queries) of one vector of queries to weights; d: v dy' to the gradient of the score times its slope.
template <class Arch, class T>
[[gnu::always_inline]] inline void lane_weights(T* x, T* d, int keys, int pitch, const T* log_sum, const T* along,
                                                T slope) noexcept {
    using V = vector<T, Arch>;
    const V shift = load<V>(log_sum), less = load<V>(along), factor(slope);
    for (int i = 0; i < keys; ++i, x += pitch, d += pitch) {
        const V p = exp_of_negative(V(load<V>(x) - shift));
        store_to(x, p);
        store_to(d, V(p * (load<V>(d) - less) * factor));
    }
}

// all queries and keys of one head of one sample
template <class Arch, class T>
[[gnu::noinline]] void lane_attention_gradient_head(const lane_attention_plan<Arch, T>& plan,
                                                    const attention_gradient_head<T>& h, std::byte* slot) noexcept {
    constexpr int width = lanes<vector<T, Arch>>;
    const attention_shape& s = plan.shape;
    const int pitch = plan.pitch();
    lane_attention_room<Arch, T> room(plan, slot);
    T *const turned = room.take(plan.turned_queries), *const turned_dy = room.take(plan.turned_gradients);
    T *const x = room.take(plan.weights), *const d = room.take(plan.weights);
    T *const log_sum = room.take(plan.state), *const along = log_sum + plan.chunk;
    T *const keys = room.take(plan.keys), *const queries = room.take(plan.queries);
    T* const gradients = room.take(plan.gradients);
    for (int from = 0; from < s.queries; from += plan.chunk) {
        const int n = std::min(plan.chunk, s.queries - from), wide = (n + width - 1) / width * width;
        room.turn(turned, h.q, from, n, s.width);
        scale_row<Arch>(turned, (n + plan.panel - 1) / plan.panel * plan.panel * s.width, static_cast<T>(s.scale));
        room.turn(turned_dy, h.dy, from, n, s.depth);
        for (int t = 0; t < wide; ++t) {
            log_sum[t] = t < n ? *h.log_sum(from + t) : T(0);
            along[t] = t < n ? *h.along(from + t) : T(0);
        }
        for (int begin = 0; begin < s.keys; begin += plan.block) {
            const int count = std::min(plan.block, s.keys - begin);
            room.against(h.k, begin, count, s.width, turned, wide, x);
            room.against(h.v, begin, count, s.depth, turned_dy, wide, d);
            for (int t = 0; t < wide; t += width)
                lane_weights<Arch>(x + t, d + t, count, pitch, log_sum + t, along + t, static_cast<T>(s.scale));
            if (h.dq != nullptr)  // += ds k
                room.mix(d, 1, pitch, n, h.k, begin, count, s.width, keys, h.dq + from * h.q_step, h.q_step, begin > 0);
            if (h.dk != nullptr)  // += ds' q
                room.mix(d, pitch, 1, count, h.q, from, n, s.width, queries, h.dk + begin * h.q_step, h.q_step,
                         from > 0);
            if (h.dv != nullptr)  // += p' dy
                room.mix(x, pitch, 1, count, h.dy, from, n, s.depth, gradients, h.dv + begin * h.v_step, h.v_step,
                         from > 0);
        }
    }
}

template <class Arch, class T, class HeadOf>
void lane_attention_gradient(const attention_shape& s, int samples, HeadOf head_of, std::byte* workspace) noexcept {
    const lane_attention_plan<Arch, T> plan(s, samples, true);
    const int slots = threads::useful(plan.slots);
    threads::parallel(slots, [&](int slot) noexcept {
        const int begin = int(std::ptrdiff_t(plan.items) * slot / slots);
        const int end = int(std::ptrdiff_t(plan.items) * (slot + 1) / slots);
        for (int i = begin; i < end; ++i)
            lane_attention_gradient_head<Arch, T>(plan, head_of(i / s.heads, i % s.heads),
                                                  workspace + std::size_t(slot) * plan.slot_bytes());
    });
}

}  // namespace tessera::detail::simd
