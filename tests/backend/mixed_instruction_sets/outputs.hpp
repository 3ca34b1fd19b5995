// The same networks, called from units that are compiled for different processors.
#pragma once
#include <span>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/layers/pooling/global_avg_pool.hpp>

#include "../../networks/lenet.hpp"

// reductions, attention and a softmax, which LeNet lacks
inline constexpr auto reader_layers = tessera::dense<16> >> tessera::layer_norm >> tessera::multi_head_attention<2> >>
                                      tessera::global_avg_pool >> tessera::dense<5> >> tessera::softmax;
struct reader : tessera::network<reader_layers, tessera::shape<9, 8>> {};

// parameters as the network lays them out, one sample, its output
using numbers = std::span<const float>;
void lenet_on_v3(numbers parameters, numbers image, std::span<float> logits);
void lenet_on_v4(numbers parameters, numbers image, std::span<float> logits);
void reader_on_v3(numbers parameters, numbers sequence, std::span<float> classes);
void reader_on_v4(numbers parameters, numbers sequence, std::span<float> classes);
