#include <gtest/gtest.h>

#include <array>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/model.hpp>
#include <tessera/xtensor.hpp>
#include <vector>
#if __has_include(<xtensor/views/xview.hpp>)
#include <xtensor/containers/xfixed.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xfixed.hpp>
#include <xtensor/xview.hpp>
#endif

namespace {

using namespace tessera;
using namespace tessera::detail;

struct affine : network<dense<3>, shape<2>> {};
using net = model<affine, backend::scalar, batch<4>>;
using numbers = std::vector<float>;

template <class Range> numbers call(net& m, const Range& x) {
    const auto y = m(x);
    return {y.begin(), y.end()};
}

TEST(xtensor, a_model_takes_its_containers_as_they_are) {
    net m(1);
    const numbers wanted = call(m, numbers{1, 2, 3, 4});
    const xt::xarray<float> array{{1, 2}, {3, 4}};
    const xt::xtensor<float, 2> tensor{{1, 2}, {3, 4}};
    const xt::xtensor_fixed<float, xt::xshape<2, 2>> fixed{{1, 2}, {3, 4}};
    EXPECT_EQ(call(m, array), wanted);
    EXPECT_EQ(call(m, tensor), wanted);
    EXPECT_EQ(call(m, fixed), wanted);
    EXPECT_EQ(m(array).count, 2);
}

TEST(xtensor, a_view_of_neighbours_starts_where_it_says) {
    net m(1);
    const xt::xtensor<float, 2> tensor{{1, 2}, {3, 4}, {5, 6}};
    EXPECT_EQ(call(m, xt::view(tensor, 1, xt::all())), call(m, numbers{3, 4}));
}

TEST(xtensor, what_is_not_row_major_is_refused_when_compiling) {
    using row_major = xt::xarray<float>;
    using column_major = xt::xarray<float, xt::layout_type::column_major>;
    using column = decltype(xt::view(std::declval<const xt::xtensor<float, 2>&>(), xt::all(), 1));
    static_assert(contiguous_of<row_major, float>);
    static_assert(!contiguous_of<row_major, double>);
    static_assert(!contiguous_of<column_major, float>);
    static_assert(!contiguous_of<column, float>);
    net m(1);
    const column_major x = row_major{{1, 2}, {3, 4}};
    EXPECT_EQ(call(m, row_major(x)), call(m, numbers{1, 2, 3, 4}));
}

TEST(xtensor, the_result_is_a_view_of_the_model) {
    net m(1);
    const xt::xarray<float> x{{1, 2}, {3, 4}, {5, 6}};
    const auto raw = m(x);
    const auto y = as_xtensor(raw);
    EXPECT_EQ(std::vector<std::size_t>(y.shape().begin(), y.shape().end()), (std::vector<std::size_t>{3, 3}));
    EXPECT_EQ(&y(0, 0), raw.data());
    EXPECT_EQ(y(2, 1), raw.of_sample(2)[1]);
    const xt::xarray<float> copy = 2 * y;
    EXPECT_EQ(copy(1, 2), 2 * raw.of_sample(1)[2]);
}

struct words : network<embedding<5, 2>, in<"tokens", shape<3>, int32>> {};

TEST(xtensor, indices_and_more_axes) {
    model<words, backend::scalar, batch<2>> m(1);
    const xt::xarray<std::int32_t> tokens{{0, 1, 2}, {4, 4, 4}};
    const auto y = as_xtensor(m(tokens));
    EXPECT_EQ(std::vector<std::size_t>(y.shape().begin(), y.shape().end()), (std::vector<std::size_t>{2, 3, 2}));
    EXPECT_EQ(y(1, 0, 1), y(1, 2, 1));
    EXPECT_EQ(y(0, 2, 0), m.parameters()[4]);
}

}  // namespace
