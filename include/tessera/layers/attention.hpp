// Attention: of sequences, images, sets and learnt queries.
#pragma once
#include <tessera/layers/attention/additive_attention.hpp>
#include <tessera/layers/attention/attention.hpp>
#include <tessera/layers/attention/causal.hpp>
#include <tessera/layers/attention/class_query_decoder.hpp>
#include <tessera/layers/attention/class_query_layer.hpp>
#include <tessera/layers/attention/isab.hpp>
#include <tessera/layers/attention/levit_attention.hpp>
#include <tessera/layers/attention/linear_attention.hpp>
#include <tessera/layers/attention/local_attention.hpp>
#include <tessera/layers/attention/mab.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/attention/neural_attention.hpp>
#include <tessera/layers/attention/pma.hpp>
#include <tessera/layers/attention/rotary.hpp>
#include <tessera/layers/attention/sab.hpp>
#include <tessera/layers/attention/windowed_attention.hpp>
