// Gramian attention heads.
#include <gtest/gtest.h>

#include <tessera/layers/attention/gramian_head.hpp>
#include <tessera/layers/attention/head_decorrelation.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct token : from<network<(gramian_token<6, 2>), shape<3, 2, 4>>, phase::training> {
    static constexpr const char* file = "gramian_token";
    static constexpr double float_error = 3e-5;  // of the bias before the norm, whose gradient is 0: its terms cancel
};
struct head : from<network<(gramian_head<4, 6, 2, 2, 2>), shape<3, 2, 8>>, phase::training> {
    static constexpr const char* file = "gramian_head";
    static constexpr double float_error = token::float_error;
};
inline constexpr auto apart = [](value x) {
    const auto of_head = [&](int k) { return reshape(slice(x, 0, k, 1), {-1}); };
    return reshape(head_decorrelation(values{of_head(0), of_head(1), of_head(2)}), {1});
};
struct decorrelation : from<network<apart, shape<3, 5>>> {
    static constexpr const char* file = "head_decorrelation";
};

using all = case_list<token, head, decorrelation>;

}  // namespace cases

template <class> class gramian_values : public testing::Test {};
TYPED_TEST_SUITE(gramian_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(gramian_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
