// fisher_vector<K>: many descriptors as one vector: how a mixture of K Gaussians would have to change to fit them better.
//
//   in      x (places..., D)
//   out     y (2 K D): u (K, D), then v (K, D)
//
//   q_nk = the probability that descriptor n is of Gaussian k, with weight pi_k, mean mu_k and deviations sigma_k
//   u_k  = sum_n q_nk (x_n - mu_k) / sigma_k / (N sqrt(pi_k))
//   v_k  = sum_n q_nk (((x_n - mu_k) / sigma_k)^2 - 1) / (N sqrt(2 pi_k))
//
// The mixture is usually that of the data, found beforehand and loaded; as parameters it is trained with the rest.
// Options     signed_root: each number's root with its sign; unit_length: divided by its length, which is at least 1e-6.
//             Both together, in that order, are the improved vector of Perronnin.
// Parameters  log_weight (K), zero, softmax makes the weights of it; mean (K, D), normal; log_deviation (K, D), zero.
// Gradient    exact; of signed_root bounded at 0: sign(y) sqrt(|y| + 1e-12).
// Cost        4 K D multiply-adds a place; no array of places x K x D.
// Accuracy    squares are expanded, so descriptors far from 0 against their deviation lose digits: centre them.
// Errors      compile time: K < 1; an input of rank 0 or 1.
// Source      Perronnin, Sanchez, Mensink 2010, "Improving the Fisher Kernel for Large-Scale Image Classification";
//             Cimpoi, Maji, Vedaldi 2015, "Deep Filter Banks for Texture Recognition and Segmentation".
#pragma once
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/softmax.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

struct signed_root {};
struct unit_length {};

template <int K, class... Options> struct fisher_vector_layer : layer_base<fisher_vector_layer<K, Options...>> {
    static_assert(K >= 1, "fisher_vector<K>: K must be at least 1");
    static_assert((detail::is_option_of<Options, signed_root, unit_length> && ...),
                  "fisher_vector<K, ...>: the options are signed_root and unit_length");
    static constexpr std::string_view name = "fisher_vector";
    static constexpr text describe() { return text("fisher_vector<") + K + std::string_view(">"); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2, "descriptors (places..., features)")) return x;
        const int d = x.extent(-1), n = x.size() / d;
        const value at = reshape(x, {n, d});
        const value log_weight =
            softmax_over_last(detail::op::log_softmax, parameter("log_weight", {K}).with(x));  // (K)
        const value centre = parameter("mean", {K, d}, initial::normal(1)).with(x);
        const value log_deviation = parameter("log_deviation", {K, d}).no_weight_decay().with(x);
        const value precision = exp(-2 * log_deviation), squares = square(at);
        // log pi_k - sum_d log sigma - |(x - mu) / sigma|^2 / 2
        const value of_k = log_weight - sum(log_deviation + 0.5 * square(centre) * precision, last);  // (K)
        const value fit = einsum("nd,kd->nk", at, centre * precision) - 0.5 * einsum("nd,kd->nk", squares, precision);
        const value q = softmax_over_last(detail::op::softmax, fit + of_k);  // (N, K)
        const value zeroth = reshape(sum(q, leading), {K, 1});
        const value first = einsum("nk,nd->kd", q, at), second = einsum("nk,nd->kd", q, squares);
        const value scale = reshape(exp(-0.5 * log_weight), {K, 1}) * (1.0 / n);
        const value u = (first - centre * zeroth) * exp(-log_deviation) * scale;
        const value spread = (second - 2 * centre * first + square(centre) * zeroth) * precision - zeroth;
        const value v = spread * scale * rsqrt(2);
        value y = reshape(concatenate({u, v}, 0), {2 * K * d});
        if constexpr (detail::has_option<signed_root, Options...>) y = sign(y) * sqrt(abs(y) + 1e-12);
        if constexpr (detail::has_option<unit_length, Options...>) y = y * rsqrt(maximum(sum(square(y)), 1e-12));
        return y;
    }
};

template <int K, class... Options> inline constexpr fisher_vector_layer<K, Options...> fisher_vector{};

}  // namespace tessera
