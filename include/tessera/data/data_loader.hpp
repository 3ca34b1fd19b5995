// data_loader: draws a data set in batches, epoch by epoch.
//
//   data_loader loader(train, {.size = 64, .seed = 1, .augment = augment(random_flip{}, random_crop{})});
//   for (std::uint32_t e = 0; e < 10; ++e)
//       for (const sample_batch& b : loader.epoch(e)) step(b.images, b.labels);
//
// A batch depends on the data, the options, the epoch and its index alone: neither on the thread that prepared it nor
// on earlier epochs. The data set is not copied and must outlive the loader and its epochs.
//
// Cost    an epoch holds queue + 1 batches.
// Errors  a data set that does not hold together, a batch size of 0; in an epoch, what the augmentation throws.
#pragma once
#include <cstddef>
#include <cstdint>
#include <tessera/data/batch_maker.hpp>
#include <tessera/data/batch_stream.hpp>
#include <tessera/data/dataset.hpp>
#include <tessera/data/loader_options.hpp>
#include <tessera/error/error.hpp>
#include <utility>

namespace tessera {

class data_loader {
  public:
    explicit data_loader(const dataset& data, loader_options options = {}) : data_(data), options_(std::move(options)) {
        if (options_.size == 0) throw error("data_loader", "a batch size of at least 1", "0");
        data.check("data_loader");
    }
    explicit data_loader(dataset&&, loader_options = {}) = delete;  // the data set must outlive the loader

    // Batches in an epoch.
    std::size_t size() const { return detail::batches_of(data_.size(), options_.size, options_.drop_last); }

    detail::batch_stream<detail::batch_maker> epoch(std::uint32_t number) const {
        return {detail::batch_maker(data_, options_, number), options_.queue};
    }

  private:
    const dataset& data_;
    loader_options options_;
};

}  // namespace tessera
