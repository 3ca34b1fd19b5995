// A part of the last axis of bits, which are words there.
//
// expect: this_network_does_not_fit
// expect: where<.*"input"
// expect: expects<.*values whose last axis stays as
// expect: found<.*bits, of which 32 are a word
// expect: hint<.*signs_of\(x\) and to_integer\(x\)
#include <tessera/ir/operations.hpp>
#include <tessera/network.hpp>

using namespace tessera;

inline constexpr auto halves = [](value x) {
    const value bits = sign_bits(x);  // (4, 64)
#ifdef CONTROL
    return signs_of(slice(bits, 0, 0, 2));
#else
    return signs_of(slice(bits, 1, 0, 32));
#endif
};
struct net : network<halves, shape<4, 64>> {};
static_assert(net::macs == 0);
