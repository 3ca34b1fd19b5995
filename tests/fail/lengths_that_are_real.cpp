// Lengths of sequences in an input of real numbers.
//
// expect: this_network_does_not_fit
// expect: layer<.*"transformer_encoder_block<2, 16>"
// expect: expects<.*lengths of element int32, one .*number a sample
// expect: found<.*real numbers
#include <tessera/layers/mixing/transformer_encoder_block.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
using length = in<"length", shape<>, int32>;
#else
using length = in<"length", shape<>>;
#endif

struct net : network<transformer_encoder_block<2, 16, with_lengths>, in<"words", shape<5, 8>>, length> {};
static_assert(net::table.output_count >= 1);
