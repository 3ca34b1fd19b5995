// The oracle's attention and its gradients, over all pairs of a query and a key.
#pragma once
#include <tessera/ir/operations/attention_geometry.hpp>

#include "rows.hpp"

namespace tessera::random_networks {

using namespace detail;

class attention_oracle {
  public:
    attention_oracle(const operands& o, precision p)
        : o_(o), p_(p), own_(o.attributes<attention_attributes>()), biased_(o.self.argument_count > 3) {
        queries_ = o.shape(0)[0];
        heads_ = o.shape(0)[1];
        width_ = o.shape(0)[2];
        keys_ = o.shape(1)[0];
        forward_ = o.self.kind == op::attention;
        depth_ = o.shape(2)[2] - (forward_ ? 0 : 2);
    }

    numbers forward() const {
        const bool keeps = own_.keeps_log_sum != 0;
        return o_.each([&](int s, int i) {
            const int wide = depth_ + keeps, column = i % wide, head = i / wide % heads_, t = i / wide / heads_;
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

    // those of q, k and v, one after another
    numbers gradient() const {
        numbers y;
        if (!finite_rows()) return numbers(static_cast<std::size_t>(o_.samples() * o_.self.shape.size()), unknown());
        for (int s = 0; s < o_.samples(); ++s) {
            for (int t = 0; t < queries_; ++t)
                for (int h = 0; h < heads_; ++h)
                    for (int i = 0; i < width_; ++i) {
                        numbers terms;
                        for (int k = 0; k < seen_by(t); ++k)
                            terms.push_back(o_.with.multiply(pair(s, h, t, k).product, key(s, h, k, i)));
                        y.push_back(o_.with.sum(terms));
                    }
            for (int k = 0; k < keys_; ++k)
                for (int h = 0; h < heads_; ++h)
                    for (int i = 0; i < width_; ++i) {
                        numbers terms;
                        for (int t = 0; t < queries_; ++t)
                            if (k < seen_by(t))
                                terms.push_back(o_.with.multiply(pair(s, h, t, k).product, query(s, h, t, i)));
                        y.push_back(o_.with.sum(terms));
                    }
            for (int k = 0; k < keys_; ++k)
                for (int h = 0; h < heads_; ++h)
                    for (int i = 0; i < depth_; ++i) {
                        numbers terms;
                        for (int t = 0; t < queries_; ++t)
                            if (k < seen_by(t))
                                terms.push_back(o_.with.multiply(pair(s, h, t, k).weight, row(s, h, t, i)));
                        y.push_back(o_.with.sum(terms));
                    }
        }
        return y;
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
    bounded key(int s, int h, int k, int i) const {
        return o_.at(1, s, (k * heads_ + h) * (forward_ ? width_ : width_ + depth_) + i);
    }
    // of the backward half: dy, log sum exp, sum dy y
    bounded row(int s, int h, int t, int i) const { return o_.at(2, s, (t * heads_ + h) * (depth_ + 2) + i); }

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
        const extents& b = o_.shape(3);
        return o_.at(3, s, ((b[0] == 1 ? 0 : h) * b[1] + (b[1] == 1 ? 0 : t)) * keys_ + k);
    }
    bool hidden_by_bias(int s, int h, int t) const {
        bool all = true;
        for (int k = 0; k < seen_by(t); ++k) all = all && biased_ && bias(s, h, t, k).value == -infinite;
        return all;
    }
    // what a weight of 0 is multiplied with may be infinite, or no number
    bool finite_rows() const {
        for (int k = 1; k < 3; ++k)
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
        const bounded weight = exponential_of(o_.with.add(x, o_.with.negate(row(s, h, t, depth_))), o_.with);
        numbers terms;
        for (int i = 0; i < depth_; ++i) terms.push_back(o_.with.multiply(row(s, h, t, i), key(s, h, k, width_ + i)));
        const bounded along = o_.with.add(o_.with.sum(terms), o_.with.negate(row(s, h, t, depth_ + 1)));
        const bounded d = o_.with.multiply(weight, along);
        return {weight, d, o_.with.multiply(d, slope)};
    }

    const operands& o_;
    precision p_;
    attention_attributes own_;
    bool biased_;
    int queries_, heads_, width_, keys_, depth_;
    bool forward_;
};

inline numbers attention_of(const operands& o, precision p) {
    const attention_oracle a(o, p);
    return o.self.kind == op::attention            ? a.forward()
           : o.self.kind == op::attention_gradient ? a.gradient()
                                                   : a.bias_gradient();
}

}  // namespace tessera::random_networks
