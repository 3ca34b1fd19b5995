// expect: gru<H, ...>: options are last_output, last_state or with_last_state, from_the_end and
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifndef CONTROL
struct net : network<gru<4, last_output, last_state>, shape<5, 3>> {};
#else
struct net : network<gru<4, last_output, from_the_end>, shape<5, 3>> {};
#endif
static_assert(!net::failed);
