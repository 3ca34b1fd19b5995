// subspaces that prototypes span, or bases (K, D) of orthonormal rows:
//
//   subspace_basis(p)              of prototypes (P, D): the basis (P - 1, D) of the plane through them
//   subspace_projection(z, p)      z (..., D) onto that plane: p_0 + Q^T Q (z - p_0)
//   subspace_alignment(q, r)       how much two subspaces have in common: 0 where they are orthogonal, 1 where one
//                                  contains the other, whatever the bases
//   largest_cosine(q, r)           the largest squared cosine between rows of two bases
//
// Gradient    exact, through the orthonormal basis.
// Errors      compile time: prototypes that are not two or more of rank 2; a basis that is not of rank 2.
// Source      Tucker, Shah 2022, "Prototype Based Classification from Hierarchy to Fairness".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/layers/structure/orthonormal_basis.hpp>

namespace tessera {

constexpr value subspace_basis(value prototypes) {
    if (!expects(prototypes, prototypes.rank() == 2 && prototypes.extent(0) >= 2, "two prototypes or more (P, D)"))
        return prototypes;
    return orthonormal_basis(slice(prototypes, 0, 1, prototypes.extent(0) - 1) - slice(prototypes, 0, 0, 1));
}

constexpr value subspace_projection(value z, value prototypes) {
    const value q = subspace_basis(prototypes);
    if (!q.valid() || !z.valid()) return z;
    const value first = reshape(slice(prototypes, 0, 0, 1), {prototypes.extent(1)});
    return first + einsum("...k,kd->...d", einsum("...d,kd->...k", z - first, q), q);
}

// of bases (K, D) and (L, D): sum_kl (q_k . r_l)^2 / min(K, L). The authors' code has the mean or the largest of the
// squares, which depend on the bases: largest_cosine(q, r) is the latter.
constexpr value subspace_alignment(value q, value r) {
    if (!expects(q, rank == 2, "a basis (K, D)") || !expects(r, rank == 2, "a basis (L, D)")) return q;
    const int least = q.extent(0) < r.extent(0) ? q.extent(0) : r.extent(0);
    return sum(square(einsum("kd,ld->kl", q, r))) * (1.0 / least);
}
constexpr value largest_cosine(value q, value r) {
    if (!expects(q, rank == 2, "a basis (K, D)") || !expects(r, rank == 2, "a basis (L, D)")) return q;
    return max(square(einsum("kd,ld->kl", q, r)));
}

}  // namespace tessera
