// concept_subspaces<P...>: one code, several concepts, each with P prototypes in a subspace of its own.
//
//   in      z (..., D)
//   out     for each concept logits (..., P), minus squared distances; with two concepts or more at last a scalar, how
//           much their subspaces have in common: subspace_alignment, the mean over pairs of concepts
//
//   of a concept with prototypes p_0 ... p_(P-1): Q = orthonormal_basis(p_k - p_0), k >= 1
//   logits_k = -|Q (z - p_0) - Q (p_k - p_0)|^2       distances within the plane that the prototypes span
//
// softmax of the logits is the class's probability. Driven to 0 by a loss, the alignment makes concepts independent, a
// fair classifier; driven to 1 it nests them.
//
// Options     none. What it is made of are functions, for other compositions: see subspace.hpp.
// Parameters  0, 1, ...: prototypes (P, D), normal with deviation 1.
// Gradient    exact, through the orthonormal basis.
// Cost        a place: 2 (P - 1) D + P (P - 1) multiply-adds; the bases once a call.
// Errors      compile time: P < 2, more than D + 1, or more than 7 concepts; an input of rank 0 or above 4.
// Source      Tucker, Shah 2022, "Prototype Based Classification from Hierarchy to Fairness". Its code normalises the
//             probabilities over a whole batch in one layer; here each place has its own.
#pragma once
#include <tessera/layers/structure/squared_distances.hpp>
#include <tessera/layers/structure/subspace.hpp>

namespace tessera {

template <int... P> struct concept_subspaces_layer : layer_base<concept_subspaces_layer<P...>> {
    static constexpr int concepts = static_cast<int>(sizeof...(P));
    static_assert(concepts >= 1 && concepts < values::capacity, "concept_subspaces<P...>: from 1 to 7 concepts");
    static_assert(((P >= 2) && ...), "concept_subspaces<P...>: every concept has 2 prototypes or more");
    static constexpr std::string_view name = "concept_subspaces";

    constexpr values apply(value z) const {
        if (!expects(z, z.rank() >= 1 && z.rank() <= 4, "a code (..., features)")) return {z};
        const int d = z.extent(-1);
        if (!expects(z, ((P <= d + 1) && ...), "as many features as prototypes, less one")) return {z};
        values out;
        value basis[concepts];
        int i = 0;
        const auto add = [&](int prototypes) {
            const detail::scope_guard inside(*z.owner, (text("") + i).view(), {}, false);
            const value points = parameter("prototypes", {prototypes, d}, initial::normal(1)).with(z);
            const value q = subspace_basis(points);
            const value first = reshape(slice(points, 0, 0, 1), {d});
            const value at = einsum("...d,kd->...k", z - first, q);        // (..., P - 1)
            const value corners = einsum("pd,kd->pk", points - first, q);  // (P, P - 1)
            out.push(-squared_distances(at, corners));
            basis[i++] = q;
        };
        (add(P), ...);
        if constexpr (concepts > 1) {
            value shared = constant(*z.owner, 0);
            for (int a = 0; a < concepts; ++a)
                for (int b = a + 1; b < concepts; ++b) shared = shared + subspace_alignment(basis[a], basis[b]);
            out.push(shared * (2.0 / (concepts * (concepts - 1))));
        }
        return out;
    }
};

template <int... P> inline constexpr concept_subspaces_layer<P...> concept_subspaces{};

}  // namespace tessera
