// batch_maker: prepares the batches of one epoch, any of them, in any order, on any thread.
//
//   maker(data, options, epoch)
//   maker.size()            batches in the epoch
//   maker.make(i, buffer)   writes batch i; it depends on data, options, epoch and i alone
//
// Random streams: sample s of epoch e uses (seed, e, s); the order and the mixing of batches use numbers that no sample
// has.
//
// Errors  those of the augmentation; a batch size of 0.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tessera/data/augment/mix_up.hpp>
#include <tessera/data/dataset.hpp>
#include <tessera/data/epoch_order.hpp>
#include <tessera/data/loader_options.hpp>
#include <tessera/data/random_stream.hpp>
#include <tessera/data/sample_batch.hpp>
#include <vector>

namespace tessera::detail {

// The memory of one batch, used again for later ones.
struct batch_buffer {
    std::vector<float> images;
    std::vector<std::int32_t> labels;
    std::vector<float> targets;
    std::size_t index = 0;

    sample_batch view() const { return {images, labels, targets, labels.size(), index}; }
};

class batch_maker {
  public:
    using buffer_type = batch_buffer;
    using batch_type = sample_batch;

    batch_maker(const dataset& data, const loader_options& options, std::uint32_t epoch)
        : data_(data), options_(options), epoch_(epoch), order_(data.size(), options, epoch) {}

    std::size_t size() const { return order_.batches(); }

    void make(std::size_t i, batch_buffer& buffer) const {
        const std::size_t samples = order_.count(i);
        const std::size_t values = data_.extents.size();
        buffer.index = i;
        buffer.labels.resize(samples);
        buffer.images.resize(samples * values);
        for (std::size_t k = 0; k < samples; ++k) {
            const std::size_t sample = order_.sample(i, k);
            buffer.labels[k] = data_.labels[sample];
            copy_augmented(sample, std::span(buffer.images).subspan(k * values, values));
        }
        if (options_.mix) mix(buffer);
    }

  private:
    static constexpr std::uint64_t mixing = std::uint64_t{1} << 63;

    void copy_augmented(std::size_t sample, std::span<float> image) const {
        std::ranges::copy(data_.image(sample), image.begin());
        if (!options_.augment) return;
        random_stream random(options_.seed, epoch_, sample);
        options_.augment(image, data_.extents, random);
    }

    void mix(batch_buffer& buffer) const {
        buffer.targets.resize(buffer.labels.size() * data_.classes());
        random_stream random(options_.seed, epoch_, mixing | buffer.index);
        (*options_.mix)(buffer.images, buffer.labels, data_.classes(), buffer.targets, random);
    }

    const dataset& data_;
    loader_options options_;
    std::uint32_t epoch_;
    epoch_order order_;
};

}  // namespace tessera::detail
