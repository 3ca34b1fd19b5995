// capsule_decoder<Hidden1, Hidden2, Out>: the picture that one capsule stands for.
//
//   in      v (J, D); or v and a label of element int32, below J, or -1
//   out     picture (Out), each pixel from 0 to 1
//
//   picture = sigmoid(dense<Out>(relu(dense<Hidden2>(relu(dense<Hidden1>(masked_capsules(v, label)))))))
//
// Parameters  of three dense layers, dense, dense_1, dense_2.
// Gradient    exact.
// Cost        J D Hidden1 + Hidden1 Hidden2 + Hidden2 Out multiply-adds.
// Errors      compile time: what masked_capsules and dense refuse.
// Source      Sabour, Frosst, Hinton 2017, "Dynamic Routing Between Capsules", figure 2.
//
//     inline constexpr auto with_picture = [](value v, value label) {
//         return values{capsule_lengths(v), capsule_decoder<512, 1024, 784>(v, label)};
//     };
#pragma once
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/capsule/masked_capsules.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/relu.hpp>

namespace tessera {

template <int Hidden1, int Hidden2, int Out>
struct capsule_decoder_layer : layer_base<capsule_decoder_layer<Hidden1, Hidden2, Out>> {
    static constexpr std::string_view name = "capsule_decoder";
    static constexpr text describe() { return detail::written(name, {Hidden1, Hidden2, Out}); }

    constexpr value apply(value v) const { return drawn(masked_capsules_layer{}.apply(v)); }
    constexpr value apply(value v, value label) const { return drawn(masked_capsules_layer{}.apply(v, label)); }

  private:
    static constexpr value drawn(value one) {
        const value flat = reshape(one, {one.size()});  // (J D)
        return sigmoid(dense<Out>(relu(dense<Hidden2>(relu(dense<Hidden1>(flat))))));
    }
};

template <int Hidden1, int Hidden2, int Out>
inline constexpr capsule_decoder_layer<Hidden1, Hidden2, Out> capsule_decoder{};

}  // namespace tessera
