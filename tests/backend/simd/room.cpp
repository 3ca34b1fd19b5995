#include <gtest/gtest.h>

#include <tessera/backend/simd/simd.hpp>

namespace {

using namespace tessera;

// a dense layer's product: x (C) of each sample, weight (C, N)
struct dense_nodes {
    node x, weight, y;
    const node* arg[max_arguments] = {&x, &weight};

    dense_nodes(int channels, int outputs) {
        x.shape = {channels};
        weight.shape = {channels, outputs};
        y.kind = op::einsum;
        y.shape = {outputs};
        x.batched = y.batched = true;
        y.labels[0][0] = y.labels[1][0] = 'i';
        y.labels[1][1] = y.labels[2][0] = 'o';
    }
};

// A kernel that changes its plan may need more room for fewer samples: the plan of 256 must hold any batch up to it.
TEST(room, holds_every_number_of_samples) {
    using anchor = simd::anchor<simd::default_arch, float, op::einsum>;
    for (int channels : {400, 2048, 4096, 9216})
        for (int outputs : {1, 10, 96, 256})
            for (int capacity : {100, 200, 256}) {
                const dense_nodes n(channels, outputs);
                const auto prepared = anchor::prepare(n.y, n.arg);
                const auto room = static_cast<std::size_t>(backend::simd::workspace(n.y, n.arg, capacity, 4));
                for (int count = 1; count <= capacity; ++count)
                    ASSERT_LE(anchor::workspace(prepared, count), room)
                        << channels << " to " << outputs << ", " << count << " of " << capacity;
            }
}

}  // namespace
