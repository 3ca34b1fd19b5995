// Every mask of axes on every shape of small extents: the kernels give what the reference does.
#include <tessera/backend/simd/anchor/reduction.hpp>

#include <gtest/gtest.h>

#include <cmath>

#include "../../../passes/evaluate.hpp"
#include "../guarded_bytes.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// the reductions of a graph, one after another, on the vectors' kernels
template <op Kind> std::vector<double> run_anchors(const graph& g, all_values values, int count) {
    using work = simd::anchor<simd::default_arch, double, Kind>;
    std::size_t last = 0;
    for (std::size_t i = 0; i < g.nodes.size(); ++i) {
        const node& n = g.nodes[i];
        if (n.kind != Kind) continue;
        const double* const x[] = {values[static_cast<std::size_t>(g.view().argument(n, 0))].data()};
        const auto prepared = work::prepare(g.view(), n);
        tests::guarded_bytes room(work::workspace(prepared, count));
        call<double> c;
        c.graph = g.view();
        c.self = &n;
        c.count = count;
        c.x = x;
        c.y = values[i].data();
        std::ranges::fill(values[i], -7);
        work::run(prepared, c, {}, room.get());
        last = i;
    }
    return values[last];
}

template <op Kind> void expect_agreement(const extents& shape, unsigned mask, bool over_batch) {
    constexpr int count = 2;
    graph g;
    const value x = given(g, shape);
    if (reduce(Kind, x, mask, {.over_batch = over_batch}).id == x.id) return;  // nothing to reduce
    const all_values oracle = evaluate(g, {scattered(count * shape.size(), 1)}, {}, count);
    const std::vector<double> found = run_anchors<Kind>(g, oracle, count), wanted = oracle.back();
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i)
        ASSERT_NEAR(found[i], wanted[i], 1e-14) << shape.describe().view() << ", mask " << mask << ", [" << i << "]";
}

TEST(reduction_anchor, reduces_any_axes_of_any_shape) {
    for (int rank = 1; rank <= 5; ++rank)
        for (int code = 0; code < static_cast<int>(std::pow(3, rank)); ++code) {
            extents shape;
            for (int a = 0, rest = code; a < rank; ++a, rest /= 3) shape.push(1 + rest % 3);
            for (unsigned mask = 1; mask < 1u << rank; ++mask) {
                ASSERT_NO_FATAL_FAILURE(expect_agreement<op::sum>(shape, mask, false));
                ASSERT_NO_FATAL_FAILURE(expect_agreement<op::sum>(shape, mask, true));
                ASSERT_NO_FATAL_FAILURE(expect_agreement<op::maximum>(shape, mask, false));
            }
        }
}

}  // namespace
