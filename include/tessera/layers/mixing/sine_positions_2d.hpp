// sine_positions_2d: waves of row and column added to an image of features, half of the features for each.
//
//   in      x (H, W, D), D divisible by 4
//   out     y (H, W, D)
//
//   y[h, w, 2 i]             = x + sin(v r_i)      v = 2 pi (h + 1) / (H + 1e-6)     r_i = Base^(-4 i / D), i < D / 4
//   y[h, w, 2 i + 1]         = x + cos(v r_i)
//   y[h, w, D / 2 + 2 i]     = x + sin(u r_i)      u = 2 pi (w + 1) / (W + 1e-6)
//   y[h, w, D / 2 + 2 i + 1] = x + cos(u r_i)
//
// sine_positions_2d.code(x) is what is added, a table that is known when compiling: DETR adds it to queries and keys in
// each layer, not to values.
// Options     sine_positions_2d_with<Base>; 1e4.
// Parameters  none.
// Gradient    exact: that of x.
// Cost        one addition an element.
// Errors      compile time: an input of rank other than 3; features that 4 does not divide; Base <= 0.
// Source      Carion et al. 2020, "End-to-End Object Detection with Transformers", normalised as in the authors' code.
//
//     inline constexpr auto placed = conv<256, 1> >> sine_positions_2d >> reshape_to<-1, 256>;
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/layers/mixing/position_waves.hpp>

namespace tessera {

template <double Base = 1e4> struct sine_positions_2d_layer : layer_base<sine_positions_2d_layer<Base>> {
    static_assert(Base > 0, "sine_positions_2d_with<Base>: Base must be positive");
    static constexpr std::string_view name = "sine_positions_2d";

    constexpr value apply(value x) const { return x.valid() ? x + code(x) : x; }

    // (H, W, D) for x (H, W, D)
    static constexpr value code(value x) {
        if (!expects(x, rank == 3, "an image (height, width, features)")) return {x.owner, -1};
        const int height = x.extent(0), width = x.extent(1), features = x.extent(2);
        if (!expects(x, features % 4 == 0, "features divisible by 4")) return {x.owner, -1};
        const detail::list<double> rows = waves(height, features / 2), columns = waves(width, features / 2);
        detail::list<double> table;
        for (int h = 0; h < height; ++h)
            for (int w = 0; w < width; ++w) {
                for (int i = 0; i < features / 2; ++i) table.push_back(rows[h * (features / 2) + i]);
                for (int i = 0; i < features / 2; ++i) table.push_back(columns[w * (features / 2) + i]);
            }
        return constant(table, {height, width, features}).with(x);
    }

  private:
    // (count, features) of one axis
    static constexpr detail::list<double> waves(int count, int features) {
        detail::list<double> table;
        for (int t = 0; t < count; ++t)
            for (int d = 0; d < features; ++d) {
                const double rate = detail::positions::rate_of(d, features, Base);
                const double angle = 2 * detail::mathematics::pi * (t + 1) / (count + 1e-6) * rate;
                table.push_back(detail::positions::wave_of(d, angle));
            }
        return table;
    }
};
inline constexpr sine_positions_2d_layer<> sine_positions_2d{};
template <double Base> inline constexpr sine_positions_2d_layer<Base> sine_positions_2d_with{};

}  // namespace tessera
