// attention_gradient: dq, dk and dv of attention from q, k, v, dy, the log-sum-exp of each row and d = sum dy y.
//
//   p = e^(x - log-sum-exp)    dv = p' dy    ds = p (dy v' - d)    dq = slope ds k    dk = slope ds' q
//
// attention_bias_gradient is ds, added up over the samples.
//
// An item is one head of one sample: blocks of keys, and for each the queries in chunks, whose weights and their
// gradients are all that is kept of the pairs. For a bias, an item is a head and a chunk of queries;
// for one by offset, a head.
// Workspace    attention_gradient_workspace<Arch, T>(shape, samples, of_bias) bytes, 64-byte aligned.
// Cost         2 H T S (3 K + 2 V) flop and H T S exponentials, half of it where causal; of a bias 2 H T S (K + V).
// Determinism  an item runs on one thread, in an order that depends on the shape alone.
// Source       Dao 2023, "FlashAttention-2", algorithm 2.
#pragma once
#include <tessera/backend/simd/attention.hpp>

namespace tessera::detail::simd {

template <class Arch, class T> struct attention_gradient_plan {
    static constexpr int panel = tile_columns<T, Arch>;
    static constexpr int most_keys = 128, most_queries = 64;

    attention_shape shape;
    bool of_bias = false;
    int block = 1, chunk = 1, chunks = 1, items = 1, slots = 1;
    int pitch = 1;  // of a row of weights
    std::size_t turned_keys = 0, turned_values = 0, keys = 0, queries = 0, gradients = 0, weights = 0, scaled = 0;

    constexpr attention_gradient_plan(const attention_shape& s, int samples, bool bias) : shape(s), of_bias(bias) {
        block = std::min((most_keys + panel - 1) / panel * panel, s.keys);
        chunks = (s.queries + most_queries - 1) / most_queries;
        chunk = (s.queries + chunks - 1) / chunks;
        items = samples * s.heads * (bias && !s.by_offset ? chunks : 1);
        pitch = (block + panel - 1) / panel * panel + packing_gap<T>;
        const auto bytes_of = [](int rows, int columns) {
            return padded(std::size_t(rows) * std::size_t(columns) * sizeof(T));
        };
        turned_keys = packed_columns_bytes<Arch, T>(s.width, block);
        turned_values = packed_columns_bytes<Arch, T>(s.depth, block);
        weights = bytes_of(chunk, pitch);
        scaled = bytes_of(tile_rows<Arch>, s.width);
        if (!bias) {
            keys = packed_columns_bytes<Arch, T>(block, s.width);
            queries = packed_columns_bytes<Arch, T>(chunk, s.width);
            gradients = packed_columns_bytes<Arch, T>(chunk, s.depth);
        }
        slots = shares(items, slot_bytes());
    }
    constexpr std::size_t slot_bytes() const {
        return turned_keys + turned_values + keys + queries + gradients + 2 * weights + scaled;
    }
    constexpr std::size_t bytes() const { return std::size_t(slots) * slot_bytes(); }
};

template <class Arch, class T>
constexpr std::size_t attention_gradient_workspace(const attention_shape& s, int samples, bool of_bias) {
    return attention_gradient_plan<Arch, T>(s, samples, of_bias).bytes();
}

// one head of one sample; of dq, dk and dv one that is not wanted is null
template <class T> struct attention_gradient_head {
    attention_rows<T> q, k, v, dy, log_sum, along, bias;
    T *dq = nullptr, *dk = nullptr, *dv = nullptr;
    T* dbias = nullptr;  // (T, S), or by offset (T + S - 1), added to
    std::ptrdiff_t q_step = 0, v_step = 0;
};

// x: scores to weights; d: dy v' to the gradient of the score, times the slope of the score where one is asked for.
// `seen` count, the others up to `wide` are 0.
template <class Arch, class T>
[[gnu::noinline]] void weigh(T* x, T* d, int seen, int wide, const T* bias, T cap, T scale, bool sloping, T log_sum,
                             T along) noexcept {
    using V = vector<T, Arch>;
    constexpr int width = lanes<V>;
    const V limit(cap), inverse(cap != T(0) ? 1 / cap : T(0)), shift(log_sum), less(along), factor(scale), one(T(1));
    const int whole = (seen + width - 1) / width * width;
    std::fill(x + seen, x + whole, log_sum);  // harmless numbers in what is left of the last vector
    std::fill(d + seen, d + whole, along);
    for (int i = 0; i < seen; i += width) {
        V s = load<V>(x + i), slope = factor;
        if (cap != T(0)) {
            const V bent = tanh(V(s * inverse));
            s = limit * bent;
            if (sloping) slope = slope * (one - bent * bent);
        }
        if (bias != nullptr) s = s + load<V>(bias + i, first<V>(std::min(width, seen - i)));
        const V p = exp_of_negative(V(s - shift));
        store_to(x + i, p);
        store_to(d + i, p * (load<V>(d + i) - less) * slope);
    }
    std::fill(x + seen, x + wide, T(0));
    std::fill(d + seen, d + wide, T(0));
}

template <class Arch, class T> class attention_gradient_item {
  public:
    using head = attention_gradient_head<T>;

    attention_gradient_item(const attention_gradient_plan<Arch, T>& plan, const head& h, std::byte* slot) noexcept
        : plan_(plan), h_(h) {
        const auto take = [&](std::size_t bytes) {
            T* const at = reinterpret_cast<T*>(slot);
            slot += bytes;
            return at;
        };
        turned_keys_ = take(plan.turned_keys);
        turned_values_ = take(plan.turned_values);
        keys_ = take(plan.keys);
        queries_ = take(plan.queries);
        gradients_ = take(plan.gradients);
        weights_ = take(plan.weights);
        derivatives_ = take(plan.weights);
        scaled_ = take(plan.scaled);
    }

    // all of dq, dk and dv
    void run() const noexcept {
        const attention_shape& s = plan_.shape;
        for (int begin = 0; begin < s.keys; begin += plan_.block) {
            const int count = std::min(plan_.block, s.keys - begin);
            turn(begin, count);
            pack_columns<Arch>(keys_, h_.k(begin), count, s.width, h_.k.step, std::ptrdiff_t(1));
            T* const dk = h_.dk == nullptr ? nullptr : h_.dk + begin * h_.q_step;
            T* const dv = h_.dv == nullptr ? nullptr : h_.dv + begin * h_.v_step;
            for (int i = 0; i < count; ++i) {
                if (dk != nullptr) std::fill_n(dk + i * h_.q_step, s.width, T(0));
                if (dv != nullptr) std::fill_n(dv + i * h_.v_step, s.depth, T(0));
            }
            for (int from = 0; from < s.queries; from += plan_.chunk) {
                const int to = std::min(from + plan_.chunk, s.queries), wide = seen(to - 1, begin, count);
                if (wide <= 0) continue;
                weigh_chunk(from, to, begin, count, wide);
                // dq += ds k
                if (h_.dq != nullptr)
                    add(derivatives_, plan_.pitch, 1, keys_, wide, count, h_.dq + from * h_.q_step, h_.q_step,
                        to - from, s.width, begin > 0);
                // dk += ds' q, dv += p' dy
                const int n = to - from;
                if (dk != nullptr) {
                    pack_columns<Arch>(queries_, h_.q(from), n, s.width, h_.q.step, std::ptrdiff_t(1));
                    add(derivatives_, 1, plan_.pitch, queries_, n, n, dk, h_.q_step, wide, s.width, true);
                }
                if (dv != nullptr) {
                    pack_columns<Arch>(gradients_, h_.dy(from), n, s.depth, h_.dy.step, std::ptrdiff_t(1));
                    add(weights_, 1, plan_.pitch, gradients_, n, n, dv, h_.v_step, wide, s.depth, true);
                }
            }
        }
    }

    // adds ds of a chunk of queries to the bias
    void add_to_bias(int from, int to) const noexcept {
        const attention_shape& s = plan_.shape;
        for (int begin = 0; begin < std::min(s.keys, s.seen_by(to - 1)); begin += plan_.block) {
            const int count = std::min(plan_.block, s.keys - begin), wide = seen(to - 1, begin, count);
            turn(begin, count);
            weigh_chunk(from, to, begin, count, wide);
            for (int t = from; t < to; ++t) {
                T* const y = h_.dbias + (s.by_offset ? s.queries - 1 - t : std::ptrdiff_t(t) * s.keys) + begin;
                const T* const d = derivatives_ + (t - from) * plan_.pitch;
                for (int i = 0; i < wide; ++i) y[i] += d[i];
            }
        }
    }

  private:
    int seen(int query, int begin, int count) const noexcept {
        return std::clamp(plan_.shape.seen_by(query) - begin, 0, count);
    }
    void turn(int begin, int count) const noexcept {
        const attention_shape& s = plan_.shape;
        pack_columns<Arch>(turned_keys_, h_.k(begin), s.width, count, std::ptrdiff_t(1), h_.k.step);
        pack_columns<Arch>(turned_values_, h_.v(begin), s.depth, count, std::ptrdiff_t(1), h_.v.step);
    }
    // c (rows, columns) = a (rows, length) b (length, columns) [+ c], b packed with `deep` rows
    void add(const T* a, std::ptrdiff_t a_row, std::ptrdiff_t a_col, const T* b, int length, int deep, T* c,
             std::ptrdiff_t c_row, int rows, int columns, bool accumulate) const noexcept {
        const stretch whole;
        tile_block<Arch>(tile_operands<T>{a, a_row, a_col, b, plan_.panel, c, c_row, &whole, 1, length, accumulate},
                         rows, columns, std::ptrdiff_t(deep) * plan_.panel, tail{}, 0);
    }
    // the weights of queries and a block of keys, and their gradients; columns up to `wide`
    void weigh_chunk(int from, int to, int begin, int count, int wide) const noexcept {
        const attention_shape& s = plan_.shape;
        for (int t = from, high; t < to; t += high) {
            high = tile_height<Arch>(to - t);
            T *const x = weights_ + (t - from) * plan_.pitch, *const d = derivatives_ + (t - from) * plan_.pitch;
            const int here = seen(t + high - 1, begin, count);
            if (here > 0) {
                copy_scaled<Arch>(scaled_, {h_.q(t), h_.q.step}, high, s.width, static_cast<T>(s.scale));
                add(scaled_, s.width, 1, turned_keys_, s.width, s.width, x, plan_.pitch, high, here, false);
                add(h_.dy(t), h_.dy.step, 1, turned_values_, s.depth, s.depth, d, plan_.pitch, high, here, false);
            }
            for (int r = 0; r < high; ++r) {
                const T* const bias = h_.bias.at == nullptr ? nullptr : h_.bias(t + r) + begin;
                weigh<Arch>(x + r * plan_.pitch, d + r * plan_.pitch, seen(t + r, begin, count), wide, bias,
                            static_cast<T>(s.cap), plan_.of_bias ? T(1) : static_cast<T>(s.scale), !plan_.of_bias,
                            *h_.log_sum(t + r), *h_.along(t + r));
            }
        }
    }

    const attention_gradient_plan<Arch, T>& plan_;
    const head& h_;
    T *turned_keys_, *turned_values_, *keys_, *queries_, *gradients_, *weights_, *derivatives_, *scaled_;
};

template <class Arch, class T, class HeadOf>
void attention_gradient(const attention_shape& s, int samples, HeadOf head_of, std::byte* workspace) noexcept {
    const attention_gradient_plan<Arch, T> plan(s, samples, false);
    const int slots = threads::useful(plan.slots);
    threads::parallel(slots, [&](int slot) noexcept {
        const int begin = int(std::ptrdiff_t(plan.items) * slot / slots);
        const int end = int(std::ptrdiff_t(plan.items) * (slot + 1) / slots);
        for (int i = begin; i < end; ++i) {
            const attention_gradient_head<T> h = head_of(i / s.heads, i % s.heads);
            attention_gradient_item<Arch, T>(plan, h, workspace + std::size_t(slot) * plan.slot_bytes()).run();
        }
    });
}

// y (results, H, T, S), or by offset (results, H, T + S - 1); each is the sum over the `summed` samples that belong to it
template <class Arch, class T, class HeadOf>
void attention_bias_gradient(const attention_shape& s, int results, int summed, T* y, HeadOf head_of,
                             std::byte* workspace) noexcept {
    const attention_gradient_plan<Arch, T> plan(s, results, true);
    const std::ptrdiff_t size =
        s.by_offset ? std::ptrdiff_t(s.queries) + s.keys - 1 : std::ptrdiff_t(s.queries) * s.keys;
    const int parts = s.by_offset ? 1 : plan.chunks;
    const int slots = threads::useful(plan.slots);
    threads::parallel(slots, [&](int slot) noexcept {
        const int begin = int(std::ptrdiff_t(plan.items) * slot / slots);
        const int end = int(std::ptrdiff_t(plan.items) * (slot + 1) / slots);
        for (int i = begin; i < end; ++i) {
            const int head = i / parts % s.heads, result = i / parts / s.heads;
            const int first = s.by_offset ? 0 : i % parts * plan.chunk;
            const int last = s.by_offset ? s.queries : std::min(first + plan.chunk, s.queries);
            T* const dbias = y + (std::ptrdiff_t(result) * s.heads + head) * size;
            if (s.by_offset)
                std::fill_n(dbias, size, T(0));
            else
                std::fill(dbias + std::ptrdiff_t(first) * s.keys, dbias + std::ptrdiff_t(last) * s.keys, T(0));
            for (int k = 0; k < summed; ++k) {
                attention_gradient_head<T> h = head_of(result * summed + k, head);
                h.dbias = dbias;
                const attention_gradient_item<Arch, T> item(plan, h, workspace + std::size_t(slot) * plan.slot_bytes());
                for (int from = first; from < last; from += plan.chunk)
                    item.add_to_bias(from, std::min(from + plan.chunk, last));
            }
        }
    });
}

}  // namespace tessera::detail::simd
