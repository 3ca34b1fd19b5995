// Padding and resampling.
#include <gtest/gtest.h>

#include <tessera/layers/padding/circular_pad.hpp>
#include <tessera/layers/padding/reflect_pad.hpp>
#include <tessera/layers/padding/replicate_pad.hpp>
#include <tessera/layers/padding/zero_pad.hpp>
#include <tessera/layers/resampling/pixel_shuffle.hpp>
#include <tessera/layers/resampling/resize_bilinear.hpp>
#include <tessera/layers/resampling/upsample_bilinear.hpp>
#include <tessera/layers/resampling/upsample_nearest.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct pad_circular : from<network<(circular_pad<1, 2, 2, 0>), shape<4, 5, 2>>> {
    static constexpr const char* file = "pad_circular";
};
struct pad_constant : from<network<(zero_pad<1, 2, 2, 0>), shape<4, 5, 2>>> {
    static constexpr const char* file = "pad_constant";
};
struct pad_reflect : from<network<(reflect_pad<1, 2, 2, 0>), shape<4, 5, 2>>> {
    static constexpr const char* file = "pad_reflect";
};
struct pad_replicate : from<network<(replicate_pad<1, 2, 2, 0>), shape<4, 5, 2>>> {
    static constexpr const char* file = "pad_replicate";
};
struct pixel_shuffle_2 : from<network<pixel_shuffle<2>, shape<3, 2, 12>>> {
    static constexpr const char* file = "pixel_shuffle_2";
};
struct upsample_bilinear_2 : from<network<upsample_bilinear<2>, shape<4, 3, 2>>> {
    static constexpr const char* file = "upsample_bilinear_2";
};
struct upsample_bilinear_2_align_corners : from<network<(upsample_bilinear<2, align_corners>), shape<4, 3, 2>>> {
    static constexpr const char* file = "upsample_bilinear_2_align_corners";
};
struct upsample_bilinear_7x5 : from<network<(resize_bilinear<7, 5>), shape<4, 3, 2>>> {
    static constexpr const char* file = "upsample_bilinear_7x5";
};
struct upsample_bilinear_7x5_align_corners : from<network<(resize_bilinear<7, 5, align_corners>), shape<4, 3, 2>>> {
    static constexpr const char* file = "upsample_bilinear_7x5_align_corners";
};
struct upsample_nearest_2 : from<network<upsample_nearest<2>, shape<4, 3, 2>>> {
    static constexpr const char* file = "upsample_nearest_2";
};

using all = case_list<pad_circular, pad_constant, pad_reflect, pad_replicate, pixel_shuffle_2, upsample_bilinear_2,
                      upsample_bilinear_2_align_corners, upsample_bilinear_7x5, upsample_bilinear_7x5_align_corners,
                      upsample_nearest_2>;

}  // namespace cases

template <class> class resampling_values : public testing::Test {};
TYPED_TEST_SUITE(resampling_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(resampling_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
