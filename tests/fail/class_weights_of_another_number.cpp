// expect: this_network_does_not_fit
// expect: where<.*loss
// expect: 3 classes, as weights
// expect: shape \(5\)
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/training.hpp>

using namespace tessera;

#ifdef CONTROL
using weights = class_weights<1, 2, 3, 4, 5>;
#else
using weights = class_weights<1, 2, 3>;
#endif

struct scores : network<identity, shape<5>> {};
using training_program = program<scores, backend::scalar, batch<1>, float, training<cross_entropy_with<weights>>>;
static_assert(training_program::workspace_bytes > 0);
