// simplex_classifier<K>: a last layer that is not learnt: K classes at the corners of a regular simplex.
//
//   in      x (..., K - 1)
//   out     logits (..., K), x . v_k
//
//   v_k are unit vectors in K - 1 dimensions, v_j . v_k = -1 / (K - 1), and sum to 0: the rows of the identity and one
//   row of (1 - sqrt(K)) / (K - 1), moved to their mean and scaled.
//
// All classes that may ever come have their place from the start, so features of later models can be compared with
// those of earlier ones.
// Options     scaled_by<S>: logits times S.
// Parameters  none.
// Gradient    exact.
// Cost        a sum and two operations a class: the corners are nearly an identity, so no product is needed.
// Errors      compile time: K < 2; an input whose last axis is not K - 1.
// Source      Biondi et al. 2023, "CoReS: Compatible Representations via Stationarity".
#pragma once
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/reduce.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

template <auto S> struct scaled_by {};

namespace detail {

template <class> inline constexpr bool is_scaling = false;
template <auto S> inline constexpr bool is_scaling<scaled_by<S>> = true;
template <class> inline constexpr double scaling_option = 1;
template <auto S> inline constexpr double scaling_option<scaled_by<S>> = double(S);

}  // namespace detail

template <int K, class... Options>
struct simplex_classifier_layer : layer_base<simplex_classifier_layer<K, Options...>> {
    static_assert(K >= 2, "simplex_classifier<K>: K must be at least 2");
    static_assert((detail::is_scaling<Options> && ...), "simplex_classifier<K, ...>: the option is scaled_by<S>");
    static constexpr std::string_view name = "simplex_classifier";
    static constexpr text describe() { return text("simplex_classifier<") + K + std::string_view(">"); }

    constexpr value apply(value x) const {
        constexpr int n = K - 1;
        if (!expects(x, x.rank() >= 1 && x.extent(-1) == n,
                     (text("") + n + std::string_view(" features for ") + K + std::string_view(" classes")).view()))
            return x;
        const double root = detail::mathematics::sqrt(K), corner = (1 - root) / n, centre = (1 + corner) / K;
        const double scale = (1.0 * ... * detail::scaling_option<Options>) /
                             detail::mathematics::sqrt(1 - 2 * centre + n * centre * centre);
        detail::list<double> of_sum;  // x . v_k is scale (x_k + of_sum_k sum x), x_n = 0
        for (int k = 0; k < n; ++k) of_sum.push_back(-centre * scale);
        of_sum.push_back((corner - centre) * scale);
        extents none, one;
        for (int a = 0; a < x.rank(); ++a) {
            none.push(0);
            one.push(a + 1 == x.rank() ? 1 : 0);
        }
        return padded(x, none, one) * scale + sum(x, last, keep_axes) * constant(of_sum, {K}).with(x);
    }
};

template <int K, class... Options> inline constexpr simplex_classifier_layer<K, Options...> simplex_classifier{};

}  // namespace tessera
