// The room of kernels, found by asking few numbers of samples, against the most that any number asks for.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/training.hpp>
#include <vector>

#include "../../networks/densenet.hpp"
#include "../../networks/lenet.hpp"
#include "../../networks/mobilenet.hpp"
#include "../../networks/vision_transformer.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

template <class T, class Anchor> void check(const typename Anchor::prepared& p) {
    std::size_t most = 0;
    for (int capacity = 1; capacity <= 600; ++capacity) {
        most = std::max(most, Anchor::workspace(p, capacity));
        ASSERT_EQ((simd::most_workspace<simd::default_arch, T, Anchor>(p, capacity)), most) << "capacity " << capacity;
    }
}

template <class T> void check_all(const graph& g) {
    for (const node& n : g.nodes) {
        SCOPED_TRACE(testing::Message() << name_of(n.kind) << " of " << g.path_of(n.scope).view());
        simd::with_anchor<simd::default_arch, T>(n.kind, [&](auto a) {
            using anchor = decltype(a);
            if constexpr (requires(typename anchor::prepared p) { anchor::workspace(p, 1); })
                check<T, anchor>(anchor::prepare(g.view(), n));
        });
        if (testing::Test::HasFatalFailure()) return;
    }
}

template <class Net> class room_of : public testing::Test {};
using nets =
    testing::Types<networks::lenet, networks::densenet_block, networks::mobilenet, networks::vision_transformer>;
TYPED_TEST_SUITE(room_of, nets);

TYPED_TEST(room_of, every_kernel_of_a_training_step) {
    const graph g = simplify(training<cross_entropy>::prepare<TypeParam>());
    check_all<float>(g);
    check_all<double>(g);
}

