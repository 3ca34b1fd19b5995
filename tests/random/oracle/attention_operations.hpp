// The oracle's attention and its gradients, over all pairs of a query and a key.
#pragma once
#include <tessera/ir/operations/attention_geometry.hpp>

#include "rows.hpp"

namespace tessera::random_networks {

using namespace detail;

class attention_oracle {
  public:
    attention_oracle(const operands& o, precision p) : o_(o), p_(p), own_(o.attributes<attention_attributes>()) {
        queries_ = o.shape(0)[0];
        heads_ = o.shape(0)[1];
        width_ = o.shape(0)[2];
        keys_ = o.shape(1)[0];
        forward_ = o.self.kind == op::attention;
        depth_ = o.shape(2)[2];
        bias_ = forward_ ? 3 : 6;
        biased_ = o.self.argument_count > bias_;
    }

    // the result, or the log-sum-exp of the scores
    numbers forward(int which) const {
        const int wide = which == 0 ? depth_ : 1;
        return of_rows(queries_, wide, [&](int s, int i) {
            const int head = i / wide % heads_, t = i / wide / heads_, column = which == 0 ? i % wide : depth_;
            const numbers row = scores(s, head, t);
            for (int k = 0; k < seen_by(t) && column < depth_; ++k)  // a weight may be 0
                if (!o_.at(2, s, (k * heads_ + head) * depth_ + column).finite()) return unknown();
            if (no_key(row)) return column < depth_ && hidden_by_bias(s, head, t) ? exactly(0) : unknown();
            const log_sum sum = log_sum_of(row, p_);
            if (column == depth_) return sum.value;
            numbers terms;
            for (std::size_t k = 0; k < row.size(); ++k) {
                const bounded v = o_.at(2, s, (static_cast<int>(k) * heads_ + head) * depth_ + column);
                const bounded weight = exponential_of(log_softmax_at(row, sum, k, p_), o_.with);
                terms.push_back(o_.with.multiply(weight, v));
            }
            return o_.with.sum(terms);
        });
    }

    // those of q, k and v
    numbers gradient(int which) const {
        const bool finite = finite_rows();
        const int wide = which == 2 ? depth_ : width_;
        return of_rows(which == 0 ? queries_ : keys_, wide, [&](int s, int number) {
            if (!finite) return unknown();
            const int i = number % wide, h = number / wide % heads_, place = number / wide / heads_;
            numbers terms;
            for (int other = 0; other < (which == 0 ? keys_ : queries_); ++other) {
                const int t = which == 0 ? place : other, k = which == 0 ? other : place;
                if (k >= seen_by(t)) continue;
                const gradients d = pair(s, h, t, k);
                terms.push_back(which == 0   ? o_.with.multiply(d.product, key(s, h, k, i))
                                : which == 1 ? o_.with.multiply(d.product, query(s, h, t, i))
                                             : o_.with.multiply(d.weight, upstream(s, h, t, i)));
            }
            return o_.with.sum(terms);
        });
    }

    numbers bias_gradient() const {
        const bool finite = finite_rows();
        return o_.each([&](int s, int i) {
            if (!finite) return unknown();
            const int k = i % keys_, t = i / keys_ % queries_, h = i / keys_ / queries_;
            numbers terms;
            for (int sample : o_.samples_of(s))
                if (k < seen_by(t)) terms.push_back(pair(sample, h, t, k).score);
            return o_.with.sum(terms);
        });
    }

  private:
    struct gradients {
        bounded weight, score, product;
    };

    bool causal() const { return own_.causal != 0; }
    int seen_by(int t) const { return causal() ? t + keys_ - queries_ + 1 : keys_; }
    bounded query(int s, int h, int t, int i) const { return o_.at(0, s, (t * heads_ + h) * width_ + i); }
    bounded key(int s, int h, int k, int i) const { return o_.at(1, s, (k * heads_ + h) * width_ + i); }
    bounded held(int s, int h, int k, int i) const { return o_.at(2, s, (k * heads_ + h) * depth_ + i); }
    // of the backward half: dy, log sum exp, sum dy y
    bounded upstream(int s, int h, int t, int i) const { return o_.at(3, s, (t * heads_ + h) * depth_ + i); }
    bounded log_sum_of_scores(int s, int h, int t) const { return o_.at(4, s, t * heads_ + h); }
    bounded along_result(int s, int h, int t) const { return o_.at(5, s, t * heads_ + h); }

