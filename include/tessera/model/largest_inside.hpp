// largest_inside<Backend>: the bytes that an object may keep inside, on a backend that uses no heap.
#pragma once
#include <limits>
#include <tessera/program/size_literals.hpp>

namespace tessera::detail {

template <class Backend> inline constexpr long largest_inside = 4_MiB;
template <class Backend>
    requires requires { typename Backend::is_for_static_models; }
inline constexpr long largest_inside<Backend> = std::numeric_limits<long>::max();

}  // namespace tessera::detail
