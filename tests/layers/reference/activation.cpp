// Activations.
#include <gtest/gtest.h>

#include <tessera/expression/function_layer.hpp>
#include <tessera/layers/activation/elu.hpp>
#include <tessera/layers/activation/gelu.hpp>
#include <tessera/layers/activation/gelu_tanh.hpp>
#include <tessera/layers/activation/hard_sigmoid.hpp>
#include <tessera/layers/activation/hard_swish.hpp>
#include <tessera/layers/activation/leaky_relu.hpp>
#include <tessera/layers/activation/log_softmax.hpp>
#include <tessera/layers/activation/mish.hpp>
#include <tessera/layers/activation/prelu.hpp>
#include <tessera/layers/activation/relu6.hpp>
#include <tessera/layers/activation/selu.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/activation/silu.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/activation/softplus.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct activation_elu : from<network<elu<>, shape<4, 6>>> {
    static constexpr const char* file = "activation_elu";
};
struct activation_gelu_exact : from<network<gelu, shape<4, 6>>> {
    static constexpr const char* file = "activation_gelu_exact";
};
struct activation_gelu_tanh : from<network<gelu_tanh, shape<4, 6>>> {
    static constexpr const char* file = "activation_gelu_tanh";
};
struct activation_hardsigmoid : from<network<hard_sigmoid, shape<4, 6>>> {
    static constexpr const char* file = "activation_hardsigmoid";
};
struct activation_hardswish : from<network<hard_swish, shape<4, 6>>> {
    static constexpr const char* file = "activation_hardswish";
};
struct activation_leaky_relu : from<network<leaky_relu<>, shape<4, 6>>> {
    static constexpr const char* file = "activation_leaky_relu";
};
struct activation_log_softmax : from<network<log_softmax, shape<3, 5>>> {
    static constexpr const char* file = "activation_log_softmax";
};
struct activation_mish : from<network<mish, shape<4, 6>>> {
    static constexpr const char* file = "activation_mish";
};
struct activation_prelu : from<network<prelu, shape<8, 3>>> {
    static constexpr const char* file = "activation_prelu";
};
struct activation_relu : from<network<relu, shape<4, 6>>> {
    static constexpr const char* file = "activation_relu";
};
struct activation_relu6 : from<network<relu6, shape<4, 6>>> {
    static constexpr const char* file = "activation_relu6";
};
struct activation_selu : from<network<selu, shape<4, 6>>> {
    static constexpr const char* file = "activation_selu";
};
struct activation_sigmoid : from<network<sigmoid, shape<4, 6>>> {
    static constexpr const char* file = "activation_sigmoid";
};
struct activation_silu : from<network<silu, shape<4, 6>>> {
    static constexpr const char* file = "activation_silu";
};
struct activation_softmax : from<network<softmax, shape<3, 5>>> {
    static constexpr const char* file = "activation_softmax";
};
struct activation_softplus : from<network<softplus, shape<4, 6>>> {
    static constexpr const char* file = "activation_softplus";
};
struct activation_tanh : from<network<layer<tanh>, shape<4, 6>>> {
    static constexpr const char* file = "activation_tanh";
};

using all = case_list<activation_elu, activation_gelu_exact, activation_gelu_tanh, activation_hardsigmoid,
                      activation_hardswish, activation_leaky_relu, activation_log_softmax, activation_mish,
                      activation_prelu, activation_relu, activation_relu6, activation_selu, activation_sigmoid,
                      activation_silu, activation_softmax, activation_softplus, activation_tanh>;

}  // namespace cases

template <class> class activation_values : public testing::Test {};
TYPED_TEST_SUITE(activation_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(activation_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
