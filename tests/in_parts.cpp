// A batch that is too large for the caches runs in parts: the same results, in less memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/pooling/global_avg_pool.hpp>
#include <tessera/model.hpp>
#include <tessera/network/tapped.hpp>

namespace {

using namespace tessera;

// outputs: an image, logits, a whole number, bytes; inputs: bytes, numbers
inline constexpr auto rectified = [](value x) { return maximum(x, 0); };
inline constexpr auto classified = [](value image, value shift) {
    const value seen = named<"seen">(rectified)(conv<16, 3, same>(to_real(image) * 0.01));
    const value logits = dense<3>(global_avg_pool(seen)) + shift;
    return values{conv<2, 1>(seen), logits, arg_max(logits), quantise<int8>(logits, 0.01)};
};
struct photographs : network<classified, in<"image", shape<48, 48, 4>, uint8>, in<"shift", shape<3>>> {};

template <int Capacity, class... Options> using photo_model = model<photographs, batch<Capacity>, Options...>;

static_assert(photo_model<20>::program_type::capacity == 7 && photo_model<20>::capacity == 20);
static_assert(photo_model<20>::workspace_bytes < photo_model<20, tapped<"seen">>::workspace_bytes);
static_assert(photo_model<8>::program_type::capacity == 8);                             // few enough
static_assert(photo_model<20, backend::scalar_on_heap>::program_type::capacity == 20);  // names no cache
static_assert(std::is_same_v<photo_model<20>::batch_type, batch<20>>);

inline constexpr auto small = conv<16, 3, same>;
static_assert(detail::samples_at_once<network<small, shape<8, 8, 3>>, backend::simd, float>(32) == 32);
static_assert(detail::samples_at_once<network<small, shape<48, 48, 17>>, backend::simd, float>(32) < 32);
// results alone would be more than what is saved
static_assert(detail::samples_at_once<network<small, shape<48, 48, 15>>, backend::simd, float>(32) == 32);
// each part would read all the parameters
inline constexpr auto large_head = [](value x) { return dense<100>(flatten(small(x))); };
static_assert(detail::samples_at_once<network<large_head, shape<48, 48, 17>>, backend::simd, float>(32) == 32);
// what is of the whole batch
inline constexpr auto against_the_mean = [](value x) { return x - batch_mean(x, axes(0, 1)); };
static_assert(detail::samples_at_once<network<against_the_mean, shape<200, 200, 3>>, backend::simd, float>(32) == 32);

std::vector<std::uint8_t> images(int samples) {
    std::vector<std::uint8_t> x(static_cast<std::size_t>(samples) * 48 * 48 * 4);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<std::uint8_t>(i * i % 251 + i / 9216);
    return x;
}
std::vector<float> shifts(int samples) {
    std::vector<float> x(static_cast<std::size_t>(samples) * 3);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(2.3f * static_cast<float>(i));
    return x;
}

TEST(in_parts, any_number_of_samples_has_the_results_of_each_alone) {
    static photo_model<20> many(3);
    static photo_model<1> single(3);
    const auto image = images(20);
    const auto shift = shifts(20);
    for (int count : {1, 6, 7, 8, 14, 20}) {
        const auto n = static_cast<std::size_t>(count);
        const auto seen = many(std::span(image).first(n * 9216), std::span(shift).first(n * 3));
        const auto logits = many.output(1);
        const auto best = many.index_output(2);
        const auto bytes = many.result<3>();
        ASSERT_EQ(seen.size(), n * 48 * 48 * 2);
        ASSERT_EQ(logits.count, count);
        for (std::size_t s = 0; s < n; ++s) {
            const auto alone = single(std::span(image).subspan(s * 9216, 9216), std::span(shift).subspan(s * 3, 3));
            for (std::size_t i = 0; i < alone.size(); ++i)
                ASSERT_NEAR(seen[s * alone.size() + i], alone[i], 1e-5) << count << " " << s << " " << i;
            for (std::size_t k = 0; k < 3; ++k) {
                EXPECT_NEAR(logits[s * 3 + k], single.output(1)[k], 1e-5);
                EXPECT_NEAR(bytes[s * 3 + k], single.result<3>()[k], 1);
            }
            EXPECT_EQ(best[s], single.index_output(2)[0]);
        }
    }
}

TEST(in_parts, any_number_of_threads_has_the_same_bits) {
    static photo_model<20> m(3);
    const auto image = images(20);
    const auto shift = shifts(20);
    const auto first = m(image, shift);
    const std::vector<float> seen(first.begin(), first.end());
    detail::simd::threads::set_count(3);
    EXPECT_TRUE(std::ranges::equal(m(image, shift), seen));
    detail::simd::threads::set_count(1);
}

TEST(in_parts_death, the_model_s_own_results_are_no_input) {
    static photo_model<20> m(3);
    const auto image = images(5);
    m(image, shifts(5));
    EXPECT_DEATH(m(image, m.output(1)), "expected memory that the call does not write");
    EXPECT_DEATH(m(images(21), shifts(21)), "expected 1 to 20 samples, found 21");
}

}  // namespace
