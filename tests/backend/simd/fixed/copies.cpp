// Fixed kernels of softmax, and of what only moves elements: slices, other orders, borders, rows of a table, loops.
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/gather.hpp>
#include <tessera/ir/operations/permute.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/layers/activation/log_softmax.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/padding/zero_pad.hpp>
#include <tessera/layers/recurrent/gru.hpp>

#include "agreement.hpp"

namespace {

using namespace tessera;
using namespace tessera::fixed_kernels;

inline constexpr auto power = softmax >> layer<tessera::sqrt>;
inline constexpr auto logarithm = log_softmax;
TEST(fixed_copies, softmax_of_any_width) {
    agrees<fixed_form::softmax, power, 1>();
    agrees<fixed_form::softmax, power, 3, 4>();
    agrees<fixed_form::softmax, power, 2, 37>();
    agrees<fixed_form::softmax, power, 100>();
    agrees<fixed_form::softmax, logarithm, 10>();
    agrees<fixed_form::softmax, logarithm, 3, 32>();
    agrees<fixed_form::softmax, logarithm, 131>();
}

inline constexpr auto turned = [](value x) { return permute(x, {1, 0}) * 1.0; };
inline constexpr auto turned_thrice = [](value x) { return permute(x, {2, 0, 1}); };
inline constexpr auto halves = [](value x) { return concatenate({slice(x, 1, 2, 3), exp(x), slice(x, 1, 0, 1)}, 1); };
inline constexpr auto every_other = [](value x) { return slice(x, 0, 1, 3, 2); };
inline constexpr auto bordered = zero_pad<1, 2>;
TEST(fixed_copies, copies) {
    agrees<fixed_form::walk, turned_thrice, 3, 4, 5>();
    expect_agreement_of_both<of<turned, 7, 9>>();
    agrees<fixed_form::copy, halves, 11, 5>();
    expect_agreement_of_both<of<every_other, 8, 4>>();
    agrees<fixed_form::walk, bordered, 5, 3>();
}
inline constexpr auto turned_item = gru<3, from_the_end> >> turned;
TEST(fixed_copies, loops_of_batches) {
    expect_agreement<of<turned_item, 4, 2>, float, inference, 3>();
    expect_agreement<of<gru<5>, 1, 3>, float, streaming, 4>(1);
}

inline constexpr auto looked_up = [](value index) { return gather(parameter("table", {7, 5}).with(index), index); };
struct lookup : network<looked_up, in<"index", shape<3>, int32>> {};
TEST(fixed_copies, rows_of_a_table) {
    static_assert(count_of<small_program<lookup>>(fixed_form::gather) == 1);
    const auto check = [](auto one) {
        using tested = decltype(one);
        tested m(3);
        for (std::size_t i = 0; i < m.parameters().size(); ++i) m.parameters()[i] = number<float>(i);
        const std::vector<std::int32_t> index{6, 0, 3, 2, 2, 5};
        for (std::size_t samples = static_cast<std::size_t>(tested::program_type::capacity); samples > 0; --samples) {
            const auto found = m(std::span(index.data(), 3 * samples));
            ASSERT_EQ(found.size(), 15 * samples);
            for (std::size_t i = 0; i < found.size(); ++i)
                EXPECT_EQ(found[i], m.parameters()[static_cast<std::size_t>(index[i / 5]) * 5 + i % 5]) << i;
        }
    };
    check(model<lookup, backend::simd>(1));
    check(model<lookup, backend::simd, batch<2>>(1));
}

}  // namespace
