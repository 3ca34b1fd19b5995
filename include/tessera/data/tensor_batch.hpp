// tensor_batch<Element...>: some samples for any network and loss: what a step of a trainer takes.
//
//   data     a contiguous range for each input of the network, then for each target of the loss, in their order; each
//            holds the values of `count` samples, one after another
//   count    of samples
//   index    of the batch in its epoch
//
// The spans stay valid until the next batch is taken. fit and evaluate take any other type with `data`, a std::tuple of
// contiguous ranges, and `count` as well.
#pragma once
#include <cstddef>
#include <span>
#include <tuple>

namespace tessera {

template <class... Element> struct tensor_batch {
    std::tuple<std::span<const Element>...> data;
    std::size_t count = 0;
    std::size_t index = 0;
};

}  // namespace tessera
