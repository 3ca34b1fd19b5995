// After `using namespace tessera`, names that people give their networks are free: no name of the library's insides
// stands in their way.
#include <gtest/gtest.h>

#include <tessera/tessera.hpp>

using namespace tessera;

// NOLINTBEGIN: the names are the test
struct pool : network<identity, shape<2>> {};
struct box : network<identity, shape<2>> {};
struct step : network<identity, shape<2>> {};
struct space : network<identity, shape<2>> {};
struct net : network<identity, shape<2>> {};
struct block : network<identity, shape<2>> {};
struct head : network<identity, shape<2>> {};
struct body : network<identity, shape<2>> {};
struct stem : network<identity, shape<2>> {};
struct cell : network<identity, shape<2>> {};
struct gate : network<identity, shape<2>> {};
struct encoder : network<identity, shape<2>> {};
struct decoder : network<identity, shape<2>> {};
struct classifier : network<identity, shape<2>> {};
struct classes : network<identity, shape<2>> {};
struct features : network<identity, shape<2>> {};
struct unit : network<identity, shape<2>> {};
struct tower : network<identity, shape<2>> {};
struct layers : network<identity, shape<2>> {};
struct mask : network<identity, shape<2>> {};
struct merge : network<identity, shape<2>> {};
struct policy : network<identity, shape<2>> {};
struct critic : network<identity, shape<2>> {};
struct generator : network<identity, shape<2>> {};
struct discriminator : network<identity, shape<2>> {};
// NOLINTEND

template <class... Net> constexpr int inputs_of_all = (Net::table.input_count + ...);
static_assert(inputs_of_all<pool, box, step, space, net, block, head, body, stem, cell, gate> == 11);
static_assert(inputs_of_all<encoder, decoder, classifier, classes, features, unit, tower, layers, mask> == 9);
static_assert(inputs_of_all<merge, policy, critic, generator, discriminator> == 5);

TEST(names, of_a_user_name_his_model) {
    model<pool, backend::scalar> m;
    EXPECT_EQ(m(std::array<float, 2>{3, 4})[1], 4);
}
