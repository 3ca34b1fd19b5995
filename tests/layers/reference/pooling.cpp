// Pooling.
#include <gtest/gtest.h>

#include <tessera/layers/pool.hpp>
#include <tessera/layers/pooling/adaptive_avg_pool.hpp>
#include <tessera/layers/pooling/adaptive_max_pool.hpp>
#include <tessera/layers/pooling/global_avg_pool.hpp>
#include <tessera/layers/pooling/global_max_pool.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct avg_pool1d_2 : from<network<avg_pool<2>, shape<7, 3>>> {
    static constexpr const char* file = "avg_pool1d_2";
};
struct avg_pool1d_3_stride2_pad1_counted : from<network<(avg_pool<3, stride<2>, pad<1>>), shape<7, 3>>> {
    static constexpr const char* file = "avg_pool1d_3_stride2_pad1_counted";
};
struct avg_pool1d_3_stride2_pad1_uncounted
    : from<network<(avg_pool<3, stride<2>, pad<1>, padding_not_counted>), shape<7, 3>>> {
    static constexpr const char* file = "avg_pool1d_3_stride2_pad1_uncounted";
};
struct max_pool1d_2 : from<network<max_pool<2>, shape<7, 3>>> {
    static constexpr const char* file = "max_pool1d_2";
};
struct max_pool1d_3_stride2_pad1 : from<network<(max_pool<3, stride<2>, pad<1>>), shape<7, 3>>> {
    static constexpr const char* file = "max_pool1d_3_stride2_pad1";
};
struct avg_pool2d_2 : from<network<avg_pool<2>, shape<7, 6, 3>>> {
    static constexpr const char* file = "avg_pool2d_2";
};
struct avg_pool2d_3_stride2_pad1_counted : from<network<(avg_pool<3, stride<2>, pad<1>>), shape<7, 6, 3>>> {
    static constexpr const char* file = "avg_pool2d_3_stride2_pad1_counted";
};
struct avg_pool2d_3_stride2_pad1_uncounted
    : from<network<(avg_pool<3, stride<2>, pad<1>, padding_not_counted>), shape<7, 6, 3>>> {
    static constexpr const char* file = "avg_pool2d_3_stride2_pad1_uncounted";
};
struct max_pool2d_2 : from<network<max_pool<2>, shape<7, 6, 3>>> {
    static constexpr const char* file = "max_pool2d_2";
};
struct max_pool2d_3_stride2_pad1 : from<network<(max_pool<3, stride<2>, pad<1>>), shape<7, 6, 3>>> {
    static constexpr const char* file = "max_pool2d_3_stride2_pad1";
};
struct avg_pool3d_2 : from<network<avg_pool<2>, shape<7, 6, 5, 3>>> {
    static constexpr const char* file = "avg_pool3d_2";
};
struct avg_pool3d_3_stride2_pad1_counted : from<network<(avg_pool<3, stride<2>, pad<1>>), shape<7, 6, 5, 3>>> {
    static constexpr const char* file = "avg_pool3d_3_stride2_pad1_counted";
};
struct avg_pool3d_3_stride2_pad1_uncounted
    : from<network<(avg_pool<3, stride<2>, pad<1>, padding_not_counted>), shape<7, 6, 5, 3>>> {
    static constexpr const char* file = "avg_pool3d_3_stride2_pad1_uncounted";
};
struct max_pool3d_2 : from<network<max_pool<2>, shape<7, 6, 5, 3>>> {
    static constexpr const char* file = "max_pool3d_2";
};
struct max_pool3d_3_stride2_pad1 : from<network<(max_pool<3, stride<2>, pad<1>>), shape<7, 6, 5, 3>>> {
    static constexpr const char* file = "max_pool3d_3_stride2_pad1";
};
struct adaptive_avg_pool2d : from<network<(adaptive_avg_pool<3, 2>), shape<7, 5, 3>>> {
    static constexpr const char* file = "adaptive_avg_pool2d";
};
struct adaptive_max_pool2d : from<network<(adaptive_max_pool<3, 2>), shape<7, 5, 3>>> {
    static constexpr const char* file = "adaptive_max_pool2d";
};
struct global_avg_pool2d : from<network<global_avg_pool, shape<5, 4, 3>>> {
    static constexpr const char* file = "global_avg_pool2d";
};
struct global_max_pool2d : from<network<global_max_pool, shape<5, 4, 3>>> {
    static constexpr const char* file = "global_max_pool2d";
};

using all = case_list<avg_pool1d_2, avg_pool1d_3_stride2_pad1_counted, avg_pool1d_3_stride2_pad1_uncounted,
                      max_pool1d_2, max_pool1d_3_stride2_pad1, avg_pool2d_2, avg_pool2d_3_stride2_pad1_counted,
                      avg_pool2d_3_stride2_pad1_uncounted, max_pool2d_2, max_pool2d_3_stride2_pad1, avg_pool3d_2,
                      avg_pool3d_3_stride2_pad1_counted, avg_pool3d_3_stride2_pad1_uncounted, max_pool3d_2,
                      max_pool3d_3_stride2_pad1, adaptive_avg_pool2d, adaptive_max_pool2d, global_avg_pool2d,
                      global_max_pool2d>;

}  // namespace cases

template <class> class pooling_values : public testing::Test {};
TYPED_TEST_SUITE(pooling_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(pooling_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
