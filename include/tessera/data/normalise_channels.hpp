// normalise_channels: brings every channel to mean 0 and deviation 1.
//
//   x[.., c] = (x[.., c] - mean[c]) / deviation[c]
//
//   normalise_channels::of(data)   mean and deviation of a data set over samples and pixels; those of the training set
//                                  serve for the test set as well
//   n(data), n(values, channels)   apply them in place
//
// A constant channel, deviation 0, is only centred. Can stand in augment(...): it draws no random number.
//
// Cost    of: two passes, sums in double.
// Errors  an empty data set, another number of channels: tessera::error.
#pragma once
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <tessera/data/dataset.hpp>
#include <tessera/data/image_extents.hpp>
#include <tessera/data/random_stream.hpp>
#include <tessera/error/error.hpp>
#include <vector>

namespace tessera {

struct normalise_channels {
    std::vector<float> mean;
    std::vector<float> deviation;

    static normalise_channels of(const dataset& data) {
        const std::size_t channels = data.extents.channels;
        if (data.images.empty() || channels == 0) throw error("normalise_channels::of", "at least one image", "none");
        const auto count = static_cast<double>(data.images.size() / channels);
        std::vector<double> sum(channels), squares(channels);
        for (std::size_t i = 0; i < data.images.size(); ++i) sum[i % channels] += data.images[i];
        for (std::size_t i = 0; i < data.images.size(); ++i) {
            const double distance = data.images[i] - sum[i % channels] / count;
            squares[i % channels] += distance * distance;
        }
        normalise_channels result;
        for (std::size_t c = 0; c < channels; ++c) {
            result.mean.push_back(static_cast<float>(sum[c] / count));
            result.deviation.push_back(static_cast<float>(std::sqrt(squares[c] / count)));
        }
        return result;
    }

    void operator()(dataset& data) const { (*this)(data.images, data.extents.channels); }

    void operator()(std::span<float> image, const image_extents& extents, random_stream&) const {
        (*this)(image, extents.channels);
    }

    void operator()(std::span<float> values, std::size_t channels) const {
        if (mean.size() != channels || deviation.size() != channels)
            throw error("normalise_channels", std::to_string(mean.size()) + " channels", std::to_string(channels));
        for (std::size_t start = 0; start + channels <= values.size(); start += channels)
            for (std::size_t c = 0; c < channels; ++c) {
                float& value = values[start + c];
                value = (value - mean[c]) / (deviation[c] > 0 ? deviation[c] : 1.0F);
            }
    }
};

}  // namespace tessera
