// Blocks that mix places and channels.
#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/layers/activation/gelu_tanh.hpp>
#include <tessera/layers/mixing.hpp>
#include <tessera/layers/recurrent/bilstm_max.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct mixes : from<network<mixer_block<3, 7>, shape<5, 4>>> {
    static constexpr const char* file = "mixer_block";
};
struct mixes_by_tanh : from<network<mixer_block<3, 7, activated_by<gelu_tanh>>, shape<5, 4>>> {
    static constexpr const char* file = "mixer_block_tanh";
};
struct res_mlp : from<network<res_mlp_block<6>, shape<5, 4>>> {
    static constexpr const char* file = "res_mlp_block";
};
struct norm_before : from<network<transformer_encoder_block<2, 7>, shape<5, 6>>> {
    static constexpr const char* file = "transformer_encoder_block_pre_norm";
};
struct norm_after : from<network<transformer_encoder_block<2, 7, post_norm, norm_epsilon<1e-12>>, shape<5, 6>>> {
    static constexpr const char* file = "transformer_encoder_block_post_norm";
};
struct of_lengths : from<network<transformer_encoder_block<2, 7, with_lengths>, in<"input0", shape<5, 6>>,
                                 in<"input1", shape<>, int32>>> {
    static constexpr const char* file = "transformer_encoder_block_lengths";
};
struct tokens
    : from<network<(patch_embedding<3, 2> >> distillation_token >> class_token >> learnt_positions), shape<4, 6, 2>>> {
    static constexpr const char* file = "image_tokens";
};
struct waves : from<network<sinusoidal_positions, shape<7, 6>>> {
    static constexpr const char* file = "sinusoidal_positions";
};
struct waves_2d : from<network<sine_positions_2d, shape<3, 5, 8>>> {
    static constexpr const char* file = "sine_positions_2d";
};
template <auto Layer, int Channels> using trains = from<network<Layer, shape<5, 4, Channels>>, phase::training>;
struct separable : trains<depthwise_separable<3, 3, 2>, 2> {
    static constexpr const char* file = "depthwise_separable";
};
struct inverted : trains<inverted_residual<3, 2, 5>, 2> {
    static constexpr const char* file = "inverted_residual";
};
struct aggregated : trains<aggregated_block<6, 2, 3, 2>, 4> {
    static constexpr const char* file = "aggregated_block";
};
struct adapted_in_series : trains<residual_adapter<3>, 2> {
    static constexpr const char* file = "residual_adapter_series";
};
struct adapted_in_parallel : trains<residual_adapter<3, 3, 2, in_parallel>, 2> {
    static constexpr const char* file = "residual_adapter_parallel";
};
struct sentence : from<network<bilstm_max<2>, in<"input0", shape<6, 3>>, in<"input1", shape<>, int32>>> {
    static constexpr const char* file = "bilstm_max_full";
};
struct cut_sentence : sentence {
    static constexpr const char* file = "bilstm_max_cut";
};

using all = case_list<mixes, mixes_by_tanh, res_mlp, norm_before, norm_after, of_lengths, tokens, waves, waves_2d,
                      separable, inverted, aggregated, adapted_in_series, adapted_in_parallel, sentence, cut_sentence>;

}  // namespace cases

template <class> class mixing_values : public testing::Test {};
TYPED_TEST_SUITE(mixing_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(mixing_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
