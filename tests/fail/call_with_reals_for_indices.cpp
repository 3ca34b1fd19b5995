// Real numbers where a network reads indices.
//
// expect: this_call_does_not_fit
// expect: where<.*tokens
// expect: expects<.*std::int32_t
// expect: found<.*a contiguous range of float
#include <array>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/model.hpp>

using namespace tessera;

struct net : network<embedding<10, 4>, in<"tokens", shape<3>, int32>> {};

using reader = model<net, backend::scalar>;
inline constexpr std::array<int, 3> tokens{1, 2, 3};
inline constexpr std::array<float, 3> reals{1, 2, 3};

#ifdef CONTROL
float first(reader& m) { return m(tokens)[0]; }
#else
float first(reader& m) { return m(reals)[0]; }
#endif
