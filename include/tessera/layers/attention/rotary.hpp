// rotated(x, places): features turned in pairs, by angles that grow with the place, so that the product of a query and a
// key depends on how far apart they are.
//
//   in      x (T, H, K)     queries or keys of H heads, K even
//           places (T)      where they stand: frame_positions(x), or numbers of any kind
//   out     y (T, H, K)
//
//   angle_ti = places_t base^(-2 i / K),   i from 0 to K / 2 - 1
//   (y_i, y_(i + K/2)) = (x_i cos - x_(i + K/2) sin, x_i sin + x_(i + K/2) cos)
//
// Feature i pairs with feature i + K / 2, so that whole rows are turned. The paper pairs neighbours, 2 i with 2 i + 1:
// that is the same of features in another order, and products of queries and keys do not see an order. The options
// `rotary` and `rotary_halves` of multi_head_attention differ in the order alone, hence in which weights fit.
//
// The base is 10000 unless given. Sines and cosines of places that are known are computed while compiling, up to 1024.
// Gradient    exact: turned back; of the places too.
// Cost        3 operations an element.
// Errors      x not of rank 3; an odd number of features; places that are not one for each of T.
// Source      Su et al. 2021, "RoFormer: Enhanced Transformer with Rotary Position Embedding".
#pragma once
#include <tessera/ir/mathematics.hpp>
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/permute.hpp>
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/ir/operations/slice.hpp>

namespace tessera {

constexpr value rotated(value x, value places, double base = 10000) {
    if (!expects(x, rank == 3, "queries or keys (places, heads, features)")) return {x.owner, -1};
    const int places_of_x = x.extent(0), half = x.extent(2) / 2;
    if (!expects(x, x.extent(2) % 2 == 0, "an even number of features a head")) return {x.owner, -1};
    if (!expects(places, places.rank() == 1 && places.extent(0) == places_of_x,
                 (text("a place for each of ") + places_of_x).view()))
        return {x.owner, -1};
    const value speed = exp(iota(half).with(x) * (-detail::mathematics::log(base) / half));  // (K/2)
    const value angle = reshape(places, {places_of_x, 1, 1}) * speed;                        // (T, 1, K/2)
    const value c = cos(angle), s = sin(angle);
    const value a = slice(x, 2, 0, half), b = slice(x, 2, half, half);  // (T, H, K/2)
    return concatenate({a * c - b * s, a * s + b * c});
}

}  // namespace tessera
