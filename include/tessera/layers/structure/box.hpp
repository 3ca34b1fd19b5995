// Boxes: sets as products of intervals, whose volumes are probabilities.
//
//   a box is two values, low and high (..., D), low <= high
//
//   box_intersection(a, b, how)    the box in both; its high may be below its low where there is none
//   box_log_volume(a, how)         (...), the sum over the axes of the logarithms of the sides
//   box_containment(a, b, how)     (...), log P(a | b) = log volume(a and b) - log volume(b): 0 where b lies in a
//
//   how    {}                                   sides max(high - low, 0), no less than 1e-30: no gradient without overlap
//          {.temperature = T}                   sides T softplus((high - low) / T): Li et al.
//          {.temperature = T, .gumbel = true}   corners that are uncertain: T log(exp(a / T) + exp(b / T)) in place of the
//                                               maximum, sides T softplus((high - low) / T - 2 g), g Euler's constant:
//                                               Dasgupta et al.
//
//     const values a = box_embedding<100, 8>(first), b = box_embedding<100, 8>(second);
//     const value log_probability = box_containment(a, b, {.temperature = 0.5});
//
// Gradient    exact; of the hard kind 0 where a side is none, so boxes that do not overlap learn nothing.
// Cost        some ten operations an axis, an exp and two logarithms of the soft kinds.
// Errors      compile time: boxes that are not two values of one shape; boxes of shapes that do not stretch; a negative
//             temperature, gumbel without one.
// Source      Vilnis, Li, Murty, McCallum 2018, "Probabilistic Embedding of Knowledge Graphs with Box Lattice Measures";
//             Li, Vilnis, Zhang, Boratko, McCallum 2019, "Smoothing the Geometry of Probabilistic Box Embeddings";
//             Dasgupta et al. 2020, "Improving Local Identifiability in Probabilistic Box Embeddings".
#pragma once
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/reduce.hpp>
#include <tessera/ir/values.hpp>
#include <tessera/layers/activation/softplus.hpp>

namespace tessera {

struct box_softness {
    double temperature = 0;
    bool gumbel = false;
};

namespace detail {

constexpr bool expects_box(const values& a, const box_softness& how) {
    if (!a[0].valid()) return false;
    graph& g = *a[0].owner;
    if (a.count != 2 || !(a[0].shape() == a[1].shape()) || a[0].rank() < 1)
        return reject(g, text("a box, low and high (..., D)"), text("") + a.count + " values"), false;
    if (!(how.temperature >= 0) || (how.gumbel && how.temperature == 0))
        return reject(g, text("a temperature above 0, or 0 for hard sides"), text("another")), false;
    return true;
}
// T log(exp(a / T) + exp(b / T)), no less than the larger of both
constexpr value soft_maximum(value a, value b, double t) {
    return maximum(a, b) + t * log1p(exp(abs(a - b) * (-1 / t)));
}

}  // namespace detail

constexpr values box_intersection(const values& a, const values& b, box_softness how = {}) {
    if (!detail::expects_box(a, how) || !detail::expects_box(b, how)) return a;
    if (!how.gumbel) return {maximum(a[0], b[0]), minimum(a[1], b[1])};
    return {detail::soft_maximum(a[0], b[0], how.temperature), -detail::soft_maximum(-a[1], -b[1], how.temperature)};
}

constexpr value box_log_volume(const values& a, box_softness how = {}) {
    if (!detail::expects_box(a, how)) return a[0];
    constexpr double euler = 0.57721566490153286061;
    const value side = a[1] - a[0];
    if (how.temperature == 0) return sum(log(maximum(side, 1e-30)), last);
    const double t = how.temperature;
    const value soft = softplus_layer{}.apply(side * (1 / t) - (how.gumbel ? 2 * euler : 0));
    return sum(log(maximum(soft * t, 1e-30)), last);
}

constexpr value box_containment(const values& a, const values& b, box_softness how = {}) {
    if (!detail::expects_box(a, how) || !detail::expects_box(b, how)) return a[0];
    return box_log_volume(box_intersection(a, b, how), how) - box_log_volume(b, how);
}

}  // namespace tessera
