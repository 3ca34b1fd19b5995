// loader_options: how batches are drawn from a data set.
//
//   size        samples a batch
//   shuffle     a new order every epoch; otherwise that of the data set
//   drop_last   leave out a last batch that is smaller than `size`
//   queue       batches prepared ahead by a background thread; 0: each is prepared when asked for, no thread
//   seed        of the order and of the augmentation
//   augment     applied to every image, for example augment(random_flip{}, random_crop{}); may be empty
//   mix         blends the images of a batch and gives soft targets
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <tessera/data/augment/mix_up.hpp>
#include <tessera/data/image_extents.hpp>
#include <tessera/data/random_stream.hpp>

namespace tessera {

struct loader_options {
    std::size_t size = 32;
    bool shuffle = true;
    bool drop_last = false;
    std::size_t queue = 4;
    std::uint64_t seed = 0;
    std::function<void(std::span<float>, const image_extents&, random_stream&)> augment = nullptr;
    std::optional<mix_up> mix = std::nullopt;
};

}  // namespace tessera
