// One sample through networks as they are, and folded, whose weights are packed before the call. Between the two: the
// same folded network in a mode that takes its parameters for such as may change, and packs them in the call.
//
// The rows of a network take turns: run with --benchmark_enable_random_interleaving --benchmark_repetitions=9.
#include <benchmark/benchmark.h>

#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/folded.hpp>
#include <tessera/ir/operations/row_product.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/relu.hpp>
#include <vector>

#include "../tests/networks/lenet.hpp"
#include "../tests/networks/mobilenet.hpp"
#include "../tests/networks/resnet.hpp"

namespace {

using namespace tessera;

// inference of a folded network by a program that packs in the call
struct packing_in_calls {
    static constexpr phase purpose = phase::inference;
    template <class Net> static constexpr graph prepare() { return detail::outputs_alone<Net, purpose>(); }
};

struct perceptron : network<(dense<300> >> relu >> dense<100> >> relu >> dense<10>), shape<784>> {};

// weights as the first operand: channels first; rows that lie 2 KiB apart; and weights whose signs are all that is read
template <int O, int I, int P> constexpr value channels_first(value x) {
    return einsum("oi,ip->op", parameter("weight", {O, I}, initial::kaiming(I)).with(x), x);
}
template <int O, int I> constexpr value rows_of_weights(value x) {
    return einsum("oi,i->o", parameter("weight", {O, I}, initial::kaiming(I)).with(x), x);
}
template <int O, int I> constexpr value signs_of_weights(value x) {
    return bit_product(sign_bits(x), sign_bits(parameter("weight", {O, I}, initial::kaiming(I)).with(x)));
}
template <int O, int I> constexpr value normalised_weights(value x) {
    const value w = parameter("weight", {I, O}, initial::kaiming(I)).with(x);
    return einsum("i,io->o", x, w / sqrt(sum(w * w, axes(0), keep_axes)));
}
struct channels_512 : network<channels_first<256, 512, 100>, shape<512, 100>> {};
struct rows_300 : network<rows_of_weights<300, 784>, shape<784>> {};
struct signs_300 : network<signs_of_weights<300, 784>, shape<784>> {};
struct weight_norm : network<normalised_weights<300, 784>, shape<784>> {};

template <class Net> struct fast : folded<Net> {};

template <class Net, class Mode> void one_sample(benchmark::State& state) {
    static const auto m = std::make_unique<model<Net, Mode>>();
    static const std::vector<float> x(static_cast<std::size_t>(Net::table.inputs[0].shape.size()), 0.5f);
    for (auto _ : state) benchmark::DoNotOptimize((*m)(x)[0]);
}

#define THREE_WAYS(network)                                 \
    BENCHMARK(one_sample<network, inference>);              \
    BENCHMARK(one_sample<fast<network>, packing_in_calls>); \
    BENCHMARK(one_sample<fast<network>, inference>)

THREE_WAYS(perceptron);
THREE_WAYS(channels_512);
THREE_WAYS(rows_300);
THREE_WAYS(signs_300);
THREE_WAYS(weight_norm);
THREE_WAYS(networks::lenet);
THREE_WAYS(networks::mobilenet);
THREE_WAYS(networks::resnet18);

}  // namespace

BENCHMARK_MAIN();
