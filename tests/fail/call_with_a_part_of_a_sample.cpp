// An array that holds no whole number of samples.
//
// expect: this_call_does_not_fit
// expect: layer<.*shape \(3\)
// expect: expects<.*whole samples of 3 elements
// expect: found<.*10 elements
#include <array>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};

using classify = model<net, backend::scalar, batch<4>>;

#ifdef CONTROL
inline constexpr std::array<float, 9> points{};
#else
inline constexpr std::array<float, 10> points{};
#endif

float first(classify& m) { return m(points)[0]; }
