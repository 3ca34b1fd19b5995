// tensor_dataset: samples of any kind in memory, for any network and loss: an array for each input of the network, then
// one for each target of the loss.
//
//     const tensor_dataset data(1000, std::move(series), std::move(next));            // two arrays of 1000 samples
//     const tensor_dataset data(1000, std::move(tokens), std::move(masks), std::move(labels));
//     const auto [seen, unseen] = data.split(0.9, 1);
//
//   tensor_dataset(count, arrays...)   arrays of float, double or std::int32_t: the values of sample 0, of sample 1, ...,
//                                      each row-major, as the network takes it
//   size()                             samples
//   values<I>()                        how many values of array I one sample has
//   batch(first, count)                a view of consecutive samples
//   select, take, split, shuffled      as of dataset: by position; the first ones; two random parts; an order
//
// Cost    the arrays; select, take and split copy.
// Errors  tessera::error: an array that is no whole number of values a sample, or empty; a position that is not there.
#pragma once
#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tessera/data/epoch_order.hpp>
#include <tessera/data/tensor_batch.hpp>
#include <tessera/error/error.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace tessera {

template <class... Element> class tensor_dataset {
    static_assert(sizeof...(Element) >= 1, "tensor_dataset(count, arrays...): at least one array");
    static_assert(
        ((std::same_as<Element, float> || std::same_as<Element, double> || std::same_as<Element, std::int32_t>) && ...),
        "tensor_dataset(count, arrays...): arrays are std::vector of float, double or std::int32_t");

  public:
    explicit tensor_dataset(std::size_t count, std::vector<Element>... arrays)
        : count_(count), arrays_(std::move(arrays)...) {
        for_each_array([&](const auto& array, std::size_t i) {
            const bool whole = count == 0 ? array.empty() : !array.empty() && array.size() % count == 0;
            if (!whole)
                throw error("tensor_dataset, array " + std::to_string(i),
                            std::to_string(count) + " samples of as many values each",
                            std::to_string(array.size()) + " values");
            values_[i] = count == 0 ? 0 : array.size() / count;
        });
    }

    std::size_t size() const { return count_; }
    template <std::size_t I> std::size_t values() const { return values_[I]; }
    template <std::size_t I> auto array() const { return std::span(std::get<I>(arrays_)); }

    tensor_batch<Element...> batch(std::size_t first, std::size_t count) const {
        if (first > count_ || count > count_ - first)
            throw error("tensor_dataset::batch", "samples below " + std::to_string(count_),
                        std::to_string(count) + " from " + std::to_string(first));
        return each_array(
            [&](const auto& array, std::size_t i) {
                return std::span(array).subspan(first * values_[i], count * values_[i]);
            },
            count);
    }

    // Writes the samples at these positions, in this order, into arrays that have the room.
    template <class Positions> void copy(Positions position, std::size_t count, std::span<Element>... to) const {
        const auto one = [&](const auto& array, const auto& out, std::size_t values) {
            for (std::size_t k = 0; k < count; ++k)
                std::copy_n(array.begin() + static_cast<std::ptrdiff_t>(position(k) * values), values,
                            out.begin() + static_cast<std::ptrdiff_t>(k * values));
        };
        std::size_t i = 0;
        std::apply([&](const auto&... array) { (one(array, to, values_[i++]), ...); }, arrays_);
    }

    // The samples at these positions, in this order; a position may be repeated.
    tensor_dataset select(std::span<const std::size_t> positions) const {
        for (const std::size_t p : positions)
            if (p >= count_)
                throw error("tensor_dataset::select", "positions below " + std::to_string(count_), std::to_string(p));
        tensor_dataset part(*this, positions.size());
        std::apply(
            [&](auto&... array) {
                copy([&](std::size_t k) { return positions[k]; }, positions.size(), std::span(array)...);
            },
            part.arrays_);
        return part;
    }

    // The first `count` samples, or all when there are fewer.
    tensor_dataset take(std::size_t count) const {
        tensor_dataset part(*this, std::min(count, count_));
        std::apply([&](auto&... array) { copy([](std::size_t k) { return k; }, part.count_, std::span(array)...); },
                   part.arrays_);
        return part;
    }

    // Positions 0 .. size() - 1 in an order that depends on the seed and the epoch alone.
    std::vector<std::size_t> shuffled(std::uint64_t seed, std::uint32_t epoch = 0) const {
        return detail::shuffled_positions(count_, seed, epoch);
    }

    // Two disjoint random parts that make up the whole; the first has round(fraction * size()) samples.
    std::pair<tensor_dataset, tensor_dataset> split(double fraction, std::uint64_t seed) const {
        const std::size_t first = detail::part_of(count_, fraction, "tensor_dataset::split");
        const std::vector<std::size_t> order = shuffled(seed);
        return {select(std::span(order).first(first)), select(std::span(order).subspan(first))};
    }

  private:
    // like another one, of so many samples yet to be written
    tensor_dataset(const tensor_dataset& other, std::size_t count) : count_(count), values_(other.values_) {
        std::size_t i = 0;
        std::apply([&](auto&... array) { (array.resize(count * values_[i++]), ...); }, arrays_);
    }

    template <class Call> void for_each_array(Call call) const {
        std::size_t i = 0;
        std::apply([&](const auto&... array) { (call(array, i++), ...); }, arrays_);
    }
    template <class Call> tensor_batch<Element...> each_array(Call call, std::size_t count) const {
        return [&]<std::size_t... I>(std::index_sequence<I...>) -> tensor_batch<Element...> {
            return {{call(std::get<I>(arrays_), I)...}, count, 0};
        }(std::index_sequence_for<Element...>{});
    }

    std::size_t count_;
    std::tuple<std::vector<Element>...> arrays_;
    std::array<std::size_t, sizeof...(Element)> values_{};
};

}  // namespace tessera
