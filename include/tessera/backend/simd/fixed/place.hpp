// place: where an operand of a step is, and where its results go, known when compiling.
#pragma once
#include <tessera/program.hpp>

namespace tessera::detail::simd {

// what `address` and `target` of program.hpp give, of a place that is a constant; null for what has no memory
template <class Arch, placed Place, class T>
[[gnu::always_inline]] inline auto* fixed_place(const tessera::detail::memory<T>& m) noexcept {
    if constexpr (Place.where == memory_space::workspace)
        return m.workspace + Place.offset * elements_of_line<T>;
    else if constexpr (Place.where == memory_space::state)
        return m.states + Place.offset;
    else if constexpr (Place.where == memory_space::gradient)
        return m.gradients + Place.offset;
    else if constexpr (Place.where == memory_space::input)
        return m.real_inputs[Place.offset];
    else if constexpr (Place.where == memory_space::parameter)
        return m.parameters + Place.offset;
    else if constexpr (Place.where == memory_space::constant)
        return m.constants + Place.offset;
    else if constexpr (Place.where == memory_space::prepared)
        return m.packed + Place.offset * elements_of_line<T>;
    else
        return static_cast<T*>(nullptr);
}

// address number At of a program's table
template <class Program, class Arch, int At, class T>
[[gnu::always_inline]] inline const T* fixed_operand(const tessera::detail::memory<T>& m) noexcept {
    constexpr placed_operand at = Program::table.addresses[At];
    constexpr placed whole = at;
    const T* const p = fixed_place<Arch, whole>(m);
    if constexpr (at.by_iteration == 0)
        return p + at.first;
    else
        return p + at.first + std::ptrdiff_t{at.by_iteration} * m.iteration;
}
template <class Program, class Arch, int At, class T>
[[gnu::always_inline]] inline T* fixed_target(const tessera::detail::memory<T>& m) noexcept {
    constexpr placed at = Program::table.addresses[At];
    return fixed_place<Arch, at>(m);
}

}  // namespace tessera::detail::simd
