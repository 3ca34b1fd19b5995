// An array of more samples than the capacity.
//
// expect: this_call_does_not_fit
// expect: where<.*input 'input'|where<.*input \\'input\\'
// expect: layer<.*shape \(3\)
// expect: expects<.*1 to 4 samples
// expect: found<.*5 samples
// expect: hint<.*a model of batch<5> takes them
#include <array>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};

using classify = model<net, backend::scalar, batch<4>>;

#ifdef CONTROL
inline constexpr std::array<float, 4 * 3> points{};
#else
inline constexpr std::array<float, 5 * 3> points{};
#endif

float first(classify& m) { return m(points)[0]; }
