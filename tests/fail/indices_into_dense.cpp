// A dense layer on indices.
//
// expect: this_network_does_not_fit
// expect: where<.*"0"
// expect: layer<.*"dense<4>"
// expect: expects<.*real numbers
// expect: found<.*int32
// expect: hint<.*embedding
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = embedding<100, 8> >> dense<4>;
#else
inline constexpr auto blocks = dense<4> >> dense<4>;
#endif

struct net : network<blocks, in<"tokens", shape<6>, int32>> {};
static_assert(net::table.output_count == 1);
