// ResNets have torchvision's parameters, paths and costs.
#include "resnet.hpp"

#include "../network_facts.hpp"

namespace {

using namespace networks;

static_assert(resnet18::parameter_count == 11'689'512);
static_assert(output_shape<resnet18> == extents{1000});
static_assert(path<resnet18>(0).view() == "conv1.weight" && path<resnet18>(1).view() == "bn1.weight");
static_assert(path<resnet18>(3).view() == "layer1.0.conv1.weight");
static_assert(parameter_shape<resnet18>("layer2.0.downsample.0.weight") == (extents{1, 1, 64, 128}));
static_assert(parameter_shape<resnet18>("layer4.1.bn2.bias") == extents{512});
static_assert(parameter_shape<resnet18>("fc.weight") == (extents{512, 1000}));
static_assert(resnet18::macs == 1'814'073'344);

static_assert(resnet50::parameter_count == 25'557'032);
static_assert(parameter_shape<resnet50>("layer3.5.conv2.weight") == (extents{3, 3, 256, 256}));
static_assert(parameter_shape<resnet50>("layer1.0.downsample.1.bias") == extents{256});
static_assert(resnet50::macs == 4'089'184'256);
static_assert(resnet50::table.state_count == 2 * 53);

}  // namespace
