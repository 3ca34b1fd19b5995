// A program that is not told what runs it.
//
// expect: program<net, options...>: one option is a backend
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/program.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};

#ifdef CONTROL
using run = program<net, batch<8>, backend::scalar>;
#else
using run = program<net, batch<8>>;
#endif

static_assert(run::workspace_bytes >= 0);
