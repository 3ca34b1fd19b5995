// gram_focal_modulation<Levels, Window, Factor, Degree>: each element is modulated by a mixture of what stands around it
// at several distances; all maps are layers of Gram polynomials.
//
//   in      x (spatial..., C)
//   out     y (spatial..., C)
//
//   q, c, g = gram_bottleneck(x), 1x1, C + C + Levels + 1 channels
//   c_0 = c, c_l = depthwise gram conv of c_(l-1) with a kernel of Window + Factor (l - 1), l = 1 ... Levels
//   m = sum_l c_l g_l;  m = (m + mean over places of m  g_(Levels+1)) / (Levels + 1)
//   y = gram_bottleneck(norm(q h(m))), h = gram_bottleneck, all 1x1
//
// Each gram layer ends in its norm and silu: q, c and the gates too, as published. A depthwise layer has the polynomials of
// its own channel; the published one meant that, and mixes those of other channels by the order of its list.
//
// Options     normalised_by<F>: the norm of q h(m) and of every layer; instance_norm without weight and bias unless told
//             otherwise.
// Parameters  those of the layers at in, level_1 ... level_Levels, h and out.
// Gradient    exact.
// Cost        those of four bottlenecks and Levels depthwise convolutions.
// Errors      compile time: Levels < 1; Window < 1 or even, Factor < 0 or odd, for which no border keeps the shape; a
//             rank outside 2 to 4.
// Source      Drokin 2024, "Kolmogorov-Arnold Convolutions"; Yang et al. 2022, "Focal Modulation Networks".
#pragma once
#include <tessera/ir/operations/reduce.hpp>
#include <tessera/layers/kan/gram_bottleneck_conv.hpp>

namespace tessera {

template <int Levels, int Window, int Factor, int Degree, class... Options>
struct gram_focal_modulation_layer
    : layer_base<gram_focal_modulation_layer<Levels, Window, Factor, Degree, Options...>> {
    static_assert(Levels >= 1, "gram_focal_modulation<Levels>: Levels must be at least 1");
    static_assert(Window >= 1 && Window % 2 == 1, "gram_focal_modulation<Levels, Window>: Window must be odd");
    static_assert(Factor >= 0 && Factor % 2 == 0, "gram_focal_modulation<Levels, Window, Factor>: Factor must be even");
    static_assert(((detail::kan::role_of<Options> == detail::kan::role::norm) && ...),
                  "gram_focal_modulation<Levels, ...>: the option is normalised_by<F>");
    static constexpr std::string_view name = "gram_focal_modulation";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2 && x.rank() <= 4, "(spatial..., channels), rank 2 to 4")) return x;
        const int c = x.extent(-1);
        const value mapped = bottleneck("in", x, 2 * c + Levels + 1);  // (spatial..., 2 C + Levels + 1)
        if (!mapped.valid()) return mapped;
        const value q = slice(mapped, -1, 0, c), gates = slice(mapped, -1, 2 * c, Levels + 1);
        value context = slice(mapped, -1, c, c), m = context;
        for (int l = 0; l < Levels; ++l) {
            context = around((text("level_") + (l + 1)).view(), context, Window + Factor * l);
            const value part = context * slice(gates, -1, l, 1);
            m = l == 0 ? part : m + part;
        }
        m = (m + mean(m, leading, keep_axes) * slice(gates, -1, Levels, 1)) * (1.0 / (Levels + 1));
        const value modulated = q * bottleneck("h", m, c);
        return bottleneck(
            "out", detail::kan::apply_option<detail::kan::role::norm, Options..., detail::kan::plain_norm>(modulated),
            c);
    }

  private:
    static constexpr value bottleneck(std::string_view place, value x, int channels) {
        const detail::scope_guard inside(*x.owner, place, text("gram_bottleneck_conv"), true);
        return detail::kan::gram_bottleneck<Degree, Options..., base_branch<silu>, detail::kan::plain_norm,
                                            activated_by<silu>>(x, channels, detail::window_options_of<1>());
    }
    static constexpr value around(std::string_view place, value x, int kernel) {
        const detail::scope_guard inside(*x.owner, place, text("gram_conv"), true);
        detail::window_options o = detail::window_options_of<1, same>();
        for (int& k : o.kernel) k = kernel;
        o.groups = x.extent(-1);
        return detail::kan::finished<Options..., detail::kan::plain_norm, activated_by<silu>>(
            detail::kan::convolve<gram<Degree>, base_branch<silu>, functions_of<detail::kan::bounded>, unscaled,
                                  zeros_after>(x, x.extent(-1), o));
    }
};

template <int Levels = 2, int Window = 3, int Factor = 2, int Degree = 3, class... Options>
inline constexpr gram_focal_modulation_layer<Levels, Window, Factor, Degree, Options...> gram_focal_modulation{};

}  // namespace tessera
