// initialise: fills one parameter from its distribution. Number i of the parameter is a function of the seed, the
// parameter's place in the table and i alone.
//
// Orthogonal: the parameter is seen as a matrix (leading axes) x (last axis); its rows, or its columns if there are
// fewer, are made orthonormal in place by two rounds of modified Gram-Schmidt, then multiplied by the gain.
#pragma once
#include <tessera/ir/graph.hpp>
#include <tessera/ir/random_block.hpp>

namespace tessera::detail {

// vectors v_0 ... v_(count - 1) of `length` elements; element k of vector i stands at i * apart + k * step
template <class T>
[[gnu::cold]] constexpr void orthonormalise(T* m, int count, int length, int apart, int step, double gain) {
    const auto dot = [&](int i, int j) {
        double s = 0;
        for (int k = 0; k < length; ++k)
            s += static_cast<double>(m[i * apart + k * step]) * static_cast<double>(m[j * apart + k * step]);
        return s;
    };
    for (int round = 0; round < 2; ++round)
        for (int i = 0; i < count; ++i) {
            for (int j = 0; j < i; ++j) {
                const double along = dot(i, j);
                for (int k = 0; k < length; ++k)
                    m[i * apart + k * step] -= static_cast<T>(along * static_cast<double>(m[j * apart + k * step]));
            }
            const double scale = 1 / mathematics::sqrt(dot(i, i));
            for (int k = 0; k < length; ++k)
                m[i * apart + k * step] = static_cast<T>(scale * static_cast<double>(m[i * apart + k * step]));
        }
    for (int i = 0; i < count * length; ++i) m[i] = static_cast<T>(gain * static_cast<double>(m[i]));
}

template <class T>
[[gnu::cold]] constexpr void initialise(const variable_info& v, int number, std::uint64_t seed, T* to) {
    using d = initialiser::distribution;
    const int n = v.shape.size();
    const double scale = v.start.scale;
    const auto stream = static_cast<std::uint64_t>(number);
    for (int i = 0; i < n; ++i) {
        const auto at = static_cast<std::uint64_t>(i);
        double x = scale;
        if (v.start.kind == d::uniform) x = scale * (2 * uniform_number(seed, stream, at) - 1);
        if (v.start.kind == d::table) x = v.start.numbers[i];
        if (v.start.kind == d::normal || v.start.kind == d::orthogonal || v.start.kind == d::truncated_normal) {
            std::uint64_t attempt = 0;
            do x = normal_number(seed, stream, at + (attempt++ << 40));
            while (v.start.kind == d::truncated_normal && (x > 2 || x < -2));
            if (v.start.kind != d::orthogonal) x *= scale;
        }
        to[i] = static_cast<T>(x);
    }
    if (v.start.kind != d::orthogonal || v.shape.rank == 0) return;
    const int columns = v.shape[-1], rows = n / columns;
    if (rows <= columns)
        orthonormalise(to, rows, columns, columns, 1, scale);
    else
        orthonormalise(to, columns, rows, 1, columns, scale);
}

// all of a flat buffer
template <class T>
[[gnu::cold]] constexpr void initialise(const variable_info* list, int count, std::uint64_t seed, T* flat) {
    for (int i = 0; i < count; ++i) initialise(list[i], i, seed, flat + list[i].offset);
}

}  // namespace tessera::detail
