// Windows that cover an element each: the rule against a walk over all windows and taps, and in steps that do not grow
// with the extents.
#include <tessera/ir/operations/pooling.hpp>

#include <gtest/gtest.h>

#include <tessera/layers/padding/replicate_pad.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/pooling/adaptive_avg_pool.hpp>
#include <tessera/layers/pooling/adaptive_max_pool.hpp>
#include <tessera/layers/resampling/upsample_nearest.hpp>
#include <tessera/network.hpp>

#include "../../network_facts.hpp"

namespace {

using namespace tessera;

bool every_window_covers(const window& w, int extent) {
    for (int p = 0; p < w.positions(2, extent); ++p) {
        bool any = false;
        for (int t = 0; t < w.kernel[2]; ++t) {
            const int at = p * w.stride[2] + t * w.dilation[2] - w.before[2];
            any = any || (at >= 0 && at < extent);
        }
        if (!any) return false;
    }
    return true;
}

TEST(pooling, knows_whether_every_window_covers_an_element) {
    int covered = 0, missed = 0;
    for (int extent = 1; extent <= 5; ++extent)
        for (int kernel = 1; kernel <= 3; ++kernel)
            for (int stride = 1; stride <= 4; ++stride)
                for (int dilation = 1; dilation <= 4; ++dilation)
                    for (int before = 0; before <= 8; ++before)
                        for (int after = 0; after <= 8; ++after) {
                            window w;
                            w.kernel[2] = kernel;
                            w.stride[2] = stride;
                            w.dilation[2] = dilation;
                            w.before[2] = before;
                            w.after[2] = after;
                            if (w.positions(2, extent) < 1) continue;
                            const bool found = covers(w, 2, extent);
                            ++(found ? covered : missed);
                            ASSERT_EQ(found, every_window_covers(w, extent))
                                << extent << " " << kernel << " " << stride << " " << dilation << " " << before << " "
                                << after;
                        }
    EXPECT_GT(covered, 100);
    EXPECT_GT(missed, 100);
}

constexpr int many = 480000;
template <auto Expression> struct net : network<Expression, shape<many, 1>> {};
static_assert(output_shape<net<avg_pool<2>>> == (extents{many / 2, 1}));
static_assert(output_shape<net<max_pool<2>>> == (extents{many / 2, 1}));
static_assert(output_shape<net<adaptive_avg_pool<7>>> == (extents{7, 1}));
static_assert(output_shape<net<adaptive_max_pool<7>>> == (extents{7, 1}));
static_assert(output_shape<net<upsample_nearest<2>>> == (extents{2 * many, 1}));
static_assert(output_shape<net<replicate_pad<1>>> == (extents{many + 2, 1}));

}  // namespace
