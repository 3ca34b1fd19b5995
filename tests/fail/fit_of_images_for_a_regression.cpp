// A network of images to maps is given images and labels, which are for classifiers.
//
// expect: tessera: fit: images and labels are for a network of one input, one output \(classes\)
// expect: tensor_loader is for any
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/data/data_loader.hpp>
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
using loader_type = data_loader;
#endif

fit_result learn(trainer<model<net, backend::scalar>, squared_error, sgd>& train, const loader_type& loader) {
    return fit(train, loader, no_validation{}, constant_rate{0.1});
}
