// square_root: of a number that is not negative, in a form that loops over arrays can be vectorised with.
//
// The library's function may have to set errno, which stops a compiler from vectorising unless it is told
// -fno-math-errno; Clang has an operation of its own that does not.
#pragma once
#include <cmath>

namespace tessera::detail {

template <class T> constexpr T square_root(T x) noexcept {
#if defined(__clang__) && !defined(__CUDACC__) && __has_builtin(__builtin_elementwise_sqrt)
    return __builtin_elementwise_sqrt(x);
#else
    return std::sqrt(x);
#endif
}

}  // namespace tessera::detail
