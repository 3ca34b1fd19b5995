// Attention that gates channels and positions, and that makes tokens.
#include <gtest/gtest.h>

#include <tessera/layers/attention/cbam.hpp>
#include <tessera/layers/attention/domain_attention.hpp>
#include <tessera/layers/attention/token_fuser.hpp>
#include <tessera/layers/attention/token_learner.hpp>
#include <tessera/layers/attention/token_learner_v11.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct squeeze_excite_plain : from<network<squeeze_excite<3>, shape<3, 2, 7>>> {
    static constexpr const char* file = "squeeze_excite_plain";
};
struct squeeze_excite_bias : from<network<(squeeze_excite<3, with_bias>), shape<3, 2, 7>>> {
    static constexpr const char* file = "squeeze_excite_bias";
};
struct cbam_plain : from<network<(cbam<2, 7>), shape<5, 4, 6>>> {
    static constexpr const char* file = "cbam_plain";
};
struct cbam_bias : from<network<(cbam<2, 7, with_bias, with_batch_norm>), shape<5, 4, 6>>, phase::training> {
    static constexpr const char* file = "cbam_bias_batch_norm";
};
struct domains : from<network<(domain_attention<3, 2>), shape<3, 2, 5>>> {
    static constexpr const char* file = "domain_attention";
};
struct tokens : from<network<token_learner<3>, shape<4, 5, 6>>> {
    static constexpr const char* file = "token_learner";
};
struct tokens_v11 : from<network<(token_learner_v11<3, 5>), shape<7, 6>>> {
    static constexpr const char* file = "token_learner_v11";
};
struct fused : from<network<token_fuser<5>, in<"input0", shape<3, 6>>, in<"input1", shape<4, 2, 6>>>> {
    static constexpr const char* file = "token_fuser";
};

using all =
    case_list<squeeze_excite_plain, squeeze_excite_bias, cbam_plain, cbam_bias, domains, tokens, tokens_v11, fused>;

}  // namespace cases

template <class> class gate_values : public testing::Test {};
TYPED_TEST_SUITE(gate_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(gate_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
