// tensor_loader: draws a tensor_dataset in batches, epoch by epoch, as data_loader does a data set of images.
//
//     const tensor_loader loader(data, {.size = 64, .seed = 1});
//     for (const auto& b : loader.epoch(0)) { const auto& [x, y] = b.data; ... }      // of b.count samples
//     fit(train, loader, validation, schedule, {.epochs = 20});
//
//   size, shuffle, drop_last, queue, seed   as of loader_options
//   augment    applied to every sample: a span for each array, to be changed in place, and a random_stream that follows
//              from seed, epoch and sample alone; may be empty
//
// A batch depends on the data, the options, the epoch and its index alone: neither on the thread that prepared it nor
// on earlier epochs. The data set is not copied and must outlive the loader and its epochs.
//
// Cost    an epoch holds queue + 1 batches.
// Errors  a batch size of 0; in an epoch, what the augmentation throws.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <tessera/data/batch_stream.hpp>
#include <tessera/data/epoch_order.hpp>
#include <tessera/data/random_stream.hpp>
#include <tessera/data/tensor_batch.hpp>
#include <tessera/data/tensor_dataset.hpp>
#include <tessera/error/error.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace tessera {

template <class... Element> struct tensor_loader_options {
    std::size_t size = 32;
    bool shuffle = true;
    bool drop_last = false;
    std::size_t queue = 4;
    std::uint64_t seed = 0;
    std::function<void(std::span<Element>..., random_stream&)> augment = nullptr;
};

namespace detail {

// The memory of one batch, used again for later ones.
template <class... Element> struct tensor_buffer {
    std::tuple<std::vector<Element>...> arrays;
    std::size_t count = 0, index = 0;

    tensor_batch<Element...> view() const {
        return std::apply(
            [&](const auto&... array) { return tensor_batch<Element...>{{std::span(array)...}, count, index}; },
            arrays);
    }
};

// batch_maker, of a tensor_dataset
template <class... Element> class tensor_maker {
  public:
    using buffer_type = tensor_buffer<Element...>;
    using batch_type = tensor_batch<Element...>;

    tensor_maker(const tensor_dataset<Element...>& data, const tensor_loader_options<Element...>& options,
                 std::uint32_t epoch)
        : data_(data), options_(options), epoch_(epoch), order_(data.size(), options, epoch) {}

    std::size_t size() const { return order_.batches(); }

    void make(std::size_t i, buffer_type& buffer) const {
        buffer.index = i;
        buffer.count = order_.count(i);
        fill(i, buffer, std::index_sequence_for<Element...>{});
    }

  private:
    template <std::size_t... I> void fill(std::size_t i, buffer_type& buffer, std::index_sequence<I...>) const {
        (std::get<I>(buffer.arrays).resize(buffer.count * data_.template values<I>()), ...);
        data_.copy([&](std::size_t k) { return order_.sample(i, k); }, buffer.count,
                   std::span(std::get<I>(buffer.arrays))...);
        if (!options_.augment) return;
        for (std::size_t k = 0; k < buffer.count; ++k) {
            random_stream random(options_.seed, epoch_, order_.sample(i, k));
            options_.augment(std::span(std::get<I>(buffer.arrays))
                                 .subspan(k * data_.template values<I>(), data_.template values<I>())...,
                             random);
        }
    }

    const tensor_dataset<Element...>& data_;
    tensor_loader_options<Element...> options_;
    std::uint32_t epoch_;
    epoch_order order_;
};

}  // namespace detail

template <class... Element> class tensor_loader {
  public:
    explicit tensor_loader(const tensor_dataset<Element...>& data, tensor_loader_options<Element...> options = {})
        : data_(data), options_(std::move(options)) {
        if (options_.size == 0) throw error("tensor_loader", "a batch size of at least 1", "0");
    }
    // the data set must outlive the loader
    explicit tensor_loader(tensor_dataset<Element...>&&, tensor_loader_options<Element...> = {}) = delete;

    // Batches in an epoch.
    std::size_t size() const { return detail::batches_of(data_.size(), options_.size, options_.drop_last); }

    detail::batch_stream<detail::tensor_maker<Element...>> epoch(std::uint32_t number) const {
        return {detail::tensor_maker<Element...>(data_, options_, number), options_.queue};
    }

  private:
    const tensor_dataset<Element...>& data_;
    tensor_loader_options<Element...> options_;
};

}  // namespace tessera
