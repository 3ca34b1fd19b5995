// What moves in and out of a loop: the kernels give what the reference does, whatever is moved and however much.
#include <tessera/backend/simd/anchor/loop.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;

constexpr int samples = 3, length = 4, iteration = 2;

// one iteration of a node of the kind whose operand is (length, size) or (size), each sample's own or shared
template <op Kind> void expect_agreement(int size, bool shared, bool first) {
    graph g;
    node self, operand, carried;
    self.kind = Kind;
    operand.shape = Kind == op::item ? extents{length, size} : extents{size};
    carried.shape = extents{size};
    self.shape = Kind == op::stack ? extents{length, size} : Kind == op::total ? extents{1, size} : extents{size};
    carried.batched = self.batched = true;
    operand.batched = !shared;
    const int moved = Kind == op::next;

    std::vector<float> x(static_cast<std::size_t>(samples * operand.shape.size()));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 8191);
    std::vector<float> wanted(static_cast<std::size_t>(samples * self.shape.size()) + 1, -7.0f), found = wanted;
    const int of_carried = g.add(carried), of_operand = g.add(operand);
    if (moved == 1)
        g.set_arguments(self, {of_carried, of_operand});
    else
        g.set_arguments(self, {of_operand});
    const float* addresses[2] = {};
    addresses[moved] = x.data();
    call<float> c;
    c.graph = g.view();
    c.self = &self;
    c.x = addresses;
    c.count = samples;
    c.iteration = iteration;
    c.first = first;

    c.y = wanted.data();
    for (int i = 0; i < scan_operation::items(c); ++i) scan_operation::run(c, i);
    c.y = found.data();
    using work = simd::anchor<simd::default_arch, float, Kind>;
    work::run(work::prepare(c.graph, self), c, {}, nullptr);
    EXPECT_EQ(wanted, found) << name_of(Kind) << " of " << size;
}

TEST(loop_anchor, moves_what_the_reference_does) {
    for (int threads : {1, 2}) {
        simd::threads::set_count(threads);
        for (int size : {1, 3, 8, 29, 6000, 40001})
            for (bool shared : {false, true}) {
                expect_agreement<op::item>(size, shared, false);
                expect_agreement<op::next>(size, shared, false);
                expect_agreement<op::stack>(size, shared, false);
                expect_agreement<op::carry>(size, shared, true);
                expect_agreement<op::total>(size, shared, true);
                expect_agreement<op::total>(size, shared, false);
            }
    }
    simd::threads::set_count(1);
}

// what a total of x over many iterations adds up to; the kernel finds it to the bit as the reference does
std::vector<float> total_of(int iterations, bool backwards, const std::vector<float>& x, float more_in_the_middle) {
    node self, operand;
    const int size = static_cast<int>(x.size());
    self.kind = op::total;
    self.shape = extents{2, size};
    operand.shape = extents{size};
    std::vector<float> wanted(2 * x.size()), found = wanted;
    graph g;
    g.set_arguments(self, {g.add(operand)});
    const float* address = nullptr;
    call<float> c;
    c.graph = g.view();
    c.self = &self;
    c.x = &address;
    using work = simd::anchor<simd::default_arch, float, op::total>;
    for (int t = 0; t < iterations; ++t) {
        std::vector<float> now = x;
        if (t == iterations / 2) now[0] += more_in_the_middle;
        address = now.data();
        c.iteration = backwards ? iterations - 1 - t : t;
        c.first = t == 0;
        c.y = wanted.data();
        for (int i = 0; i < scan_operation::items(c); ++i) scan_operation::run(c, i);
        c.y = found.data();
        work::run(work::prepare(c.graph, self), c, {}, nullptr);
    }
    EXPECT_EQ(wanted, found);
    for (std::size_t k = 0; k < x.size(); ++k) found[k] += found[k + x.size()];
    found.resize(x.size());
    return found;
}

TEST(loop_anchor, a_total_of_many_iterations_is_as_exact_as_one_of_few) {
    const std::vector<float> x(11, 0.1f);
    constexpr float inf = std::numeric_limits<float>::infinity();
    for (bool backwards : {false, true}) {
        for (int times : {33, 1000, 1 << 16})
            for (float sum : total_of(times, backwards, x, 0))
                EXPECT_NEAR(sum / (static_cast<double>(0.1f) * times), 1, 4e-7);
        const std::vector<float> infinite = total_of(200, backwards, x, inf);
        EXPECT_EQ(infinite[0], inf);
        EXPECT_NEAR(infinite[1], 20, 1e-5);
    }
}

}  // namespace
