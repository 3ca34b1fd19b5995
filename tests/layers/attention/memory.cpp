// Attention keeps no array of all pairs of places: neither a model nor a trainer has room for one.
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/attention/pma.hpp>
#include <tessera/layers/attention/sab.hpp>
#include <tessera/layers/slice_axis.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/mse.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

namespace {

using namespace tessera;

}  // namespace
