// How the cost grows with depth: DEPTH dense layers with a relu each, all of one width, trained.
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/repeat.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

using namespace tessera;

inline constexpr auto layers = repeat<DEPTH>(dense<64> >> relu) >> dense<10>;
struct deep : network<layers, shape<64>> {};
using classifier = model<deep, backend::simd, batch<32>>;

float step(trainer<classifier, cross_entropy, sgd>& t, std::span<const float> features, std::span<const int> labels) {
    return t.step(0.1, features, labels);
}
