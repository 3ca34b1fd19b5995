// The one door to xt::xarray: its header moved in xtensor 0.26.
//
// Before that release, Clang 19 and later find two specialisations of xt::rebind_container equally good for xtensor's
// own small vector, and no xarray compiles; the one below is better than both.
#pragma once
#include <cstddef>
#include <memory>

#if __has_include(<xtensor/containers/xarray.hpp>)
#include <xtensor/containers/xarray.hpp>
#else
#include <xtensor/xarray.hpp>
#if defined(__clang__) && __clang_major__ >= 19
namespace xt {

template <class X, class T, std::size_t N> struct rebind_container<X, svector<T, N, std::allocator<T>, true> > {
    using type = svector<X, N, std::allocator<X>, true>;
};

}  // namespace xt
#endif
#endif
