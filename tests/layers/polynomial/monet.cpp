// The multilinear operator network of its authors, as a type: what it takes is known.
#include <tessera/expression/chain.hpp>
#include <tessera/expression/repeat.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/polynomial.hpp>
#include <tessera/layers/pooling/global_avg_pool.hpp>

#include "../../network_facts.hpp"

namespace {

using namespace tessera;

// the tiny network of its authors: 10.3 million parameters, no activation function
template <int D> inline constexpr auto stage = conv<D, 3, stride<2>, pad<1>>;
inline constexpr auto tiny = conv<64, 2, stride<2>> >> conv<64, 2, stride<2>> >>
                             repeat<4>(poly_block<3>) >> stage<128> >> repeat<8>(poly_block<3>) >> stage<192> >>
                             repeat<12>(poly_block<3>) >> stage<192> >> repeat<10>(poly_block<3>) >> global_avg_pool
                             >> dense<1000>;
struct monet_tiny : network<tiny, shape<224, 224, 3>> {};
static_assert(monet_tiny::parameter_count == 10'339'436);
static_assert(output_shape<monet_tiny> == (extents{1000}));

}  // namespace
