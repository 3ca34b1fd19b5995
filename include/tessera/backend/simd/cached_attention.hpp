// cached_attention: one query of a head over the keys that a stream has kept, and its own: y (V) = softmax(score) v.
//
// The rows of the ring but one, which this call's key and value take the place of after it, then these: keys in blocks,
// with a running maximum and sum as in attention.hpp. Rows are read where they are.
//
// Cost         2 filled (K + V) flop and as many exponentials as keys, of a head; no workspace.
// Determinism  blocks depend on what is filled alone.
#pragma once
#include <tessera/backend/simd/attention.hpp>
#include <tessera/ir/operations/attention_geometry.hpp>

namespace tessera::detail::simd {

// what one head reads and writes
template <class T> struct cached_head {
    const T* q = nullptr;
    attention_rows<T> keys, values;  // of the ring
    const T *k = nullptr, *v = nullptr;
    T* y = nullptr;
};

template <class Arch, class T> class cached_query {
  public:
    cached_query(const attention_shape& s, const cached_head<T>& h) : shape_(s), head_(h) {}

    void run(const kept_keys& kept) noexcept {
        over(head_.keys, head_.values, 0, kept.now);
        over(head_.keys, head_.values, kept.now + 1, kept.filled);
        over({head_.k, 0}, {head_.v, 0}, 0, 1);
        scale_row<Arch>(head_.y, shape_.depth, total_ == T(0) ? T(1) : 1 / total_);
    }

  private:
    static constexpr int block = 128, width = lanes<vector<T, Arch>>;

    void over(attention_rows<T> keys, attention_rows<T> values, int first, int end) noexcept {
        for (int begin = first; begin < end; begin += block) add(keys, values, begin, std::min(block, end - begin));
    }
    void add(attention_rows<T> keys, attention_rows<T> values, int begin, int count) noexcept {
        alignas(64) T scores[block + width];
        dot_columns<Arch>(shape_.width, head_.q, keys(begin), keys.step, scores, count, false);
        scale_row<Arch>(scores, count, static_cast<T>(shape_.scale));
        const T now =
            largest_score<Arch>(scores, count, count, static_cast<const T*>(nullptr), static_cast<T>(shape_.cap), top_);
        if (begun_ && now != top_) {
            const T shrink = std::exp(top_ - now);
            total_ *= shrink;
            scale_row<Arch>(head_.y, shape_.depth, shrink);
        }
        top_ = now;
        total_ += exponentials<Arch>(scores, count, now);
        weigh(scores, values, begin, count);
        begun_ = true;
    }
    void weigh(const T* scores, attention_rows<T> values, int begin, int count) noexcept {
        if (vector_traits<vector<T, Arch>>::masked || shape_.depth % width == 0) {
            const stretch whole;
            tile_strip<Arch>(
                tile_operands<T>{scores, 0, 1, values(begin), values.step, head_.y, 0, &whole, 1, count, begun_}, 1,
                shape_.depth, tile_columns<T, Arch>);
            return;
        }
        if (!begun_) std::fill_n(head_.y, shape_.depth, T(0));
        for (int i = 0; i < count; ++i) add_scaled<Arch>(head_.y, values(begin + i), shape_.depth, scores[i]);
    }

    const attention_shape& shape_;
    const cached_head<T>& head_;
    T top_ = std::numeric_limits<T>::lowest(), total_ = T(0);
    bool begun_ = false;
};

}  // namespace tessera::detail::simd
