// reference_cases: for each file of tests/reference/cases that holds one layer, the network that must reproduce it.
//
// `file` is the name without its ending. Cases made in training are told by `purpose`.
#pragma once
#include <tessera/expression/chain.hpp>
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
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/conv_transpose.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/normalisation/group_norm.hpp>
#include <tessera/layers/normalisation/instance_norm.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/layers/normalisation/rms_norm.hpp>
#include <tessera/layers/padding/circular_pad.hpp>
#include <tessera/layers/padding/reflect_pad.hpp>
#include <tessera/layers/padding/replicate_pad.hpp>
#include <tessera/layers/padding/zero_pad.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/pooling/adaptive_avg_pool.hpp>
#include <tessera/layers/pooling/adaptive_max_pool.hpp>
#include <tessera/layers/pooling/global_avg_pool.hpp>
#include <tessera/layers/pooling/global_max_pool.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/layers/resampling/pixel_shuffle.hpp>
#include <tessera/layers/resampling/resize_bilinear.hpp>
#include <tessera/layers/resampling/upsample_bilinear.hpp>
#include <tessera/layers/resampling/upsample_nearest.hpp>
#include <tessera/network.hpp>

namespace reference_cases {

using namespace tessera;

// Net, its file, and what it is traced for
template <class Net, phase Purpose = phase::inference> struct from : Net {
    static constexpr phase purpose = Purpose;
};

// --- activations

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

// --- dense, embedding

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

// --- convolution

struct conv1d_asymmetric : from<network<(conv<6, 3, pad<2, 1>>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_asymmetric";
};
struct conv1d_depthwise : from<network<(depthwise_conv<3>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_depthwise";
};
struct conv1d_depthwise_multiplier2 : from<network<(depthwise_conv<3, 2>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_depthwise_multiplier2";
};
struct conv1d_dilation2 : from<network<(conv<6, 3, dilation<2>>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_dilation2";
};
struct conv1d_groups2 : from<network<(conv<6, 3, groups<2>>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_groups2";
};
struct conv1d_no_bias : from<network<(conv<6, 3, no_bias>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_no_bias";
};
struct conv1d_plain : from<network<(conv<6, 3>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_plain";
};
struct conv1d_same : from<network<(conv<6, 3, same>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_same";
};
struct conv1d_stride2 : from<network<(conv<6, 3, stride<2>>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_stride2";
};
struct conv1d_tensorflow_same_stride2 : from<network<(conv<6, 3, stride<2>, same>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_tensorflow_same_stride2";
};
struct conv2d_asymmetric : from<network<(conv<6, 3, pad<2, 1>>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_asymmetric";
};
struct conv2d_depthwise : from<network<(depthwise_conv<3>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_depthwise";
};
struct conv2d_depthwise_multiplier2 : from<network<(depthwise_conv<3, 2>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_depthwise_multiplier2";
};
struct conv2d_dilation2 : from<network<(conv<6, 3, dilation<2>>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_dilation2";
};
struct conv2d_groups2 : from<network<(conv<6, 3, groups<2>>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_groups2";
};
struct conv2d_no_bias : from<network<(conv<6, 3, no_bias>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_no_bias";
};
struct conv2d_plain : from<network<(conv<6, 3>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_plain";
};
struct conv2d_same : from<network<(conv<6, 3, same>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_same";
};
struct conv2d_stride2 : from<network<(conv<6, 3, stride<2>>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_stride2";
};
struct conv2d_tensorflow_same_stride2 : from<network<(conv<6, 3, stride<2>, same>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_tensorflow_same_stride2";
};
struct conv3d_asymmetric : from<network<(conv<6, 3, pad<2, 1>>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_asymmetric";
};
struct conv3d_depthwise : from<network<(depthwise_conv<3>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_depthwise";
};
struct conv3d_depthwise_multiplier2 : from<network<(depthwise_conv<3, 2>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_depthwise_multiplier2";
};
struct conv3d_dilation2 : from<network<(conv<6, 3, dilation<2>>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_dilation2";
};
struct conv3d_groups2 : from<network<(conv<6, 3, groups<2>>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_groups2";
};
struct conv3d_no_bias : from<network<(conv<6, 3, no_bias>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_no_bias";
};
struct conv3d_plain : from<network<(conv<6, 3>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_plain";
};
struct conv3d_same : from<network<(conv<6, 3, same>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_same";
};
struct conv3d_stride2 : from<network<(conv<6, 3, stride<2>>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_stride2";
};
struct conv3d_tensorflow_same_stride2 : from<network<(conv<6, 3, stride<2>, same>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_tensorflow_same_stride2";
};
struct conv_transpose1d_no_bias
    : from<network<(conv_transpose<6, 3, stride<2>, pad<1>, output_pad<1>, no_bias>), shape<5, 4>>> {
    static constexpr const char* file = "conv_transpose1d_no_bias";
};
struct conv_transpose1d_plain : from<network<(conv_transpose<6, 3>), shape<5, 4>>> {
    static constexpr const char* file = "conv_transpose1d_plain";
};
struct conv_transpose1d_stride2 : from<network<(conv_transpose<6, 3, stride<2>>), shape<5, 4>>> {
    static constexpr const char* file = "conv_transpose1d_stride2";
};
struct conv_transpose1d_stride2_pad1_output_pad1
    : from<network<(conv_transpose<6, 3, stride<2>, pad<1>, output_pad<1>>), shape<5, 4>>> {
    static constexpr const char* file = "conv_transpose1d_stride2_pad1_output_pad1";
};
struct conv_transpose2d_no_bias
    : from<network<(conv_transpose<6, 3, stride<2>, pad<1>, output_pad<1>, no_bias>), shape<5, 4, 4>>> {
    static constexpr const char* file = "conv_transpose2d_no_bias";
};
struct conv_transpose2d_plain : from<network<(conv_transpose<6, 3>), shape<5, 4, 4>>> {
    static constexpr const char* file = "conv_transpose2d_plain";
};
struct conv_transpose2d_stride2 : from<network<(conv_transpose<6, 3, stride<2>>), shape<5, 4, 4>>> {
    static constexpr const char* file = "conv_transpose2d_stride2";
};
struct conv_transpose2d_stride2_pad1_output_pad1
    : from<network<(conv_transpose<6, 3, stride<2>, pad<1>, output_pad<1>>), shape<5, 4, 4>>> {
    static constexpr const char* file = "conv_transpose2d_stride2_pad1_output_pad1";
};

// --- pooling

struct avg_pool1d_2 : from<network<avg_pool<2>, shape<7, 3>>> {
    static constexpr const char* file = "avg_pool1d_2";
};
struct avg_pool1d_3_stride2_pad1_counted : from<network<(avg_pool<3, stride<2>, pad<1>>), shape<7, 3>>> {
    static constexpr const char* file = "avg_pool1d_3_stride2_pad1_counted";
};
struct avg_pool1d_3_stride2_pad1_uncounted
    : from<network<(avg_pool<3, stride<2>, pad<1>, padding_not_counted>), shape<7, 3>>> {
    static constexpr const char* file = "avg_pool1d_3_stride2_pad1_uncounted";
};
struct max_pool1d_2 : from<network<max_pool<2>, shape<7, 3>>> {
    static constexpr const char* file = "max_pool1d_2";
};
struct max_pool1d_3_stride2_pad1 : from<network<(max_pool<3, stride<2>, pad<1>>), shape<7, 3>>> {
    static constexpr const char* file = "max_pool1d_3_stride2_pad1";
};
struct avg_pool2d_2 : from<network<avg_pool<2>, shape<7, 6, 3>>> {
    static constexpr const char* file = "avg_pool2d_2";
};
struct avg_pool2d_3_stride2_pad1_counted : from<network<(avg_pool<3, stride<2>, pad<1>>), shape<7, 6, 3>>> {
    static constexpr const char* file = "avg_pool2d_3_stride2_pad1_counted";
};
struct avg_pool2d_3_stride2_pad1_uncounted
    : from<network<(avg_pool<3, stride<2>, pad<1>, padding_not_counted>), shape<7, 6, 3>>> {
    static constexpr const char* file = "avg_pool2d_3_stride2_pad1_uncounted";
};
struct max_pool2d_2 : from<network<max_pool<2>, shape<7, 6, 3>>> {
    static constexpr const char* file = "max_pool2d_2";
};
struct max_pool2d_3_stride2_pad1 : from<network<(max_pool<3, stride<2>, pad<1>>), shape<7, 6, 3>>> {
    static constexpr const char* file = "max_pool2d_3_stride2_pad1";
};
struct avg_pool3d_2 : from<network<avg_pool<2>, shape<7, 6, 5, 3>>> {
    static constexpr const char* file = "avg_pool3d_2";
};
struct avg_pool3d_3_stride2_pad1_counted : from<network<(avg_pool<3, stride<2>, pad<1>>), shape<7, 6, 5, 3>>> {
    static constexpr const char* file = "avg_pool3d_3_stride2_pad1_counted";
};
struct avg_pool3d_3_stride2_pad1_uncounted
    : from<network<(avg_pool<3, stride<2>, pad<1>, padding_not_counted>), shape<7, 6, 5, 3>>> {
    static constexpr const char* file = "avg_pool3d_3_stride2_pad1_uncounted";
};
struct max_pool3d_2 : from<network<max_pool<2>, shape<7, 6, 5, 3>>> {
    static constexpr const char* file = "max_pool3d_2";
};
struct max_pool3d_3_stride2_pad1 : from<network<(max_pool<3, stride<2>, pad<1>>), shape<7, 6, 5, 3>>> {
    static constexpr const char* file = "max_pool3d_3_stride2_pad1";
};
struct adaptive_avg_pool2d : from<network<(adaptive_avg_pool<3, 2>), shape<7, 5, 3>>> {
    static constexpr const char* file = "adaptive_avg_pool2d";
};
struct adaptive_max_pool2d : from<network<(adaptive_max_pool<3, 2>), shape<7, 5, 3>>> {
    static constexpr const char* file = "adaptive_max_pool2d";
};
struct global_avg_pool2d : from<network<global_avg_pool, shape<5, 4, 3>>> {
    static constexpr const char* file = "global_avg_pool2d";
};
struct global_max_pool2d : from<network<global_max_pool, shape<5, 4, 3>>> {
    static constexpr const char* file = "global_max_pool2d";
};

// --- normalisation; the batch norms on a batch of 4

struct batch_norm_inference : from<network<batch_norm, shape<3, 2, 5>>> {
    static constexpr const char* file = "batch_norm_inference";
};
struct batch_norm_training : from<network<batch_norm, shape<3, 2, 5>>, phase::training> {
    static constexpr const char* file = "batch_norm_training";
};
struct group_norm_groups2 : from<network<group_norm<2>, shape<4, 3, 6>>> {
    static constexpr const char* file = "group_norm_groups2";
};
struct instance_norm : from<network<tessera::instance_norm, shape<4, 3, 5>>> {
    static constexpr const char* file = "instance_norm";
};
struct layer_norm_last_axis : from<network<layer_norm, shape<4, 6>>> {
    static constexpr const char* file = "layer_norm_last_axis";
};
struct layer_norm_last_two_axes : from<network<layer_norm_over<2>, shape<3, 4, 5>>> {
    static constexpr const char* file = "layer_norm_last_two_axes";
};
struct rms_norm : from<network<tessera::rms_norm, shape<4, 6>>> {
    static constexpr const char* file = "rms_norm";
};

// --- padding and resampling

struct pad_circular : from<network<(circular_pad<1, 2, 2, 0>), shape<4, 5, 2>>> {
    static constexpr const char* file = "pad_circular";
};
struct pad_constant : from<network<(zero_pad<1, 2, 2, 0>), shape<4, 5, 2>>> {
    static constexpr const char* file = "pad_constant";
};
struct pad_reflect : from<network<(reflect_pad<1, 2, 2, 0>), shape<4, 5, 2>>> {
    static constexpr const char* file = "pad_reflect";
};
struct pad_replicate : from<network<(replicate_pad<1, 2, 2, 0>), shape<4, 5, 2>>> {
    static constexpr const char* file = "pad_replicate";
};
struct pixel_shuffle_2 : from<network<pixel_shuffle<2>, shape<3, 2, 12>>> {
    static constexpr const char* file = "pixel_shuffle_2";
};
struct upsample_bilinear_2 : from<network<upsample_bilinear<2>, shape<4, 3, 2>>> {
    static constexpr const char* file = "upsample_bilinear_2";
};
struct upsample_bilinear_2_align_corners : from<network<(upsample_bilinear<2, align_corners>), shape<4, 3, 2>>> {
    static constexpr const char* file = "upsample_bilinear_2_align_corners";
};
struct upsample_bilinear_7x5 : from<network<(resize_bilinear<7, 5>), shape<4, 3, 2>>> {
    static constexpr const char* file = "upsample_bilinear_7x5";
};
struct upsample_bilinear_7x5_align_corners : from<network<(resize_bilinear<7, 5, align_corners>), shape<4, 3, 2>>> {
    static constexpr const char* file = "upsample_bilinear_7x5_align_corners";
};
struct upsample_nearest_2 : from<network<upsample_nearest<2>, shape<4, 3, 2>>> {
    static constexpr const char* file = "upsample_nearest_2";
};

// --- attention

struct multi_head_attention_bias : from<network<(multi_head_attention<4, with_bias>), shape<5, 8>>> {
    static constexpr const char* file = "multi_head_attention_bias";
};
struct multi_head_attention_causal : from<network<(multi_head_attention<4, causal>), shape<5, 8>>> {
    static constexpr const char* file = "multi_head_attention_causal";
};
struct multi_head_attention_causal_bias : from<network<(multi_head_attention<4, causal, with_bias>), shape<5, 8>>> {
    static constexpr const char* file = "multi_head_attention_causal_bias";
};
struct multi_head_attention_cross
    : from<network<(multi_head_attention<4, with_bias>), in<"input0", shape<5, 8>>, in<"input1", shape<3, 8>>>> {
    static constexpr const char* file = "multi_head_attention_cross";
};
struct multi_head_attention_plain : from<network<multi_head_attention<4>, shape<5, 8>>> {
    static constexpr const char* file = "multi_head_attention_plain";
};

// --- networks: these give the logits; the loss of the file is their cross-entropy, and gradients are those of the loss

struct network_mlp : from<network<(dense<7> >> relu >> dense<4>), shape<6>>> {
    static constexpr const char* file = "network_mlp";
};
struct network_lenet : from<network<(conv<3, 5, same> >> relu >> max_pool<2> >> conv<6, 5> >> relu >> max_pool<2> >>
                                     flatten >> dense<20> >> relu >> dense<14> >> relu >> dense<10>),
                                    shape<16, 16, 1>>> {
    static constexpr const char* file = "network_lenet";
};

// every case of one layer, for typed tests
template <class... Case> struct case_list {};

using layer_cases = case_list<
    activation_elu, activation_gelu_exact, activation_gelu_tanh, activation_hardsigmoid, activation_hardswish,
    activation_leaky_relu, activation_log_softmax, activation_mish, activation_prelu, activation_relu, activation_relu6,
    activation_selu, activation_sigmoid, activation_silu, activation_softmax, activation_softplus, activation_tanh,
    dense_no_bias, dense_sequence, dense_vector, embedding, conv1d_asymmetric, conv1d_depthwise,
    conv1d_depthwise_multiplier2, conv1d_dilation2, conv1d_groups2, conv1d_no_bias, conv1d_plain, conv1d_same,
    conv1d_stride2, conv1d_tensorflow_same_stride2, conv2d_asymmetric, conv2d_depthwise, conv2d_depthwise_multiplier2,
    conv2d_dilation2, conv2d_groups2, conv2d_no_bias, conv2d_plain, conv2d_same, conv2d_stride2,
    conv2d_tensorflow_same_stride2, conv3d_asymmetric, conv3d_depthwise, conv3d_depthwise_multiplier2, conv3d_dilation2,
    conv3d_groups2, conv3d_no_bias, conv3d_plain, conv3d_same, conv3d_stride2, conv3d_tensorflow_same_stride2,
    conv_transpose1d_no_bias, conv_transpose1d_plain, conv_transpose1d_stride2,
    conv_transpose1d_stride2_pad1_output_pad1, conv_transpose2d_no_bias, conv_transpose2d_plain,
    conv_transpose2d_stride2, conv_transpose2d_stride2_pad1_output_pad1, avg_pool1d_2,
    avg_pool1d_3_stride2_pad1_counted, avg_pool1d_3_stride2_pad1_uncounted, max_pool1d_2, max_pool1d_3_stride2_pad1,
    avg_pool2d_2, avg_pool2d_3_stride2_pad1_counted, avg_pool2d_3_stride2_pad1_uncounted, max_pool2d_2,
    max_pool2d_3_stride2_pad1, avg_pool3d_2, avg_pool3d_3_stride2_pad1_counted, avg_pool3d_3_stride2_pad1_uncounted,
    max_pool3d_2, max_pool3d_3_stride2_pad1, adaptive_avg_pool2d, adaptive_max_pool2d, global_avg_pool2d,
    global_max_pool2d, batch_norm_inference, batch_norm_training, group_norm_groups2, instance_norm,
    layer_norm_last_axis, layer_norm_last_two_axes, rms_norm, pad_circular, pad_constant, pad_reflect, pad_replicate,
    pixel_shuffle_2, upsample_bilinear_2, upsample_bilinear_2_align_corners, upsample_bilinear_7x5,
    upsample_bilinear_7x5_align_corners, upsample_nearest_2, multi_head_attention_bias, multi_head_attention_causal,
    multi_head_attention_causal_bias, multi_head_attention_cross, multi_head_attention_plain>;
using network_cases = case_list<network_mlp, network_lenet>;

}  // namespace reference_cases
