#include <gtest/gtest.h>

#include <span>
#include <tessera/data/augment.hpp>
#include <vector>

namespace {

using tessera::augment;
using tessera::image_extents;
using tessera::random_stream;

const auto add_one = [](std::span<float> image, const image_extents&, random_stream&) {
    for (float& value : image) value += 1;
};
const auto twice = [](std::span<float> image, const image_extents&, random_stream&) {
    for (float& value : image) value *= 2;
};

std::vector<float> applied(const auto& chain) {
    std::vector<float> image{1, 2};
    random_stream random(1);
    chain(image, image_extents{1, 2, 1}, random);
    return image;
}

TEST(augment, applies_one_after_another) {
    EXPECT_EQ(applied(augment(add_one, twice)), (std::vector<float>{4, 6}));
    EXPECT_EQ(applied(augment(twice, add_one)), (std::vector<float>{3, 5}));
    EXPECT_EQ(applied(augment(augment(add_one, add_one), twice)), (std::vector<float>{6, 8}));
    EXPECT_EQ(applied(augment()), (std::vector<float>{1, 2}));
}

TEST(augment, hands_the_stream_on) {
    random_stream random(1);
    std::vector<std::uint32_t> drawn;
    const auto draw = [&](std::span<float>, const image_extents&, random_stream& r) { drawn.push_back(r()); };
    augment(draw, draw)({}, {}, random);
    random_stream again(1);
    EXPECT_EQ(drawn[0], again());
    EXPECT_EQ(drawn[1], again());
}

static_assert(tessera::augmentation<tessera::random_flip> && tessera::augmentation<tessera::random_shift> &&
              tessera::augmentation<tessera::random_crop> && tessera::augmentation<tessera::random_rotation> &&
              tessera::augmentation<tessera::random_noise> && tessera::augmentation<tessera::cut_out> &&
              !tessera::augmentation<tessera::mix_up>);

}  // namespace
