// frame_positions: the place of each element of time, counted from 0.
//
//   in      x (T, ...)        out     (T): 0, 1, ..., T - 1, the same for every sample
//
// For codes of position: cos(frame_positions(x) * frequency), rotations of queries and keys. In a stream a state counts the
// elements since the beginning, beyond T as well; in float it stays at 2^24.
// Parameters  none.    Gradient  none.    Cost  none; in a stream an addition.
// Errors      compile time: an input of rank 0. In a stream: in iterate; an axis 0 that is not time.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/delay_line.hpp>
#include <tessera/ir/operations/reshape.hpp>

namespace tessera {

struct frame_positions_layer : layer_base<frame_positions_layer> {
    static constexpr std::string_view name = "frame_positions";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1, "a sequence (time, ...)")) return x;
        if (!detail::looks_back_by_states(x)) return detail::runs_by_frame(iota(x.extent(0)).with(x));
        const value count = detail::own_state(x, "position", {});
        update(count, count + 1);
        return reshape(count, {1});
    }
};

inline constexpr frame_positions_layer frame_positions{};

}  // namespace tessera
