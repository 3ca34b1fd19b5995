// Experts of an image whose pixels are not tokens yet.
//
// expect: this_network_does_not_fit
// expect: where<.*"0"
// expect: layer<.*"mixture_of_experts<4, 8>"
// expect: expects<.*tokens \(tokens, features\)
// expect: found<.*\(6, 6, 8\)
#include <tessera/expression/chain.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/layers/reshape_to.hpp>
#include <tessera/layers/structure/mixture_of_experts.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = reshape_to<36, 8> >> mixture_of_experts<4, 8>;
#else
inline constexpr auto blocks = mixture_of_experts<4, 8> >> relu;
#endif

struct net : network<blocks, shape<6, 6, 8>> {};
static_assert(net::table.output_count >= 1);
