// Targets of int32 for a loss of reals.
//
// expect: this_call_does_not_fit<
// expect: where<.*targets
// expect: a contiguous range of float
// expect: a contiguous range of std::int32_t
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/data/tensor_dataset.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/train/evaluate.hpp>
#include <tessera/train/loss/squared_error.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<4, 3>> {};

#ifdef CONTROL
using target = float;
#else
using target = std::int32_t;
#endif

double score(const model<net, backend::scalar>& m, const tensor_dataset<float, target>& data) {
    return evaluate<squared_error>(m, data).loss;
}
