// sample_batch: some samples of a data set, ready for a network.
//
//   images    (count, H, W, C)     augmented
//   labels    (count)
//   targets   (count, classes)     only with mix_up, otherwise empty
//   index     of the batch in its epoch
//
// The spans stay valid until the next batch is taken.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace tessera {

struct sample_batch {
    std::span<const float> images;
    std::span<const std::int32_t> labels;
    std::span<const float> targets;
    std::size_t count = 0;
    std::size_t index = 0;
};

}  // namespace tessera
