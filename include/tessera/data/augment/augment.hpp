// augment(a, b, ...): one augmentation after another, on one image in place.
//
// An augmentation is anything callable as a(image, extents, random): image (H, W, C) as a span, which it changes
// without changing its extents, random a random_stream& from which it draws. Every image comes with a stream of its
// own, so what one image draws changes nothing for another.
#pragma once
#include <concepts>
#include <span>
#include <tessera/data/image_extents.hpp>
#include <tessera/data/random_stream.hpp>
#include <tuple>

namespace tessera {

template <class Step>
concept augmentation = std::invocable<const Step&, std::span<float>, const image_extents&, random_stream&>;

template <augmentation... Steps> struct augmentation_chain {
    std::tuple<Steps...> steps;

    void operator()(std::span<float> image, const image_extents& extents, random_stream& random) const {
        std::apply([&](const Steps&... step) { (step(image, extents, random), ...); }, steps);
    }
};

template <augmentation... Steps> constexpr augmentation_chain<Steps...> augment(Steps... steps) {
    return {std::tuple<Steps...>(steps...)};
}

}  // namespace tessera
