// A state of two numbers that is to start from a table of three.
//
// expect: this_network_does_not_fit
// expect: expects<.*a table of 2 numbers for
// expect: found<.*one of 3
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/model.hpp>

using namespace tessera;

inline constexpr float of_three[] = {1, 2, 3};

#ifdef CONTROL
inline constexpr int numbers = 3;
#else
inline constexpr int numbers = 2;
#endif

inline constexpr auto shifted = [](value x) {
    return x + state("first", {numbers}, initial::table<of_three>()).with(x);
};
struct net : network<shifted, shape<numbers>> {};

static_assert(model<net, backend::scalar>::workspace_bytes >= 0);
