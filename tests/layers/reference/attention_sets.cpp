// Set transformers and class queries.
#include <gtest/gtest.h>

#include <tessera/layers/attention/class_query_decoder.hpp>
#include <tessera/layers/attention/isab.hpp>
#include <tessera/layers/attention/mab.hpp>
#include <tessera/layers/attention/pma.hpp>
#include <tessera/layers/attention/sab.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct plain_mab : from<network<mab<6, 2>, in<"x", shape<5, 3>>, in<"c", shape<7, 4>>>> {
    static constexpr const char* file = "mab";
};
struct normed_mab : from<network<mab<6, 2, with_layer_norm>, in<"x", shape<5, 3>>, in<"c", shape<7, 4>>>> {
    static constexpr const char* file = "mab_norm";
};
struct one_sab : from<network<sab<6, 3>, shape<5, 3>>> {
    static constexpr const char* file = "sab";
};
struct one_isab : from<network<isab<6, 3, 3>, shape<7, 3>>> {
    static constexpr const char* file = "isab";
};
struct one_pma : from<network<pma<6, 3, 2>, shape<5, 3>>> {
    static constexpr const char* file = "pma";
};
struct class_queries : from<network<class_query_decoder<3, 2, 2, 7>, shape<5, 6>>> {
    static constexpr const char* file = "class_query_decoder";
};

using some = case_list<plain_mab, normed_mab, one_sab, one_isab, one_pma, class_queries>;

}  // namespace cases

template <class> class attention_set_values : public testing::Test {};
TYPED_TEST_SUITE(attention_set_values, reference::on_every_backend<cases::some>, reference::name_of);

TYPED_TEST(attention_set_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
