// The published convolutions of functions, with what stands around them.
#include <gtest/gtest.h>

#include <tessera/layers/kan/ka_convs.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

template <auto Layer> using on_image = from<network<Layer, shape<4, 5, 2>>>;
struct splines : on_image<ka_conv<3, 3, same>> {
    static constexpr const char* file = "ka_conv";
};
struct bells : on_image<fast_ka_conv<3, 3, same>> {
    static constexpr const char* file = "fast_ka_conv";
};
struct chebyshevs : on_image<chebyshev_conv<3, 3, 3, same>> {
    static constexpr const char* file = "chebyshev_conv";
};
struct legendres : on_image<legendre_conv<3, 3, 3, same>> {
    static constexpr const char* file = "legendre_conv";
};
struct jacobis : on_image<jacobi_conv<3, 3, 4, same>> {
    static constexpr const char* file = "jacobi_conv";
};
struct grams : on_image<gram_conv<3, 3, 4, same>> {
    static constexpr const char* file = "gram_conv";
};
struct bernsteins : on_image<bernstein_conv<3, 3, 3, same>> {
    static constexpr const char* file = "bernstein_conv";
};
struct bumps : on_image<relu_ka_conv<3, 3, same>> {
    static constexpr const char* file = "relu_ka_conv";
};

using all = case_list<splines, bells, chebyshevs, legendres, jacobis, grams, bernsteins, bumps>;

}  // namespace cases

template <class> class ka_conv_values : public testing::Test {};
TYPED_TEST_SUITE(ka_conv_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(ka_conv_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
