// sinusoidal_positions: waves of the place added to a sequence, faster ones on the first features.
//
//   in      x (T, D)
//   out     y (T, D)
//
//   y[t, 2 i]     = x[t, 2 i]     + sin(t r_i)         r_i = Base^(-2 i / D)
//   y[t, 2 i + 1] = x[t, 2 i + 1] + cos(t r_i)
//
// sinusoidal_positions.code(x) is what is added: a table that is known when compiling, or in a stream the waves of the
// frame.
// Options     sinusoidal_positions_with<Base>; 1e4.
// Parameters  none.
// Gradient    exact: that of x.
// Cost        one addition an element; in a stream D sines a frame.
// Errors      compile time: an input of rank other than 2; Base <= 0.
// Source      Vaswani et al. 2017, "Attention Is All You Need".
//
//     inline constexpr auto words = embedding<10000, 64> >> sinusoidal_positions;
#pragma once
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/layers/frame_positions.hpp>
#include <tessera/layers/mixing/position_waves.hpp>

namespace tessera {

template <double Base = 1e4> struct sinusoidal_positions_layer : layer_base<sinusoidal_positions_layer<Base>> {
    static_assert(Base > 0, "sinusoidal_positions_with<Base>: Base must be positive");
    static constexpr std::string_view name = "sinusoidal_positions";

    constexpr value apply(value x) const { return x.valid() ? x + code(x) : x; }

    // (T, D) for x (T, D)
    static constexpr value code(value x) {
        if (!expects(x, rank == 2, "a sequence (places, features)")) return {x.owner, -1};
        const int places = x.extent(0), features = x.extent(1);
        detail::list<double> rates, phases, table;
        for (int d = 0; d < features; ++d) {
            rates.push_back(detail::positions::rate_of(d, features, Base));
            phases.push_back(d % 2 == 0 ? 0 : detail::mathematics::pi / 2);
        }
        if (detail::looks_back_by_states(x)) {
            const value place = reshape(frame_positions(x), {1, 1});
            return sin(place * constant(rates, {features}) + constant(phases, {features}));
        }
        for (int t = 0; t < places; ++t)
            for (int d = 0; d < features; ++d) table.push_back(detail::positions::wave_of(d, t * rates[d]));
        return detail::runs_by_frame(constant(table, {places, features}).with(x));
    }
};
inline constexpr sinusoidal_positions_layer<> sinusoidal_positions{};
template <double Base> inline constexpr sinusoidal_positions_layer<Base> sinusoidal_positions_with{};

}  // namespace tessera
