// A call without an input.
//
// expect: this_call_does_not_fit
// expect: where<.*call
// expect: expects<.*1 range: input
// expect: found<.*"0"
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
float first(classify& m) { return m()[0]; }
#endif
