// What moves in and out of a loop: the kernels give what the reference does, whatever is moved and however much.
#include <tessera/backend/simd/anchor/loop.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace {

using namespace tessera;

constexpr int samples = 3, length = 4, iteration = 2;

// one iteration of a node of the kind whose operand is (length, size) or (size), each sample's own or shared
template <op Kind> void expect_agreement(int size, bool shared, bool first) {
    node self, operand, carried;
    self.kind = Kind;
    operand.shape = Kind == op::item ? extents{length, size} : extents{size};
    carried.shape = extents{size};
    self.shape = Kind == op::stack ? extents{length, size} : extents{size};
    carried.batched = self.batched = true;
    operand.batched = !shared;
    const int moved = Kind == op::next;

    std::vector<float> x(static_cast<std::size_t>(samples * operand.shape.size()));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 8191);
    std::vector<float> wanted(static_cast<std::size_t>(samples * self.shape.size()) + 1, -7.0f), found = wanted;
    call<float> c;
    c.self = &self;
    c.arg[0] = &carried;
    c.arg[moved] = &operand;
    c.x[moved] = x.data();
    c.count = samples;
    c.iteration = iteration;
    c.first = first;

    c.y = wanted.data();
    for (int i = 0; i < scan_operation::items(c); ++i) scan_operation::run(c, i);
    c.y = found.data();
    using work = simd::anchor<simd::default_arch, float, Kind>;
    work::run(work::prepare(self, c.arg), c, {}, nullptr);
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

}  // namespace
