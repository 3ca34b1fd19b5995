// The one door to xtensor: xt::xarray, xt::xtensor, xt::adapt. Its headers moved in release 0.26.
//
// Before that release, Clang 19 and later find two specialisations of xt::rebind_container equally good for xtensor's
// own small vector, and no xarray compiles; the one below is better than both.
#pragma once
#include <cstddef>
#include <memory>

#if __has_include(<xtensor/containers/xarray.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xarray.hpp>
#include <xtensor/containers/xtensor.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xtensor.hpp>
#if defined(__clang__) && __clang_major__ >= 19
namespace xt {

template <class X, class T, std::size_t N> struct rebind_container<X, svector<T, N, std::allocator<T>, true> > {
    using type = svector<X, N, std::allocator<X>, true>;
};

}  // namespace xt
#endif
#endif
