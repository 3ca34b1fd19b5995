// Two 3 by 3 convolutions see as much as one of 5 by 5, for fewer parameters. Simonyan, Zisserman 2015.
#include <gtest/gtest.h>

#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <vector>

namespace {

using namespace tessera;

struct two_of_three : network<(conv<1, 3, no_bias> >> conv<1, 3, no_bias>), shape<9, 9, 1>> {};
struct one_of_five : network<conv<1, 5, no_bias>, shape<9, 9, 1>> {};
static_assert(two_of_three::parameter_count == 18 && one_of_five::parameter_count == 25);

// which inputs the output in the middle depends on
template <class Net> std::vector<bool> seen() {
    model<Net, backend::scalar, batch<1>, double, gradients_of<weighted_outputs>> m;
    for (double& w : m.parameters()) w = 1;
    std::vector<double> middle(25, 0.0);
    middle[12] = 1;
    m(std::vector<double>(81, 1.0), middle);
    std::vector<bool> mask;
    for (double d : m.gradient()) mask.push_back(d != 0);
    return mask;
}

TEST(vgg16, two_kernels_of_three_see_what_one_of_five_does) {
    EXPECT_EQ(seen<two_of_three>(), seen<one_of_five>());
    const std::vector<bool> mask = seen<two_of_three>();
    EXPECT_EQ(std::count(mask.begin(), mask.end(), true), 25);
}

}  // namespace