    // a result (length, heads, wide): f(sample, number of the element)
    template <class F> numbers of_rows(int length, int wide, F f) const {
        numbers y;
        for (int s = 0; s < o_.samples(); ++s)
            for (int i = 0; i < length * heads_ * wide; ++i) y.push_back(f(s, i));
        return y;
    }

    // scale q k', bent by the cap; and its slope
    bounded product(int s, int h, int t, int k, bounded& slope) const {
        numbers terms;
        for (int i = 0; i < width_; ++i) terms.push_back(o_.with.multiply(query(s, h, t, i), key(s, h, k, i)));
        const bounded scale = o_.with.number(own_.scale);
        bounded x = o_.with.multiply(o_.with.sum(terms), scale);
        slope = scale;
        const double cap = own_.cap;
        if (cap == 0) return x;
        const bounded bent = function_of(o_.with, scalar_function::tangent_h, o_.with.divide(x, exactly(cap)), {}, {});
        slope = o_.with.multiply(scale, o_.with.add(exactly(1), o_.with.negate(o_.with.multiply(bent, bent))));
        return o_.with.multiply(exactly(cap), bent);
    }
    bounded score(int s, int h, int t, int k, bounded& slope) const {
        const bounded x = product(s, h, t, k, slope);
        if (!biased_) return x;
        return o_.with.add(x, bias(s, h, t, k));
    }
    numbers scores(int s, int h, int t) const {
        numbers row;
        bounded slope;
        for (int k = 0; k < seen_by(t); ++k) row.push_back(score(s, h, t, k, slope));
        return row;
    }
    bounded bias(int s, int h, int t, int k) const {
        const extents& b = o_.shape(bias_);
        return o_.at(bias_, s, ((b[0] == 1 ? 0 : h) * b[1] + (b[1] == 1 ? 0 : t)) * keys_ + k);
    }
    bool hidden_by_bias(int s, int h, int t) const {
        bool all = true;
        for (int k = 0; k < seen_by(t); ++k) all = all && biased_ && bias(s, h, t, k).value == -infinite;
        return all;
    }
    // what a weight of 0 is multiplied with may be infinite, or no number
    bool finite_rows() const {
        for (int k = 1; k < 6; ++k)
            for (const bounded& x : o_.made[static_cast<std::size_t>(o_.id(k))])
                if (!x.finite()) return false;
        return true;
    }
    static bool no_key(const numbers& row) {
        return std::all_of(row.begin(), row.end(), [](const bounded& x) { return x.exact() && x.value == -infinite; });
    }
    gradients pair(int s, int h, int t, int k) const {
        bounded slope;
        const bounded x = score(s, h, t, k, slope);
        const bounded weight = exponential_of(o_.with.add(x, o_.with.negate(log_sum_of_scores(s, h, t))), o_.with);
        numbers terms;
        for (int i = 0; i < depth_; ++i) terms.push_back(o_.with.multiply(upstream(s, h, t, i), held(s, h, k, i)));
        const bounded along = o_.with.add(o_.with.sum(terms), o_.with.negate(along_result(s, h, t)));
        const bounded d = o_.with.multiply(weight, along);
        return {weight, d, o_.with.multiply(d, slope)};
    }

    const operands& o_;
    precision p_;
    attention_attributes own_;
    int bias_ = 3;
    bool biased_ = false;
    int queries_, heads_, width_, keys_, depth_;
    bool forward_;
};

inline numbers attention_of(const operands& o, precision p, int which = 0) {
    const attention_oracle a(o, p);
    return o.self.kind == op::attention            ? a.forward(which)
           : o.self.kind == op::attention_gradient ? a.gradient(which)
                                                   : a.bias_gradient();
}

}  // namespace tessera::random_networks
