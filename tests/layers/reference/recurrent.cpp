// Recurrent layers.
#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/layers/recurrent/bidirectional.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/layers/recurrent/rnn.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct rnn_zero_state : from<network<rnn<4>, shape<6, 3>>> {
    static constexpr const char* file = "rnn_zero_state";
};
struct rnn_initial_state : from<network<rnn<4>, in<"input0", shape<6, 3>>, in<"input1", shape<4>>>> {
    static constexpr const char* file = "rnn_initial_state";
};
struct gru_zero_state : from<network<gru<4>, shape<6, 3>>> {
    static constexpr const char* file = "gru_zero_state";
};
struct gru_initial_state : from<network<gru<4>, in<"input0", shape<6, 3>>, in<"input1", shape<4>>>> {
    static constexpr const char* file = "gru_initial_state";
};
struct lstm_zero_state : from<network<lstm<4>, shape<6, 3>>> {
    static constexpr const char* file = "lstm_zero_state";
};
struct lstm_initial_state
    : from<network<lstm<4>, in<"input0", shape<6, 3>>, in<"input1", shape<4>>, in<"input2", shape<4>>>> {
    static constexpr const char* file = "lstm_initial_state";
};
struct rnn_bidirectional_two_layers : from<network<(bidirectional(rnn<2>) >> bidirectional(rnn<2>)), shape<5, 3>>> {
    static constexpr const char* file = "rnn_bidirectional_two_layers";
};
struct gru_bidirectional : from<network<bidirectional(gru<2>), shape<5, 3>>> {
    static constexpr const char* file = "gru_bidirectional";
};
struct lstm_bidirectional
    : from<network<bidirectional(lstm<2>), in<"input0", shape<5, 3>>, in<"input1", shape<4>>, in<"input2", shape<4>>>> {
    static constexpr const char* file = "lstm_bidirectional";
};
struct lstm_bidirectional_two_layers : from<network<(bidirectional(lstm<2>) >> bidirectional(lstm<2>)), shape<5, 3>>> {
    static constexpr const char* file = "lstm_bidirectional_two_layers";
};
struct gru_bidirectional_last_output : from<network<bidirectional(gru<2, last_output>), shape<5, 3>>> {
    static constexpr const char* file = "gru_bidirectional_last_output";
};
inline constexpr auto both_states = bidirectional(lstm<2, last_state>) >>
                                    [](value h, value c) { return concatenate({h, c}); };  // (8)
struct lstm_bidirectional_last_state
    : from<network<both_states, in<"input0", shape<5, 3>>, in<"input1", shape<4>>, in<"input2", shape<4>>>> {
    static constexpr const char* file = "lstm_bidirectional_last_state";
};

using all = case_list<rnn_zero_state, rnn_initial_state, gru_zero_state, gru_initial_state, lstm_zero_state,
                      lstm_initial_state, rnn_bidirectional_two_layers, gru_bidirectional, lstm_bidirectional,
                      lstm_bidirectional_two_layers, gru_bidirectional_last_output, lstm_bidirectional_last_state>;

}  // namespace cases

template <class> class recurrent_values : public testing::Test {};
TYPED_TEST_SUITE(recurrent_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(recurrent_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