// what finding it costs does not grow with the capacity
static_assert(program<networks::lenet, backend::simd, batch<100'000>, float, training<cross_entropy>>::workspace_bytes >
              100'000L * 28 * 28 * 6 * 4);

template <class T> class room_in : public testing::Test {};
using scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(room_in, scalars);

// what the samples are a part of: rows, columns or the inner axis of a product, or its loop
TYPED_TEST(room_in, products_of_every_layout) {
    using anchor = simd::anchor<simd::default_arch, TypeParam, op::einsum>;
    std::mt19937 engine(1);
    const int sizes[] = {1, 2, 3, 5, 7, 16, 33, 70, 100, 256, 400, 1030, 2048, 4096, 9216};
    const auto any = [&] { return sizes[engine() % std::size(sizes)]; };
    for (int trial = 0; trial < 200; ++trial) {
        contraction p;
        p.m = {.extent = any()};
        p.n = {.extent = any()};
        p.k = {.extent = any()};
        const auto strides = [&](std::ptrdiff_t& row, std::ptrdiff_t& column, long rows, long columns) {
            const bool turned = engine() % 2 == 0;
            row = turned ? 1 : columns;
            column = turned ? rows : 1;
        };
        strides(p.m.a, p.k.a, p.m.extent, p.k.extent);
        strides(p.k.b, p.n.b, p.k.extent, p.n.extent);
        strides(p.m.c, p.n.c, p.m.extent, p.n.extent);
        contraction::axis* const counted[] = {&p.m, &p.n, &p.k};
        const auto which = engine() % 4;
        if (which < 3)
            counted[which]->counted = true;
        else
            p.outer[p.outer_count++] = {.extent = 1, .a = 64, .b = 64, .c = 64, .counted = true};
        if (engine() % 4 == 0) p.outer[p.outer_count++] = {.extent = any() % 64, .a = 64, .b = 64, .c = 64};
        SCOPED_TRACE(testing::Message() << p.m.extent << " x " << p.n.extent << " x " << p.k.extent << ", counted "
                                        << which << ", loops " << p.outer_count);
        check<TypeParam, anchor>({p});
        const auto made = [&](bool second) { return simd::form_of_prepared<TypeParam>(anchor::shape({p}, 1), second); };
        if (!p.n.counted && !p.k.counted) check<TypeParam, anchor>({p, made(true)});
        if (!p.m.counted && !p.k.counted) check<TypeParam, anchor>({p, made(false)});
        if (p.k.a == 1 && p.n.c == 1 && p.n.extent > 1 && !p.n.counted && !p.k.counted) {
            check<TypeParam, anchor>({p, simd::beforehand::nothing, true});
            check<TypeParam, anchor>({p, made(true), true});
        }
        // the columns of a computed operand are neighbours, as in a weight gradient
        if (p.m.a == 1 && p.k.a > 1 && p.n.c == 1 && p.m.extent > 1 && p.n.extent > 1 && !p.m.counted && !p.n.counted)
            check<TypeParam, anchor>({p, simd::beforehand::nothing, true});
        if (testing::Test::HasFatalFailure()) return;
    }
}

// what the samples are a part of: the outer axis or the reduced one
TYPED_TEST(room_in, reductions_of_every_view) {
    using anchor = simd::anchor<simd::default_arch, TypeParam, op::sum>;
    std::mt19937 engine(1);
    const int sizes[] = {1, 2, 3, 5, 17, 100, 400, 1030, 4096, 9216, 200'000};
    const auto any = [&] { return sizes[engine() % std::size(sizes)]; };
    for (int trial = 0; trial < 200; ++trial) {
        const simd::reduction_shape s{any() % 5000, any(), any() % 9000};
        if (s.outer < 1 || s.inner < 1 || double(s.outer) * s.reduced * s.inner > 3e6) continue;
        SCOPED_TRACE(testing::Message() << s.outer << ", " << s.reduced << ", " << s.inner);
        for (bool over_batch : {false, true}) check<TypeParam, anchor>({s, over_batch, true});
        if (testing::Test::HasFatalFailure()) return;
    }
}

TYPED_TEST(room_in, attention_of_every_length) {
    for (int queries : {1, 4, 5, 64, 100, 300, 1000})
        for (int keys : {1, 30, 128, 200})
            for (int heads : {1, 2, 3, 12}) {
                SCOPED_TRACE(testing::Message() << queries << " x " << keys << ", heads " << heads);
                const simd::attention_shape s{queries, keys, heads, 16, 24};
                const auto with = [&](auto anchor) {
                    typename decltype(anchor)::prepared p{};
                    p.shape = s;
                    check<TypeParam, decltype(anchor)>(p);
                };
                with(simd::anchor<simd::default_arch, TypeParam, op::attention>{});
                with(simd::anchor<simd::default_arch, TypeParam, op::attention_gradient>{});
                with(simd::anchor<simd::default_arch, TypeParam, op::attention_bias>{});
                if (testing::Test::HasFatalFailure()) return;
            }
}

template <class T, op Kind> void check_convolutions(unsigned seed) {
    using anchor = simd::anchor<simd::default_arch, T, Kind>;
    std::mt19937 engine(seed);
    const auto any = [&](int below) { return static_cast<int>(engine() % static_cast<unsigned>(below)); };
    for (int trial = 0; trial < 100; ++trial) {
        simd::convolution_shape s;
        const bool square = any(4) != 0;
        for (int axis = 1; axis < 3; ++axis) {
            if (axis == 1 && !square) continue;
            s.w.kernel[axis] = 1 + any(4);
            s.w.stride[axis] = 1 + any(2);
            s.w.dilation[axis] = 1 + any(2);
            s.w.before[axis] = s.w.after[axis] = any(2) * (s.w.kernel[axis] / 2);
            s.in[axis] = s.w.span(axis) + any(60);
            s.out[axis] = s.w.positions(axis, s.in[axis]);
        }
        s.groups = any(3) == 0 ? 1 + any(40) : 1;
        s.in_channels = s.groups * (1 + any(s.groups > 1 ? 3 : 200));
        s.out_channels = s.groups * (1 + any(s.groups > 1 ? 3 : 200));
        SCOPED_TRACE(testing::Message() << "trial " << trial);
        const auto one = anchor::work_of(with_output(s));
        check<T, anchor>({one});
        check<T, anchor>({one, false, true});
        if (Kind != op::convolution_backward_filter) {
            check<T, anchor>({one, true});
            check<T, anchor>({one, true, true});
        }
        if (testing::Test::HasFatalFailure()) return;
    }
}

TYPED_TEST(room_in, convolutions_of_every_shape) {
    check_convolutions<TypeParam, op::convolution>(1);
    check_convolutions<TypeParam, op::convolution_backward_data>(2);
    check_convolutions<TypeParam, op::convolution_backward_filter>(3);
}

}  // namespace
