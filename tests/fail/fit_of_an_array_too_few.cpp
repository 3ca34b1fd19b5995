// A data set of inputs alone, where the loss wants targets too.
//
// expect: this_call_does_not_fit<
// expect: 2 ranges: input, targets
// expect: found<.*1
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/data/tensor_loader.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/train/fit.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/schedule/constant_rate.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<4, 3>> {};

#ifdef CONTROL
using loader_type = tensor_loader<float, float>;
#else
using loader_type = tensor_loader<float>;
#endif

fit_result learn(trainer<model<net, backend::scalar>, squared_error, sgd>& train, const loader_type& loader) {
    return fit(train, loader, no_validation{}, constant_rate{0.1});
}
