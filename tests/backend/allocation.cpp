// Making a model or a trainer takes memory; calling it never does. Every way to the C library's heap is counted.
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>
#include <vector>

#include "../networks/lenet.hpp"

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#if defined(__has_feature)
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define COUNTS_ALLOCATIONS
#endif
#else
#define COUNTS_ALLOCATIONS
#endif
#endif

namespace {

std::atomic<long> allocations = 0;

}  // namespace

#ifdef COUNTS_ALLOCATIONS
// operator new ends here as well
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) noexcept {
    ++allocations;
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
    ++allocations;
    return __libc_calloc(count, size);
}
void* realloc(void* p, std::size_t size) noexcept {
    ++allocations;
    return __libc_realloc(p, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    ++allocations;
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** p, std::size_t alignment, std::size_t size) noexcept {
    ++allocations;
    *p = __libc_memalign(alignment, size);
    return *p != nullptr ? 0 : ENOMEM;
}
}
#endif

namespace {

using namespace tessera;
using networks::lenet;

// allocations while f runs
template <class F> long allocations_of(F f) {
    const long before = allocations;
    f();
    return allocations - before;
}

class allocation : public testing::Test {
  protected:
    void SetUp() override {
#ifndef COUNTS_ALLOCATIONS
        GTEST_SKIP() << "the heap of this build cannot be counted";
#endif
        for (std::size_t i = 0; i < images.size(); ++i) images[i] = static_cast<float>(i % 97) / 97;
    }
    std::vector<float> image = std::vector<float>(28 * 28, 0.5f), images = std::vector<float>(8 * 28 * 28);
    std::vector<std::int32_t> labels{0, 1, 2, 3, 4, 5, 6, 7};
};

TEST_F(allocation, is_counted) {
    EXPECT_EQ(allocations_of([] { free(malloc(8)); }), 1);
    EXPECT_GE(allocations_of([] { model<lenet> made; }), 1);
}

TEST_F(allocation, none_in_a_call_for_one_sample) {
    model<lenet, backend::simd> classify;
    static_assert(noexcept(classify(image)) && noexcept(classify.output()) && noexcept(classify.reset()));
    EXPECT_EQ(allocations_of([&] { classify(image); }), 0);
    EXPECT_EQ(allocations_of([&] { classify(image); }), 0);
}

TEST_F(allocation, none_in_a_call_for_a_batch) {
    model<lenet, backend::simd, batch<8>> classify;
    static_assert(noexcept(classify(images)));
    EXPECT_EQ(allocations_of([&] { classify(images); }), 0);
    EXPECT_EQ(allocations_of([&] { classify(image); }), 0);
}

TEST_F(allocation, none_in_a_call_in_double) {
    model<lenet, backend::simd, batch<8>, double> classify;
    const std::vector<double> exact(images.begin(), images.end());
    EXPECT_EQ(allocations_of([&] { classify(exact); }), 0);
}

TEST_F(allocation, none_by_several_threads) {
    model<lenet, backend::simd, batch<8>> classify;
    detail::simd::threads::set_count(3);
    EXPECT_EQ(allocations_of([&] { classify(images); }), 0);
    detail::simd::threads::set_count(1);
}

// a model of the scalar backend holds its buffers: not even making it takes memory
TEST_F(allocation, none_by_the_scalar_backend) {
    static_assert(sizeof(model<lenet, backend::scalar>) >= model<lenet, backend::scalar>::memory_bytes);
    EXPECT_EQ(allocations_of([&] {
                  static model<lenet, backend::scalar> classify;
                  classify(image);
              }),
              0);
}

struct hears : network<(gru<5> >> lstm<3>), shape<9, 4>> {};
template <class Backend> long in_frames_of_a_stream() {
    static model<hears, Backend, batch<1>, float, streaming> live;
    const std::vector<float> frame(4, 0.5f);
    return allocations_of([&] {
        for (int t = 0; t < 12; ++t) live(frame);
        live.reset();
        live(frame);
    });
}
TEST_F(allocation, none_in_frames_of_a_recurrent_stream) {
    EXPECT_EQ(in_frames_of_a_stream<backend::simd>(), 0);
    EXPECT_EQ(in_frames_of_a_stream<backend::scalar>(), 0);
}

TEST_F(allocation, none_in_a_training_step) {
    using net = model<lenet, backend::simd, batch<8>>;
    net classify;
    trainer<net, cross_entropy, sgd> train(classify, sgd{.momentum = 0.9}, {.clip_norm = 1, .average_decay = 0.99});
    static_assert(noexcept(train.step(0.1, images, labels)) && noexcept(train.compute(images, labels)) &&
                  noexcept(train.apply(0.1)));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(allocations_of([&] { train.step(0.1, images, labels); }), 0) << i;
}

}  // namespace
