// A block of a transformer on an image that is no sequence of patches.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"transformer_encoder_block<2, 16>"
// expect: expects<.*a sequence \(places, features\)
// expect: found<.*\(7, 7, 8\)
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/mixing/patch_embedding.hpp>
#include <tessera/layers/mixing/transformer_encoder_block.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = patch_embedding<8, 4> >> transformer_encoder_block<2, 16>;
#else
inline constexpr auto blocks = conv<8, 4, stride<4>> >> transformer_encoder_block<2, 16>;
#endif

struct net : network<blocks, shape<28, 28, 1>> {};
static_assert(net::table.output_count >= 1);
