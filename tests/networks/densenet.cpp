// DenseNet-121 has torchvision's parameters.
#include "densenet.hpp"

#include "../network_facts.hpp"

namespace {

using namespace networks;

static_assert(densenet121::parameter_count == 7'978'856);
static_assert(output_shape<densenet121> == extents{1000});
static_assert(densenet121::table.state_count == 2 * 121);

}  // namespace
