// The pool: every item once, nested and concurrent calls, resizing.
#include <gtest/gtest.h>

#include <atomic>
#include <tessera/backend/simd/threads.hpp>
#include <thread>
#include <vector>

namespace {

using tessera::simd::threads;

TEST(threads_test, every_item_runs_once) {
    for (int count : {1, 2, 3, 8, 1, 2}) {
        threads::set_count(count);
        EXPECT_EQ(threads::count(), count);
        for (int items = 0; items < 300; ++items) {
            std::vector<int> hits(std::size_t(items), 0);
            threads::parallel(items, [&](int item) noexcept { ++hits[std::size_t(item)]; });
            for (int hit : hits) ASSERT_EQ(hit, 1);
        }
    }
    threads::set_count(1);
}

TEST(threads_test, items_are_contiguous_ranges_of_the_same_threads) {
    threads::set_count(3);
    std::vector<std::thread::id> who(10), again(10);
    threads::parallel(10, [&](int item) noexcept { who[std::size_t(item)] = std::this_thread::get_id(); });
    threads::parallel(10, [&](int item) noexcept { again[std::size_t(item)] = std::this_thread::get_id(); });
    EXPECT_EQ(who, again);
    EXPECT_EQ(who[0], std::this_thread::get_id());
    int changes = 0;
    for (std::size_t i = 1; i < who.size(); ++i) changes += who[i] != who[i - 1];
    EXPECT_EQ(changes, 2);
    threads::set_count(1);
}

TEST(threads_test, nested_calls_run_on_the_thread_they_are_made_on) {
    threads::set_count(2);
    std::atomic<int> strangers = 0, hits = 0;
    threads::parallel(8, [&](int) noexcept {
        const auto self = std::this_thread::get_id();
        threads::parallel(5, [&](int) noexcept {
            ++hits;
            if (std::this_thread::get_id() != self) ++strangers;
        });
    });
    EXPECT_EQ(hits, 40);
    EXPECT_EQ(strangers, 0);
    threads::set_count(1);
}

TEST(threads_test, callers_do_not_disturb_each_other) {
    threads::set_count(2);
    std::atomic<int> total = 0;
    const auto work = [&] {
        for (int round = 0; round < 300; ++round) {
            int done[7] = {};
            threads::parallel(7, [&](int item) noexcept { done[item] = item; });
            for (int d : done) total += d;
        }
    };
    std::thread other(work);
    work();
    other.join();
    EXPECT_EQ(total, 2 * 300 * 21);
    threads::set_count(1);
}

TEST(threads_test, sleeping_workers_wake) {
    threads::set_count(2);
    for (int round = 0; round < 5; ++round) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        std::atomic<int> hits = 0;
        threads::parallel(4, [&](int) noexcept { ++hits; });
        EXPECT_EQ(hits, 4);
    }
    // left at two threads: the program must still end
}

}  // namespace
