// descend: parameters -= rate * gradients, shared out among a team as an operation's items are. It closes a training
// step that runs as one piece, without an optimiser of its own.
//
// Cost  2 flop an element.
#pragma once

namespace tessera::detail::scalar {

template <class T, class Team>
constexpr void descend(T* parameters, const T* gradients, int count, T rate, const Team& team) {
    for (int i = team.rank(); i < count; i += team.size()) parameters[i] -= rate * gradients[i];
    team.meet();
}

}  // namespace tessera::detail::scalar
