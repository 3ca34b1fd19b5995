// Attention keeps no array of all pairs of places: a model and a trainer have less room than one would take, and no value
// of their graphs is one.
#include <tessera/backend/simd/simd.hpp>
#include <tessera/layers/attention/lambda_convolution.hpp>
#include <tessera/layers/attention/local_attention.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/attention/sab.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

namespace {

using namespace tessera;

constexpr int places = 600;

template <class Program> constexpr bool keeps_no_pairs() {
    if (Program::workspace_bytes >= static_cast<long>(sizeof(float)) * places * places) return false;
    for (int i = 0; i < Program::graph.node_count; ++i)
        if (Program::graph.nodes[i].shape.size() >= places * places) return false;
    return true;
}
template <class Net> constexpr bool streams_pairs() {
    using network_model = model<Net, backend::simd, batch<1>>;
    static_assert(keeps_no_pairs<typename network_model::program_type>());
    return keeps_no_pairs<typename trainer<network_model, squared_error, sgd>::program_type>();
}
template <auto Layer, class... Further>
constexpr bool of = streams_pairs<network<Layer, in<"x", shape<places, 4>>, Further...>>();

static_assert(of<multi_head_attention<2, with_bias>>);
static_assert(of<multi_head_attention<2, causal, key_width<3, 5>>>);
static_assert(of<multi_head_attention<2, relative_bias>>);
static_assert(of<multi_head_attention<2, relative_bias, causal>>);
static_assert(of<multi_head_attention<1, rotary>>);
static_assert(of<multi_head_attention<1, rotary_halves, causal>>);
static_assert(of<multi_head_attention<2, with_mask>, in<"mask", shape<places>>>);
static_assert(of<sab<4, 2>>);

// weights are dropped in training alone
struct dropping : network<(multi_head_attention<2, attention_dropout<0.1>>), shape<places, 4>> {};
static_assert(keeps_no_pairs<model<dropping, backend::simd, batch<1>>::program_type>());

inline constexpr auto local_to_itself = [](value x) { return local_attention<3>(x, x); };
static_assert(of<local_to_itself>);

// maps that all places share
template <auto Layer> constexpr bool of_images = streams_pairs<network<Layer, in<"x", shape<24, places / 24, 4>>>>();
static_assert(of_images<lambda_convolution<4, 3, 2, 3>>);

// what is measured: scores written out are seen
inline constexpr auto written_out = [](value x) {
    const value h = reshape(x, {places, 1, 4});
    return reshape(attention(h, h, h, 1.0, [](value scores) { return scores * scores; }), {places, 4});
};
struct wasteful : network<written_out, shape<places, 4>> {};
static_assert(!keeps_no_pairs<model<wasteful, backend::simd, batch<1>>::program_type>());

}  // namespace
