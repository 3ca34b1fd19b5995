#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <set>
#include <span>
#include <stdexcept>
#include <tessera/data/augment.hpp>
#include <tessera/data/data_loader.hpp>
#include <vector>

#include "files.hpp"

namespace {

using tessera::data_loader;
using tessera::dataset;
using tessera::image_extents;
using tessera::loader_options;
using tessera::random_stream;
using tessera::sample_batch;
using tests::message_of;

// Image i of 2 x 3 x 1 holds i everywhere, label i % 3.
dataset numbered(int count) {
    dataset data{{}, {}, {2, 3, 1}, {"a", "b", "c"}};
    for (int i = 0; i < count; ++i) {
        data.images.insert(data.images.end(), 6, static_cast<float>(i));
        data.labels.push_back(i % 3);
    }
    return data;
}

struct record {
    std::vector<float> images, targets;
    std::vector<std::int32_t> labels;
    std::size_t index;
    friend bool operator==(const record&, const record&) = default;
};

std::vector<record> walk(const data_loader& loader, std::uint32_t epoch) {
    std::vector<record> all;
    for (const sample_batch& b : loader.epoch(epoch)) {
        EXPECT_EQ(b.labels.size(), b.count);
        all.push_back({{b.images.begin(), b.images.end()},
                       {b.targets.begin(), b.targets.end()},
                       {b.labels.begin(), b.labels.end()},
                       b.index});
    }
    return all;
}

const auto some_augmentation = tessera::augment(tessera::random_flip{}, tessera::random_shift{.rows = 1, .columns = 1},
                                                tessera::random_noise{.deviation = 0.1F});

TEST(data_loader, hold_every_sample_once) {
    const dataset data = numbered(10);
    const data_loader loader(data, {.size = 4});
    EXPECT_EQ(loader.size(), 3U);
    const auto all = walk(loader, 0);
    ASSERT_EQ(all.size(), 3U);
    std::set<float> seen;
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(all[i].index, i);
        EXPECT_EQ(all[i].labels.size(), i < 2 ? 4U : 2U);
        EXPECT_EQ(all[i].images.size(), all[i].labels.size() * 6);
        EXPECT_TRUE(all[i].targets.empty());
        for (std::size_t k = 0; k < all[i].labels.size(); ++k) {
            seen.insert(all[i].images[6 * k]);
            EXPECT_EQ(all[i].labels[k], static_cast<int>(all[i].images[6 * k]) % 3);
        }
    }
    EXPECT_EQ(seen.size(), 10U);
}

TEST(data_loader, may_drop_a_smaller_last_one) {
    const dataset data = numbered(10);
    EXPECT_EQ(walk(data_loader(data, {.size = 4, .drop_last = true}), 0).size(), 2U);
    EXPECT_EQ(walk(data_loader(data, {.size = 5, .drop_last = true}), 0).size(), 2U);
    EXPECT_EQ(walk(data_loader(data, {.size = 11, .drop_last = true}), 0).size(), 0U);
    EXPECT_EQ(walk(data_loader(data, {.size = 11}), 0).size(), 1U);
}

TEST(data_loader, keep_the_order_when_told) {
    const dataset data = numbered(5);
    const auto all = walk(data_loader(data, {.size = 5, .shuffle = false}), 3);
    EXPECT_EQ(all[0].images, data.images);
    EXPECT_EQ(all[0].labels, data.labels);
}

TEST(data_loader, are_shuffled_anew_every_epoch_and_by_seed) {
    const dataset data = numbered(50);
    const data_loader loader(data, {.size = 50, .seed = 1});
    EXPECT_NE(walk(loader, 0), walk(loader, 1));
    EXPECT_EQ(walk(loader, 1), walk(loader, 1));
    EXPECT_NE(walk(loader, 0), walk(data_loader(data, {.size = 50, .seed = 2}), 0));
}

TEST(data_loader, are_the_same_with_and_without_a_thread) {
    const dataset data = numbered(37);
    loader_options options{.size = 4, .queue = 0, .seed = 5, .augment = some_augmentation, .mix = tessera::mix_up{}};
    const auto wanted = walk(data_loader(data, options), 2);
    for (const std::size_t queue : {1U, 2U, 7U, 100U}) {
        options.queue = queue;
        EXPECT_EQ(walk(data_loader(data, options), 2), wanted) << queue;
    }
}

