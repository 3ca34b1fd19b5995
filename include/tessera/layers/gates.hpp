// Layers of the family attention that gate, pool and bind. Softmax attention is in layers/attention.hpp.
#pragma once
#include <tessera/layers/attention/cbam.hpp>
#include <tessera/layers/attention/channel_attention.hpp>
#include <tessera/layers/attention/deformable_conv.hpp>
#include <tessera/layers/attention/deformable_gate.hpp>
#include <tessera/layers/attention/domain_attention.hpp>
#include <tessera/layers/attention/lambda_attention.hpp>
#include <tessera/layers/attention/lambda_convolution.hpp>
#include <tessera/layers/attention/spatial_attention.hpp>
#include <tessera/layers/attention/squeeze_excite.hpp>
#include <tessera/layers/attention/token_fuser.hpp>
#include <tessera/layers/attention/token_learner.hpp>
#include <tessera/layers/attention/token_learner_v11.hpp>
