// masked_capsules: one capsule as it is, and all others 0, for a decoder to draw.
//
//   in      v (J, D); or v and a label of element int32, below J, or -1
//   out     (J, D)
//
// The label names the capsule; without one, and for -1, it is the longest. So a network is trained with true labels, and
// asked with -1.
// Parameters  none.
// Gradient    exact to v; which is the longest has none.
// Cost        three operations an element.
// Errors      compile time: capsules that are not of rank 2; a label that is not one number.
// Source      Sabour, Frosst, Hinton 2017, "Dynamic Routing Between Capsules", section 4.1.
//
//     inline constexpr auto with_picture = [](value v, value label) {
//         return values{capsule_lengths(v), dense<784>(flatten(masked_capsules(v, label)))};
//     };
#pragma once
#include <tessera/ir/operations/gather.hpp>
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/ir/operations/top_k.hpp>
#include <tessera/layers/capsule/squash.hpp>

namespace tessera {

struct masked_capsules_layer : layer_base<masked_capsules_layer> {
    static constexpr std::string_view name = "masked_capsules";

    constexpr value apply(value v) const {
        if (!expects(v, rank == 2, "capsules (J, D)")) return v;
        return v * reshape(longest(v), {v.extent(0), 1});
    }
    constexpr value apply(value v, value label) const {
        if (!expects(v, rank == 2, "capsules (J, D)")) return v;
        if (!expects(label, rank == 0, "one label")) return v;
        const value named = one_hot(label, v.extent(0), -1);                    // (J), all 0 for -1
        const value mask = select(less(to_real(label), 0), longest(v), named);  // (J)
        return v * reshape(mask, {v.extent(0), 1});
    }

  private:
    static constexpr value longest(value v) { return one_hot(arg_max(sum(square(v), last)), v.extent(0)); }  // (J)
};
inline constexpr masked_capsules_layer masked_capsules{};

}  // namespace tessera