TEST(data_loader, augment_a_sample_the_same_wherever_it_stands) {
    const dataset data = numbered(12);
    loader_options options{.size = 5, .shuffle = false, .augment = some_augmentation};
    std::vector<float> in_order, shuffled(12 * 6);
    for (const record& b : walk(data_loader(data, options), 1))
        in_order.insert(in_order.end(), b.images.begin(), b.images.end());
    options.shuffle = true;
    options.size = 7;
    const auto order = data.shuffled(options.seed, 1);
    std::size_t k = 0;
    for (const record& b : walk(data_loader(data, options), 1))
        for (std::size_t i = 0; i < b.labels.size(); ++i, ++k)
            std::copy_n(b.images.begin() + static_cast<std::ptrdiff_t>(6 * i), 6,
                        shuffled.begin() + static_cast<std::ptrdiff_t>(6 * order[k]));
    EXPECT_EQ(shuffled, in_order);
    EXPECT_NE(in_order, data.images);
}

TEST(data_loader, give_soft_targets_with_mix_up) {
    const dataset data = numbered(9);
    for (const record& b : walk(data_loader(data, {.size = 4, .mix = tessera::mix_up{.alpha = 1}}), 0)) {
        ASSERT_EQ(b.targets.size(), b.labels.size() * 3);
        float sum = 0;
        for (const float target : b.targets) sum += target;
        EXPECT_NEAR(sum, static_cast<float>(b.labels.size()), 1e-5);
    }
}

TEST(data_loader, use_their_buffers_again) {
    const dataset data = numbered(60);
    std::set<const float*> addresses;
    for (const sample_batch& b : data_loader(data, {.size = 3, .queue = 2}).epoch(0)) addresses.insert(b.images.data());
    EXPECT_LE(addresses.size(), 3U);
}

TEST(data_loader, an_exception_comes_with_its_batch) {
    const dataset data = numbered(20);
    const auto fail_at_13 = [](std::span<float> image, const image_extents&, random_stream&) {
        if (image[0] == 13) throw std::runtime_error("thirteen");
    };
    for (const std::size_t queue : {0U, 1U, 4U}) {
        const data_loader loader(data, {.size = 5, .shuffle = false, .queue = queue, .augment = fail_at_13});
        std::size_t received = 0;
        try {
            for (const sample_batch& b : loader.epoch(0)) received += b.count;
            ADD_FAILURE() << "no exception";
        } catch (const std::runtime_error& e) {
            EXPECT_STREQ(e.what(), "thirteen");
        }
        EXPECT_EQ(received, 10U) << queue;
    }
}

TEST(data_loader, an_exception_comes_again_when_asked_again) {
    const dataset data = numbered(4);
    const auto fail = [](std::span<float>, const image_extents&, random_stream&) { throw std::runtime_error("no"); };
    for (const std::size_t queue : {0U, 2U}) {
        const data_loader loader(data, {.size = 2, .queue = queue, .augment = fail});
        tessera::detail::batch_stream stream = loader.epoch(0);
        EXPECT_THROW(stream.next(), std::runtime_error);
        EXPECT_THROW(stream.next(), std::runtime_error);
    }
}

TEST(data_loader, may_be_left_at_any_batch) {
    const dataset data = numbered(40);
    for (const std::size_t queue : {0U, 1U, 3U})
        for (std::size_t leave = 0; leave <= 10; ++leave) {
            const data_loader loader(data, {.size = 4, .queue = queue});
            tessera::detail::batch_stream stream = loader.epoch(0);
            for (std::size_t i = 0; i < leave; ++i) ASSERT_NE(stream.next(), nullptr);
        }
}

TEST(data_loader, prepare_no_more_ahead_than_the_queue_holds) {
    const dataset data = numbered(40);
    std::atomic<int> prepared = 0;
    const auto count = [&](std::span<float>, const image_extents&, random_stream&) { ++prepared; };
    {
        const data_loader loader(data, {.size = 1, .queue = 3, .augment = count});
        tessera::detail::batch_stream stream = loader.epoch(0);
        for (int i = 0; i < 5; ++i) stream.next();
        // In use: 1, ready or in preparation: 3.
        EXPECT_LE(prepared.load(), 5 + 3);
    }
    EXPECT_LE(prepared.load(), 5 + 3);
}

TEST(data_loader, end_and_stay_at_the_end) {
    const dataset data = numbered(3);
    for (const std::size_t queue : {0U, 2U}) {
        const data_loader loader(data, {.size = 3, .queue = queue});
        tessera::detail::batch_stream stream = loader.epoch(0);
        EXPECT_NE(stream.next(), nullptr);
        EXPECT_EQ(stream.next(), nullptr);
        EXPECT_EQ(stream.next(), nullptr);
    }
}

TEST(data_loader, refuse_bad_data_and_options) {
    dataset data = numbered(3);
    EXPECT_EQ(message_of([&] { data_loader(data, {.size = 0}); }),
              "data_loader: expected a batch size of at least 1, found 0");
    data.labels[1] = 3;
    EXPECT_EQ(message_of([&] { data_loader loader(data); }),
              "data_loader, sample 1: expected a label in 0..2, found 3");
}

}  // namespace
