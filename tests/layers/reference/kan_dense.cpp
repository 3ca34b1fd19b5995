// Dense layers of functions: splines, Fourier's, Hermite's, wavelets.
#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/layers/kan/fourier.hpp>
#include <tessera/layers/kan/hermite.hpp>
#include <tessera/layers/kan/kan_dense.hpp>
#include <tessera/layers/kan/wavelet_dense.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct splines : from<network<kan_dense<5>, shape<3, 4>>> {
    static constexpr const char* file = "kan_dense_spline";
};
struct fourier_of_three : from<network<(kan_dense<3, fourier<3>, unscaled, no_base>), shape<4>>> {
    static constexpr const char* file = "kan_dense_fourier";
};
struct hermite_of_three : from<network<(kan_dense<3, hermite<3>, unscaled, no_base>), shape<2, 4>>> {
    static constexpr const char* file = "kan_dense_hermite";
};
template <class Wavelet> struct of_wavelets : from<network<wavelet_dense<3, Wavelet>, shape<2, 4>>> {};
struct hats : of_wavelets<mexican_hat> {
    static constexpr const char* file = "wavelet_dense_mexican_hat";
};
struct morlets : of_wavelets<morlet> {
    static constexpr const char* file = "wavelet_dense_morlet";
};
struct derivatives : of_wavelets<gaussian_derivative> {
    static constexpr const char* file = "wavelet_dense_gaussian_derivative";
};
struct meyers : of_wavelets<meyer> {
    static constexpr const char* file = "wavelet_dense_meyer";
};
struct shannons : of_wavelets<shannon> {
    static constexpr const char* file = "wavelet_dense_shannon";
};

using all = case_list<splines, fourier_of_three, hermite_of_three, hats, morlets, derivatives, meyers, shannons>;

}  // namespace cases

template <class> class kan_dense_values : public testing::Test {};
TYPED_TEST_SUITE(kan_dense_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(kan_dense_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
