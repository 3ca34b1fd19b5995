// rows: those of a ring, and those that an index selects: a row of constant length, from a place or to one that is known
// at run time.
#pragma once
#include <tessera/backend/simd/fixed/copy.hpp>
#include <tessera/backend/simd/fixed/row_rule.hpp>

namespace tessera::detail::simd {

// what is no place is the first
template <class Arch, class T> [[gnu::always_inline]] inline int fixed_place_in_ring(T number, int rows) noexcept {
    return number >= T(0) && number < static_cast<T>(rows) ? static_cast<int>(number) : 0;
}

template <class Arch, class T, fixed_ring Ring>
[[gnu::always_inline]] inline void rows_out_of_a_ring(const T* ring, const T* row, const T* x, T* y) noexcept {
    for (int s = 0; s < Ring.samples; ++s, y += Ring.taps * Ring.wide) {
        int at = fixed_place_in_ring<Arch>(row[s * Ring.row], Ring.rows);
        const auto next = [&](int k) __attribute__((always_inline)) {
            copy_run<Arch, T, Ring.wide>(ring + s * Ring.ring + at * Ring.wide, y + k * Ring.wide);
            at += Ring.step;
            if (at >= Ring.rows) at -= Ring.rows;
        };
        if constexpr (Ring.taps <= 4)
            [&]<int... K>(std::integer_sequence<int, K...>)
                __attribute__((always_inline)) { (next(K), ...); }(std::make_integer_sequence<int, Ring.taps - 1>{});
        else
            for (int k = 0; k + 1 < Ring.taps; ++k) next(k);
        copy_run<Arch, T, Ring.wide>(x + s * Ring.x, y + (Ring.taps - 1) * Ring.wide);
    }
}
template <class Arch, class T, fixed_ring Ring>
[[gnu::always_inline]] inline void row_into_a_ring(const T* x, const T* row, T* ring) noexcept {
    for (int s = 0; s < Ring.samples; ++s)
        copy_run<Arch, T, Ring.wide>(
            x + s * Ring.x, ring + s * Ring.ring + fixed_place_in_ring<Arch>(row[s * Ring.row], Ring.rows) * Ring.wide);
}

template <class Arch, class T, fixed_gather Shape>
[[gnu::always_inline]] inline void gather_rows(const T* table, const std::int32_t* index, T* y) noexcept {
    for (int i = 0; i < Shape.rows; ++i)
        if (index[i] >= 0 && index[i] < Shape.table_rows)
            copy_run<Arch, T, Shape.columns>(table + index[i] * std::ptrdiff_t{Shape.columns}, y + i * Shape.columns);
        else
            fill_run<Arch, T, Shape.columns>(T(0), y + i * Shape.columns);
}

}  // namespace tessera::detail::simd
