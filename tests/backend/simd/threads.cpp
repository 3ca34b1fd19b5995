// The pool: every item once, nested and concurrent calls, threads that come late, resizing, a child process.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/backend/simd/threads.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <thread>
#include <vector>
#if __has_include(<sys/wait.h>)
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace {

using tessera::detail::simd::threads;

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

TEST(threads_test, many_short_calls_are_complete_when_they_return) {
    threads::set_count(4);
    std::vector<int> hits(40, 0);
    for (int call = 1; call <= 20000; ++call) {
        const int items = 1 + call % 40;
        threads::parallel(items, [&](int item) noexcept { ++hits[std::size_t(item)]; });
        if (call % 40 != 0) continue;
        for (int item = 0; item < 40; ++item) ASSERT_EQ(hits[std::size_t(item)], call / 40 * (40 - item));
    }
    threads::set_count(1);
}

// A thread that is off its core looks to the others like one that waits inside of an item.
TEST(threads_test, the_others_do_the_work_of_a_thread_that_is_held_up) {
    threads::set_count(2);
    std::atomic<int> finished = 0, held = -1;
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    threads::parallel(8, [&](int item) noexcept {
        int nobody = -1;
        if (held.compare_exchange_strong(nobody, item))
            while (finished < 7 && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
        EXPECT_EQ(held == item ? int(finished) : 7, 7);
        ++finished;
    });
    EXPECT_EQ(finished, 8);
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

struct mlp : tessera::network<(tessera::dense<96> >> tessera::relu >> tessera::dense<64>), tessera::shape<48>> {};
using model = tessera::model<mlp, tessera::backend::simd, tessera::batch<64>>;

std::vector<float> answer(model& m) {
    std::vector<float> x(64 * 48);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 37 % 64) / 32 - 1;
    const auto y = m(x);
    return {y.begin(), y.end()};
}

TEST(threads_test, models_in_several_threads_share_the_pool) {
    threads::set_count(1);
    std::vector<model> models;
    std::vector<std::vector<float>> wanted;
    for (std::uint64_t seed = 0; seed < 4; ++seed) wanted.push_back(answer(models.emplace_back(seed)));
    threads::set_count(3);
    std::atomic<int> wrong = 0;
    std::vector<std::thread> callers;
    for (std::size_t k = 0; k < models.size(); ++k)
        callers.emplace_back([&, k] {
            for (int call = 0; call < 50; ++call) wrong += answer(models[k]) != wanted[k];
        });
    for (int count : {1, 4, 2, 3}) threads::set_count(count);
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(wrong, 0);
    threads::set_count(1);
}

// the thread sanitizer allows no threads in a child
#if defined(__SANITIZE_THREAD__)
#define TESSERA_NO_CHILD
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TESSERA_NO_CHILD
#endif
#endif
#if __has_include(<sys/wait.h>) && !defined(TESSERA_NO_CHILD)
TEST(threads_test, a_child_process_has_a_pool_of_its_own) {
    threads::set_count(2);
    model m(1);
    const auto wanted = answer(m);
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        alarm(60);  // ends a child that hangs
        bool fine = threads::count() == 2 && answer(m) == wanted;
        std::atomic<int> running = 0;  // an item waits for the other: both threads are there
        threads::parallel(2, [&](int) noexcept {
            ++running;
            while (running < 2) std::this_thread::yield();
        });
        threads::set_count(3);
        fine = fine && threads::count() == 3 && answer(m) == wanted;
        threads::set_count(1);
        _exit(fine ? 0 : 1);
    }
    ASSERT_GT(child, 0);
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "status " << status;
    EXPECT_EQ(answer(m), wanted);
    threads::set_count(1);
}
#endif

}  // namespace
