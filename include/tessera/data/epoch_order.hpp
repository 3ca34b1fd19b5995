// epoch_order: which samples are in which batch of an epoch. It depends on its arguments alone.
//
//   epoch_order order(samples, options, epoch)   options: size, shuffle, drop_last, seed of loader_options, or like it
//   order.batches()                              how many there are
//   order.count(i)                               samples of batch i
//   order.sample(i, k)                           the position in the data set of its k-th sample
//
// shuffled_positions(samples, seed, epoch)     0 .. samples - 1 in random order
// part_of(samples, fraction, place)            how many samples a fraction of them is
//
// Errors  a batch size of 0; a fraction outside 0..1.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tessera/data/random_stream.hpp>
#include <tessera/error/error.hpp>
#include <vector>

namespace tessera::detail {

// No sample has the last number, so shuffling shares no stream with the augmentation of a sample.
inline std::vector<std::size_t> shuffled_positions(std::size_t samples, std::uint64_t seed, std::uint32_t epoch) {
    return random_stream(seed, epoch, ~std::uint64_t{0}).permutation(samples);
}

// Batches in an epoch.
inline std::size_t batches_of(std::size_t samples, std::size_t size, bool drop_last) {
    return samples / size + (!drop_last && samples % size != 0 ? 1 : 0);
}

// round(fraction * samples)
inline std::size_t part_of(std::size_t samples, double fraction, const char* place) {
    if (!(fraction >= 0.0 && fraction <= 1.0)) throw error(place, "a fraction in 0..1", std::to_string(fraction));
    return static_cast<std::size_t>(std::llround(fraction * static_cast<double>(samples)));
}

class epoch_order {
  public:
    template <class Options>
    epoch_order(std::size_t samples, const Options& options, std::uint32_t epoch)
        : samples_(samples), size_(options.size) {
        if (size_ == 0) throw error("loader_options", "a batch size of at least 1", "0");
        batches_ = batches_of(samples, size_, options.drop_last);
        if (options.shuffle) shuffled_ = shuffled_positions(samples, options.seed, epoch);
    }

    std::size_t batches() const { return batches_; }
    std::size_t count(std::size_t i) const { return std::min(size_, samples_ - i * size_); }
    std::size_t sample(std::size_t i, std::size_t k) const {
        const std::size_t at = i * size_ + k;
        return shuffled_.empty() ? at : shuffled_[at];
    }

  private:
    std::size_t samples_, size_, batches_ = 0;
    std::vector<std::size_t> shuffled_;
};

}  // namespace tessera::detail
