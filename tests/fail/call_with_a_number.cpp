// A call with one number in place of a range.
//
// expect: this_call_does_not_fit
// expect: where<.*input
// expect: layer<.*shape \(3\)
// expect: expects<.*a contiguous range of float
// expect: found<.*no contiguous range
#include <array>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};

using classify = model<net, backend::scalar>;
inline constexpr std::array<float, 3> image{1, 2, 3};

#ifdef CONTROL
float first(classify& m) { return m(image)[0]; }
#else
float first(classify& m) { return m(1.0F)[0]; }
#endif
