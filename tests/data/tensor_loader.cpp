#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <span>
#include <stdexcept>
#include <tessera/data/tensor_loader.hpp>
#include <tuple>
#include <utility>
#include <vector>

#include "files.hpp"

namespace {

using namespace tessera;
using tests::message_of;
using set_type = tensor_dataset<float, std::int32_t, double>;

// Sample i: (i, i + 0.5), i, (-i, -i, -i).
set_type numbered(int count) {
    std::vector<float> x;
    std::vector<std::int32_t> n;
    std::vector<double> y;
    for (int i = 0; i < count; ++i) {
        x.insert(x.end(), {static_cast<float>(i), static_cast<float>(i) + 0.5F});
        n.push_back(i);
        y.insert(y.end(), 3, -i);
    }
    return tensor_dataset(static_cast<std::size_t>(count), std::move(x), std::move(n), std::move(y));
}

struct record {
    std::vector<float> x;
    std::vector<std::int32_t> n;
    std::vector<double> y;
    std::size_t index;
    friend bool operator==(const record&, const record&) = default;
};

template <class Batch> record record_of(const Batch& b) {
    const auto& [x, n, y] = b.data;
    EXPECT_EQ(n.size(), b.count);
    EXPECT_EQ(x.size(), 2 * b.count);
    EXPECT_EQ(y.size(), 3 * b.count);
    return {{x.begin(), x.end()}, {n.begin(), n.end()}, {y.begin(), y.end()}, b.index};
}

template <class Loader> std::vector<record> walk(const Loader& loader, std::uint32_t epoch) {
    std::vector<record> all;
    for (const auto& b : loader.epoch(epoch)) all.push_back(record_of(b));
    EXPECT_EQ(all.size(), loader.size());
    return all;
}

TEST(tensor_loader, holds_every_sample_once_and_whole) {
    const set_type data = numbered(10);
    std::set<std::int32_t> seen;
    const auto all = walk(tensor_loader(data, {.size = 4}), 0);
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[2].n.size(), 2U);
    for (std::size_t b = 0; b < 3; ++b) {
        EXPECT_EQ(all[b].index, b);
        for (std::size_t k = 0; k < all[b].n.size(); ++k) {
            const std::int32_t i = all[b].n[k];
            seen.insert(i);
            EXPECT_EQ(all[b].x[2 * k], static_cast<float>(i));
            EXPECT_EQ(all[b].x[2 * k + 1], static_cast<float>(i) + 0.5F);
            for (std::size_t j = 0; j < 3; ++j) EXPECT_EQ(all[b].y[3 * k + j], -i);
        }
    }
    EXPECT_EQ(seen.size(), 10U);
}

TEST(tensor_loader, has_the_order_of_a_data_loader) {
    const set_type data = numbered(50);
    const auto order = data.shuffled(3, 2);
    std::vector<std::int32_t> seen;
    for (const record& b : walk(tensor_loader(data, {.size = 7, .seed = 3}), 2))
        seen.insert(seen.end(), b.n.begin(), b.n.end());
    EXPECT_TRUE(std::ranges::equal(order, seen));
    EXPECT_NE(order, data.shuffled(3, 1));
    EXPECT_EQ(walk(tensor_loader(data, {.size = 50, .shuffle = false}), 1)[0].n[17], 17);
}

TEST(tensor_loader, may_drop_a_smaller_last_batch) {
    const set_type data = numbered(10);
    EXPECT_EQ(walk(tensor_loader(data, {.size = 4, .drop_last = true}), 0).size(), 2U);
    EXPECT_EQ(walk(tensor_loader(data, {.size = 11, .drop_last = true}), 0).size(), 0U);
    EXPECT_EQ(walk(tensor_loader(data, {.size = 11}), 0).size(), 1U);
}

