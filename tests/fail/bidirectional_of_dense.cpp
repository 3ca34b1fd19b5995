// expect: bidirectional\(f\): f is a recurrent layer: rnn, gru or lstm
#include <tessera/layers/dense.hpp>
#include <tessera/layers/recurrent/bidirectional.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifndef CONTROL
struct net : network<bidirectional(dense<4>), shape<5, 3>> {};
#else
struct net : network<bidirectional(gru<4>), shape<5, 3>> {};
#endif
static_assert(!net::failed);
