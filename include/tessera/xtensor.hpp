// as_xtensor: what a model returns, as an xtensor expression that views the model's memory.
//
//     xt::xarray<float> images = ...;                       // (count, 28, 28, 1)
//     auto scores = as_xtensor(classify(images));           // (count, 10), valid until the next call
//     xt::xarray<float> kept = scores;                      // a copy
//
// A model takes row-major xt::xarray, xt::xtensor and xt::xtensor_fixed as they are, the samples along the first axis.
// Other layouts, views and lazy expressions are evaluated first: classify(xt::xarray<float>(expression)).
//
// Cost    none but the shape.
#pragma once
#include <cstddef>
#include <tessera/model.hpp>
#include <tessera/xtensor/door.hpp>
#include <vector>

namespace tessera {

template <class T> auto as_xtensor(const output_view<T>& y) {
    std::vector<std::size_t> shape{static_cast<std::size_t>(y.count)};
    for (int a = 0; a < y.sample.rank; ++a) shape.push_back(static_cast<std::size_t>(y.sample[a]));
    return xt::adapt(y.data(), y.size(), xt::no_ownership(), shape);
}

}  // namespace tessera
