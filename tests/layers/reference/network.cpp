// Whole networks on a batch of 3, with their cross-entropy.
#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct network_mlp : from<network<(dense<7> >> relu >> dense<4>), shape<6>>> {
    static constexpr const char* file = "network_mlp";
    static constexpr bool labelled = true;
};
struct network_lenet : from<network<(conv<3, 5, same> >> relu >> max_pool<2> >> conv<6, 5> >> relu >> max_pool<2> >>
                                     flatten >> dense<20> >> relu >> dense<14> >> relu >> dense<10>),
                                    shape<16, 16, 1>>> {
    static constexpr const char* file = "network_lenet";
    static constexpr bool labelled = true;
};

using all = case_list<network_mlp, network_lenet>;

}  // namespace cases

template <class> class network_values : public testing::Test {};
TYPED_TEST_SUITE(network_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(network_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
