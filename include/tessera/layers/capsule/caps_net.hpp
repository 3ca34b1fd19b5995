// caps_net: the network of capsules that reads digits, and draws what it has read.
//
//   in      image (28, 28, 1); label of element int32, below 10 in training, -1 where it is not known
//   out     lengths (10), of which the largest names the class; picture (784), of that class, or of the label's
//
//   conv<256, 9> >> relu >> primary_capsules<32, 8, 9, 2> >> capsule_dense<10, 16, 3>, then
//   capsule_lengths, and capsule_decoder<512, 1024, 784> of the capsule that the label names
//
// Parameters  8,215,568: 6,804,224 of the capsules, 1,411,344 of the decoder.
// Gradient    exact.
// Cost        192 million multiply-adds.
// Errors      compile time: an image of another size than its parts take.
// Source      Sabour, Frosst, Hinton 2017, "Dynamic Routing Between Capsules".
//
//     struct net : network<caps_net, in<"image", shape<28, 28, 1>>, in<"label", shape<>, int32>> {};
//     trainer<model<net, batch<32>>, margin_and_picture<>, adam> train(...);   // image, label; label, image
#pragma once
#include <tessera/expression/chain.hpp>
#include <tessera/layers/capsule/capsule_decoder.hpp>
#include <tessera/layers/capsule/capsule_dense.hpp>
#include <tessera/layers/capsule/capsule_lengths.hpp>
#include <tessera/layers/capsule/primary_capsules.hpp>

namespace tessera {

struct caps_net_layer : layer_base<caps_net_layer> {
    static constexpr std::string_view name = "caps_net";

    constexpr values apply(value image, value label) const {
        const value features = relu(conv<256, 9>(image));             // (20, 20, 256)
        const value lower = primary_capsules<32, 8, 9, 2>(features);  // (1152, 8)
        const value v = capsule_dense<10, 16, 3>(lower);              // (10, 16)
        return {capsule_lengths(v), capsule_decoder<512, 1024, 784>(v, label)};
    }
};
inline constexpr caps_net_layer caps_net{};

}  // namespace tessera
