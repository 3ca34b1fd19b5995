// mix_up: blends every image of a batch with another one, and their targets with the same weight.
//
//   images    (N, H, W, C)   changed in place: x_i = w x_i + (1 - w) x_p(i)
//   labels    (N)
//   targets   (N, classes)   written: w onehot(label_i) + (1 - w) onehot(label_p(i))
//
// p is a random permutation and w ~ Beta(alpha, alpha), one for the batch.
//
// Cost    one copy of the batch.
// Errors  sizes that do not agree, alpha not positive: tessera::error.
// Source  Zhang, Cisse, Dauphin, Lopez-Paz 2018, "mixup: Beyond Empirical Risk Minimization".
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tessera/data/random_stream.hpp>
#include <tessera/error/error.hpp>
#include <vector>

namespace tessera {

namespace detail {

namespace augment_format {

// A number of the gamma distribution of this shape and scale 1, as its logarithm: for a small shape the number itself
// underflows (Marsaglia, Tsang 2000, "A Simple Method for Generating Gamma Variables").
inline double log_gamma_draw(double shape, random_stream& random) {
    const auto uniform = [&random] { return (static_cast<double>(random()) + 0.5) * 0x1p-32; };
    if (shape < 1) return log_gamma_draw(shape + 1, random) + std::log(uniform()) / shape;
    const double d = shape - 1.0 / 3.0, c = 1.0 / std::sqrt(9.0 * d);
    for (;;) {
        const double z = random.normal();
        const double root = 1.0 + c * z;
        if (root <= 0) continue;
        const double v = root * root * root;
        if (std::log(uniform()) < 0.5 * z * z + d - d * v + d * std::log(v)) return std::log(d * v);
    }
}

}  // namespace augment_format

}  // namespace detail

struct mix_up {
    double alpha = 0.2;

    // The weight w of a sample itself, in [0, 1].
    float weight(random_stream& random) const {
        const double first = detail::augment_format::log_gamma_draw(alpha, random);
        const double second = detail::augment_format::log_gamma_draw(alpha, random);
        return static_cast<float>(1.0 / (1.0 + std::exp(second - first)));
    }

    void operator()(std::span<float> images, std::span<const std::int32_t> labels, std::size_t classes,
                    std::span<float> targets, random_stream& random) const {
        check(images.size(), labels, classes, targets.size());
        if (labels.empty()) return;
        const std::size_t size = images.size() / labels.size();
        const float w = weight(random);
        const std::vector<std::size_t> partner = random.permutation(labels.size());
        const std::vector<float> source(images.begin(), images.end());
        std::ranges::fill(targets, 0.0F);
        for (std::size_t i = 0; i < labels.size(); ++i) {
            for (std::size_t k = 0; k < size; ++k)
                images[i * size + k] = w * source[i * size + k] + (1 - w) * source[partner[i] * size + k];
            targets[i * classes + static_cast<std::size_t>(labels[i])] += w;
            targets[i * classes + static_cast<std::size_t>(labels[partner[i]])] += 1 - w;
        }
    }

  private:
    void check(std::size_t images, std::span<const std::int32_t> labels, std::size_t classes,
               std::size_t targets) const {
        if (!(alpha > 0)) throw error("mix_up", "a positive alpha", std::to_string(alpha));
        if (targets != labels.size() * classes || (labels.empty() ? images != 0 : images % labels.size() != 0))
            throw error("mix_up",
                        std::to_string(labels.size()) + " images and as many targets of " + std::to_string(classes),
                        std::to_string(images) + " and " + std::to_string(targets) + " values");
        for (const std::int32_t label : labels)
            if (label < 0 || static_cast<std::size_t>(label) >= classes)
                throw error("mix_up", "labels below " + std::to_string(classes), std::to_string(label));
    }
};

}  // namespace tessera
