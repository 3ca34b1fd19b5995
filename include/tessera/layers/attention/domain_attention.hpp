// domain_attention<Adapters, Ratio>: a bank of squeeze-and-excitation adapters, one for each kind of image that there may
// be, and weights by which each image chooses among them.
//
//   in      x (positions..., C)
//   out     y like x
//
//   s   = the mean of x over all positions (C)
//   e_n = relu(s reduce_n + reduce_bias_n) expand_n + expand_bias_n     adapter n (C)
//   w   = softmax(s assign + assign_bias)                               the weights of the adapters (Adapters)
//   y   = x sigmoid(sum_n w_n e_n)
//
// Parameters  reduce (C, Adapters, R), Kaiming, reduce_bias (Adapters, R), zero; expand (Adapters, R, C), Xavier,
//             expand_bias (Adapters, C), zero; assign (C, Adapters), Xavier, assign_bias (Adapters), zero; R = C / Ratio,
//             rounded down.
// Gradient    exact.
// Cost        two passes over x, Adapters C (2 R + 2) multiply-adds: all adapters are one product each way, the weights
//             being applied to what lies between.
// Errors      compile time: Adapters < 1; Ratio < 1; an input of rank 0 or 1; fewer than Ratio channels.
// Source      Wang, Cai, Gao, Vasconcelos 2019, "Towards Universal Object Detection by Domain Attention".
//
//     residual(conv<64, 3, same> >> batch_norm >> domain_attention<11>)
#pragma once
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/attention/squeeze_excite.hpp>

namespace tessera {

template <int Adapters, int Ratio = 16>
struct domain_attention_layer : layer_base<domain_attention_layer<Adapters, Ratio>> {
    static_assert(Adapters >= 1 && Ratio >= 1, "domain_attention<Adapters, Ratio>: both must be at least 1");
    static constexpr std::string_view name = "domain_attention";
    static constexpr text describe() { return detail::written("domain_attention", {Adapters, Ratio}); }

    constexpr value apply(value x) const {
        if (!detail::gates::expects_channels(x, Ratio)) return x;
        const int c = x.extent(-1), r = c / Ratio;
        const value s = mean(x, leading);  // (C)
        const value hidden = relu(detail::gates::mapped(s, "c,cnr->nr", "reduce", {c, Adapters, r}, initial::kaiming(c),
                                                        true, {Adapters, r}));
        const value w = softmax(detail::gates::mapped(s, "c,cn->n", "assign", {c, Adapters},
                                                      initial::xavier(c, Adapters), true, {Adapters}));
        const value chosen = einsum("nr,nrc->c", hidden * reshape(w, {Adapters, 1}),
                                    parameter("expand", {Adapters, r, c}, initial::xavier(r, c)));
        const value bias = einsum("n,nc->c", w, parameter("expand_bias", {Adapters, c}).no_weight_decay());
        return x * sigmoid(chosen + bias);
    }
};

template <int Adapters, int Ratio = 16> inline constexpr domain_attention_layer<Adapters, Ratio> domain_attention{};

}  // namespace tessera
