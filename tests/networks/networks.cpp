// Well-known architectures have the parameters, costs and paths that are known of them.
#include <gtest/gtest.h>

#include <cmath>

#include "../layers/evaluate.hpp"
#include "../network_facts.hpp"
#include "densenet.hpp"
#include "lenet.hpp"
#include "mobilenet.hpp"
#include "unet.hpp"
#include "vgg16.hpp"

namespace {

using namespace networks;

static_assert(lenet::parameter_count == 61'706);
static_assert(lenet::macs == 28 * 28 * 25 * 6 + 100 * 150 * 16 + 400 * 120 + 120 * 84 + 84 * 10);
static_assert(output_shape<lenet> == extents{10});
static_assert(path<lenet>(0).view() == "0.weight" && path<lenet>(9).view() == "11.bias");

static_assert(vgg16::parameter_count == 138'357'544);
static_assert(path<vgg16>(6).view() == "features.7.weight");
static_assert(path<vgg16>(31).view() == "classifier.6.bias");

static_assert(mobilenet::parameter_count == 4'231'976);
static_assert(output_shape<mobilenet> == extents{1000});
static_assert(mobilenet::table.state_count == 2 * 27);

static_assert(unet::parameter_count == 482'050);
static_assert(output_shape<unet> == (extents{64, 64, 2}));
static_assert(count_of<unet>(op::concatenate) == 3 && count_of<unet>(op::convolution_backward_data) == 3);

static_assert(output_shape<densenet_block> == (extents{16, 16, 12 + 4 * 8}));
static_assert(densenet_block::parameter_count == 12'736);

TEST(densenet_block, hands_its_input_on_ahead_of_what_its_layers_add) {
    evaluation<densenet_block> e;
    for (std::size_t i = 0; i < e.input().size(); ++i) e.input()[i] = std::sin(static_cast<double>(i));
    for (double& w : e.parameter("3.1.5.weight")) w = 0;  // the last layer adds zeros
    e.run();
    for (std::size_t place = 0; place < 16 * 16; ++place) {
        for (std::size_t c = 0; c < 12; ++c) EXPECT_EQ(e.output()[44 * place + c], e.input()[12 * place + c]);
        for (std::size_t c = 36; c < 44; ++c) EXPECT_EQ(e.output()[44 * place + c], 0);
    }
}

}  // namespace