TEST(tensor_loader, is_the_same_with_and_without_a_thread) {
    const set_type data = numbered(37);
    tensor_loader_options<float, std::int32_t, double> options{
        .size = 4,
        .queue = 0,
        .seed = 5,
        .augment = [](std::span<float> x, std::span<std::int32_t>, std::span<double> y, random_stream& random) {
            for (float& v : x) v += random.uniform(-1, 1);
            y[1] = 7;
        }};
    const auto wanted = walk(tensor_loader(data, options), 2);
    EXPECT_NE(wanted[0].x[0], std::floor(wanted[0].x[0]));
    EXPECT_EQ(wanted[0].y[1], 7);
    for (const std::size_t queue : {1U, 2U, 7U, 100U}) {
        options.queue = queue;
        EXPECT_EQ(walk(tensor_loader(data, options), 2), wanted) << queue;
    }
    // a sample is changed in the same way wherever it stands
    options.size = 37;
    const auto whole = walk(tensor_loader(data, options), 2);
    EXPECT_EQ(whole[0].x[9], wanted[1].x[1]);
}

TEST(tensor_loader, an_exception_comes_with_its_batch) {
    const set_type data = numbered(20);
    for (const std::size_t queue : {0U, 4U}) {
        const tensor_loader loader(
            data, {.size = 5,
                   .shuffle = false,
                   .queue = queue,
                   .augment = [](std::span<float>, std::span<std::int32_t> n, std::span<double>, random_stream&) {
                       if (n[0] == 13) throw std::runtime_error("thirteen");
                   }});
        std::size_t received = 0;
        try {
            for (const auto& b : loader.epoch(0)) received += b.count;
            ADD_FAILURE() << "no exception";
        } catch (const std::runtime_error& e) {
            EXPECT_STREQ(e.what(), "thirteen");
        }
        EXPECT_EQ(received, 10U) << queue;
    }
}

TEST(tensor_dataset, is_taken_apart) {
    const set_type data = numbered(9);
    EXPECT_EQ(data.values<0>(), 2U);
    EXPECT_EQ(data.array<1>()[8], 8);
    const record middle = record_of(data.batch(4, 2));
    EXPECT_EQ(middle.n, (std::vector<std::int32_t>{4, 5}));
    EXPECT_EQ(std::get<0>(data.batch(4, 2).data).data(), data.array<0>().data() + 8);  // a view
    const std::size_t positions[] = {8, 0, 8};
    EXPECT_EQ(record_of(data.select(positions).batch(0, 3)).n, (std::vector<std::int32_t>{8, 0, 8}));
    EXPECT_EQ(record_of(data.take(2).batch(0, 2)).y, (std::vector<double>{0, 0, 0, -1, -1, -1}));
    EXPECT_EQ(data.take(20).size(), 9U);
    const auto [a, b] = data.split(0.3, 1);
    EXPECT_EQ(a.size(), 3U);
    EXPECT_EQ(b.size(), 6U);
    std::set<std::int32_t> seen(a.array<1>().begin(), a.array<1>().end());
    seen.insert(b.array<1>().begin(), b.array<1>().end());
    EXPECT_EQ(seen.size(), 9U);
}

TEST(tensor_dataset, refuses_what_does_not_hold_together) {
    const std::vector<float> x(7), none;
    EXPECT_EQ(message_of([&] { tensor_dataset(2, x); }),
              "tensor_dataset, array 0: expected 2 samples of as many values each, found 7 values");
    EXPECT_EQ(message_of([&] { tensor_dataset(7, x, none); }),
              "tensor_dataset, array 1: expected 7 samples of as many values each, found 0 values");
    EXPECT_EQ(message_of([&] { tensor_dataset(0, x); }),
              "tensor_dataset, array 0: expected 0 samples of as many values each, found 7 values");
    EXPECT_EQ(message_of([&] { tensor_dataset(0, none); }), "");
    const set_type data = numbered(3);
    EXPECT_EQ(message_of([&] { (void)data.batch(2, 2); }),
              "tensor_dataset::batch: expected samples below 3, found 2 from 2");
    EXPECT_NE(message_of([&] { (void)data.batch(1, ~std::size_t{0}); }), "");
    const std::size_t positions[] = {3};
    EXPECT_EQ(message_of([&] { (void)data.select(positions); }),
              "tensor_dataset::select: expected positions below 3, found 3");
    EXPECT_EQ(message_of([&] { (void)data.split(1.5, 0); }),
              "tensor_dataset::split: expected a fraction in 0..1, found 1.500000");
    EXPECT_EQ(message_of([&] { tensor_loader loader(data, {.size = 0}); }),
              "tensor_loader: expected a batch size of at least 1, found 0");
}

}  // namespace
