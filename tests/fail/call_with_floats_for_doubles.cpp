// An input of float64 is an array of double, whatever the program's own type.
//
// expect: this_call_does_not_fit
// expect: where<.*input
// expect: expects<.*a contiguous range of double
// expect: found<.*a contiguous range of float
#include <array>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/model.hpp>

using namespace tessera;

inline constexpr auto halved = [](value x) { return x * 0.5; };
struct net : network<halved, in<"x", shape<3>, float64>> {};

using halves = model<net, backend::scalar>;
inline constexpr std::array<float, 3> floats{1, 2, 3};
inline constexpr std::array<double, 3> doubles{1, 2, 3};

#ifdef CONTROL
double first(halves& m) { return m(doubles)[0]; }
#else
double first(halves& m) { return m(floats)[0]; }
#endif
