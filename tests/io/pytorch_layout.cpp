// Files that PyTorch wrote (tests/reference/pytorch_files.py) give the values that PyTorch computed.
#include "../message_of.hpp"
#include "../temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <tessera/core.hpp>
#include <tessera/io/model_file.hpp>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;
using tests::message_of;

constexpr auto tanh_layer = layer<tanh>;
struct image_net : network<(conv<4, 3, same> >> batch_norm >> relu >> conv<4, 3, groups<2>> >> prelu >> max_pool<2> >>
                            flatten >> batch_norm >> dense<24> >> tanh_layer >> dense<3>),
                           shape<6, 8, 2>> {};
struct signal_net : network<(depthwise_conv<3, 1, same> >> group_norm<2> >> conv_transpose<4, 2, stride<2>, groups<2>>),
                            shape<5, 4>> {};
struct sequence_net
    : network<(named<"embedding">(embedding<7, 4>) >> named<"attention">(multi_head_attention<2, with_bias>) >>
               named<"norm">(layer_norm) >> named<"gru">(gru<4>) >> named<"lstm">(lstm<4>) >> named<"cell">(rnn<4>) >>
               named<"head">(dense<4>)),
              in<"tokens", shape<5>, int32>> {};
struct context_net
    : network<named<"attention">(multi_head_attention<2>), in<"x", shape<3, 4>>, in<"context", shape<2, 6>>> {};
struct both_ways_net
    : network<(named<"gru">(bidirectional(gru<2>)) >> named<"lstm">(bidirectional(lstm<4>))), shape<5, 3>> {};
struct square : network<dense<4>, shape<4>> {};

std::string file_of(const std::string& name) {
    return std::string(TESSERA_REFERENCE_CASES) + "/../pytorch/" + name + ".safetensors";
}
template <class Number> std::vector<Number> values_of(const tensor_file& file, const std::string& name) {
    std::vector<float> list(file.at(name).size());
    copy_as_float(file.at(name), std::span(list));
    return {list.begin(), list.end()};
}

// Call: what the model makes of the file's inputs
template <class Net, class Call> void expect_values(const std::string& name, Call call) {
    model<Net, backend::scalar> net(1);
    load(net, file_of(name), {.layout = weight_layout::pytorch});
    const tensor_file values = read_safetensors(file_of(name + "_values"));
    const auto wanted = values_of<float>(values, "output");
    const auto found = call(net, values);
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 2e-6) << name << " [" << i << "]";
}

TEST(pytorch_layout, computes_what_pytorch_computes) {
    const auto real = [](auto& net, const tensor_file& file) { return net(values_of<float>(file, "input")); };
    expect_values<image_net>("image", real);
    expect_values<signal_net>("signal", real);
    expect_values<both_ways_net>("both_ways", real);
    expect_values<sequence_net>(
        "sequence", [](auto& net, const tensor_file& file) { return net(values_of<std::int32_t>(file, "input")); });
    expect_values<context_net>("context", [](auto& net, const tensor_file& file) {
        return net(values_of<float>(file, "input0"), values_of<float>(file, "input1"));
    });
}

TEST(pytorch_layout, a_file_that_is_not_ours_needs_a_word) {
    const tests::temporary_folder own;
    const auto file = own.path() / "weights.safetensors";
    model<square, backend::scalar> net(1);
    const auto before = std::vector<float>(net.parameters().begin(), net.parameters().end());
    const std::string hint =
        " (load(model, path, {.layout = weight_layout::pytorch}) converts a PyTorch state_dict, "
        "weight_layout::tessera takes the weights as they stand)";
    EXPECT_EQ(message_of([&] { load(net, file_of("image")); }),
              file_of("image") + ": expected metadata that says \"format\": 'tessera', found \"format\": 'pt'" + hint);

    detail::encoded_tensors tensors;
    std::vector<float> weight(16), bias(4);
    for (std::size_t i = 0; i < 16; ++i) weight[i] = static_cast<float>(i);
    tensors.add("weight", {4, 4}, dtype::f32, encode_floats(std::span<const float>(weight), dtype::f32));
    tensors.add("bias", {4}, dtype::f32, encode_floats(std::span<const float>(bias), dtype::f32));
    write_safetensors(file, tensors.entries());
    EXPECT_EQ(message_of([&] { load(net, file); }),
              file.string() + ": expected metadata that says \"format\": 'tessera', found none" + hint);
    EXPECT_TRUE(std::equal(before.begin(), before.end(), net.parameters().begin()));

    load(net, file, {.layout = weight_layout::tessera});
    EXPECT_EQ(net.parameter("weight")[1], 1);
    load(net, file, {.layout = weight_layout::pytorch});
    EXPECT_EQ(net.parameter("weight")[1], 4);

    save(net, file);
    load(net, file);
    EXPECT_EQ(net.parameter("weight")[1], 4);
    EXPECT_EQ(message_of([&] { load(net, file, {.layout = weight_layout::pytorch}); }),
              file.string() + ": expected weights in PyTorch's layout, found \"format\": 'tessera'");
}

