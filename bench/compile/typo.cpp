// What it takes to be told of a mistake in a lambda of a ResNet-50: its last one adds 10 numbers to 1000. It must not
// compile.
#include <tessera/backend/simd/simd.hpp>
#include <tessera/model.hpp>

#include "../../tests/networks/resnet.hpp"

using namespace tessera;

inline constexpr auto head = [](value x) { return dense<10>(x) + x; };
inline constexpr auto layers = networks::resnet50_layers >> head;
struct mistaken : network<layers, shape<224, 224, 3>> {};

int classify(model<mistaken>& net, std::span<const float> image) { return net(image).largest(); }
