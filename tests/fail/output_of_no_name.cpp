// An output by a name that none has.
//
// expect: this_call_does_not_fit
// expect: where<.*output .?'stage
// expect: expects<.*one of those like scores
// expect: found<.*no such name
// expect: hint<.*named<> around an output gives
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>

using namespace tessera;

struct net : network<(named<"stage">(dense<2>) >> named<"scores">(dense<3>)), shape<4>> {};

#ifdef CONTROL
float first(const model<net, backend::scalar>& m) { return m.output<"scores">()[0]; }
#else
float first(const model<net, backend::scalar>& m) { return m.output<"stage">()[0]; }
#endif