TEST(pytorch_layout, names_what_does_not_fit) {
    model<sequence_net, backend::scalar> net(1);
    EXPECT_EQ(message_of([&] { load(net, file_of("context"), {.layout = weight_layout::pytorch}); }),
              file_of("context") +
                  ": expected 23 tensors that fit the model, found 19 missing ('embedding.weight', "
                  "'attention.in_proj_bias', 'attention.out_proj.bias', 'norm.weight', 'norm.bias', "
                  "'gru.weight_ih_l0', 'gru.weight_hh_l0', 'gru.bias_ih_l0', 'gru.bias_hh_l0', 'lstm.weight_ih_l0', "
                  "'lstm.weight_hh_l0', 'lstm.bias_ih_l0', 'lstm.bias_hh_l0', 'cell.weight_ih_l0', "
                  "'cell.weight_hh_l0', 'cell.bias_ih_l0', 'cell.bias_hh_l0', 'head.weight', 'head.bias'); 2 unfit "
                  "('attention.k_proj_weight' (4, 6) for (4, 4), 'attention.v_proj_weight' (4, 6) for "
                  "(4, 4))");
}

// --- what a state_dict does not tell

inline constexpr auto own_matrix = [](value x) { return einsum("i,io->o", x, parameter("table", {4, 4})); };
inline constexpr auto own_scale = [](value x) { return x * parameter("scale", {x.extent(-1)}); };
struct matrix_net : network<(dense<4> >> own_matrix), shape<4>> {};
struct scale_net : network<(dense<4> >> own_scale), shape<4>> {};
struct made_image : network<(dense<8> >> reshape_to<2, 2, 2> >> conv<1, 1>), shape<4>> {};
struct made_grey_image : network<(dense<4> >> reshape_to<2, 2, 1> >> conv<1, 1>), shape<4>> {};
struct several_axes : network<layer_norm_over<2>, shape<2, 2>> {};
struct moved : network<(conv<2, 1> >> permute_to<1, 0, 2> >> flatten >> dense<2>), shape<2, 3, 1>> {};
struct scaled : network<(flatten >> own_scale), shape<2, 2, 2>> {};
struct rows : network<(flatten >> dense<2>), shape<2, 2>> {};
struct recurrent_rows : network<(rnn<2> >> flatten >> dense<2>), shape<2, 2>> {};
struct pooled_rows : network<(max_pool<1> >> flatten >> dense<1>), shape<2, 2>> {};

template <class Net> std::string refusal() {
    return message_of([] { detail::pytorch_parts<Net>(tensor_file("f", {}, {}, {})); });
}
template <class Net> detail::tensor_part first_part() {
    return detail::pytorch_parts<Net>(tensor_file("f", {}, {}, {})).front();
}

TEST(pytorch_layout, what_cannot_be_told_is_refused) {
    const std::string wanted = "f: expected a network whose features have one order in PyTorch, found ";
    const std::string instead = "; convert the file yourself and load it with weight_layout::tessera";
    EXPECT_EQ(refusal<matrix_net>(), wanted + "'1', whose 'table' belongs to no layer of PyTorch's" + instead);
    EXPECT_EQ(refusal<scale_net>(), "");
    EXPECT_EQ(refusal<made_image>(), wanted + "'1' (reshape_to), which makes several axes of features" + instead);
    EXPECT_EQ(refusal<made_grey_image>(), "");
    EXPECT_EQ(
        refusal<several_axes>(),
        wanted + "the outermost layer (layer_norm_over), whose 'weight' belongs to no layer of PyTorch's" + instead);
    EXPECT_EQ(refusal<moved>(),
              wanted + "'2' (flatten), which flattens what PyTorch may hold in another order" + instead);
    EXPECT_EQ(refusal<scaled>(), wanted + "'1', which has 'scale' and takes flattened features" + instead);
}

TEST(pytorch_layout, only_what_has_channels_first_in_pytorch_is_reordered) {
    EXPECT_EQ(first_part<rows>().axes.size(), 2U);
    EXPECT_EQ(first_part<recurrent_rows>().axes.size(), 2U);
    EXPECT_EQ(first_part<pooled_rows>().axes.size(), 3U);
}

}  // namespace
