// Dense layers and embeddings.
#include <gtest/gtest.h>

#include <tessera/layers/dense.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct dense_no_bias : from<network<(dense<3, no_bias>), shape<5>>> {
    static constexpr const char* file = "dense_no_bias";
};
struct dense_sequence : from<network<dense<3>, shape<4, 5>>> {
    static constexpr const char* file = "dense_sequence";
};
struct dense_vector : from<network<dense<3>, shape<5>>> {
    static constexpr const char* file = "dense_vector";
};
struct embedding : from<network<(tessera::embedding<10, 4>), in<"input", shape<6>, int32>>> {
    static constexpr const char* file = "embedding";
};

using all = case_list<dense_no_bias, dense_sequence, dense_vector, embedding>;

}  // namespace cases

template <class> class dense_values : public testing::Test {};
TYPED_TEST_SUITE(dense_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(dense_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
