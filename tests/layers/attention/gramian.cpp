// Gramian attention heads: extents, parameters, laws.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/attention/gramian_head.hpp>
#include <tessera/layers/attention/head_decorrelation.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>

#include "../../network_facts.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// --- gram_matrix, upper_triangle

static_assert(output_shape<network<gram_matrix, shape<3, 2, 5>>> == (extents{5, 5}));
static_assert(output_shape<network<upper_triangle, shape<5, 5>>> == extents{15});
static_assert(output_shape<network<(gram_matrix >> upper_triangle), shape<2, 192>>> == extents{18528});
static_assert(!mistake<gram_matrix, 5>().expected.empty());
static_assert(mistake<upper_triangle, 5, 4>().expected.view() == "a square matrix");

TEST(gram_matrix, is_symmetric_and_no_form_of_it_is_negative) {
    evaluation<network<gram_matrix, shape<3, 4>>> e;
    e.input() = {1, -2, 3, 0.5, 2, 1, -1, 0.25, 0, 4, 1, -3};
    e.run();
    const numbers& g = e.output();
    EXPECT_NEAR(g[0], 5.0 / 3, 1e-15);
    EXPECT_NEAR(g[1], 0, 1e-15);
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 4; ++j) EXPECT_EQ(g[4 * i + j], g[4 * j + i]);
    for (int k = 0; k < 20; ++k) {
        double form = 0;
        const auto z = [&](std::size_t i) { return std::sin(2.3 * k + 1.1 * static_cast<double>(i * i)); };
        for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t j = 0; j < 4; ++j) form += z(i) * g[4 * i + j] * z(j);
        EXPECT_GE(form, -1e-14);
    }
}
TEST(upper_triangle, is_read_row_by_row) {
    static model<network<upper_triangle, shape<3, 3>>, backend::scalar, batch<1>, double,
                 gradients_of<weighted_outputs>>
        m;
    m(numbers{1, 2, 3, 4, 5, 6, 7, 8, 9}, numbers{1, 2, 3, 4, 5, 6});
    const double read[] = {1, 2, 3, 5, 6, 9}, given[] = {1, 2, 3, 0, 4, 5, 0, 0, 6};
    for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(m.output()[i], read[i]);
    for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(m.gradient<0>()[i], given[i]);
}

// --- gramian_token, gramian_head

static_assert(network<(gramian_token<768, 8>), shape<2, 192>>::parameter_count == 18528 / 8 * 768 + 3 * 768);
static_assert(!mistake<gramian_token<8>, 2, 5>().expected.empty());  // 15 numbers
static_assert(!mistake<gramian_token<8>, 5>().expected.empty());
struct head : network<(gramian_head<4, 6, 2, 2, 2>), shape<3, 2, 8>> {};
static_assert(output_shape<head> == extents{8});
static_assert(head::parameter_count == (8 * 4 + 4 + 2 * 4) + (49 * 4 + 4 + 2 * 4 + 2 * 4 * 16 + 16 + 4 + 4) +
                                           (10 * 4 + 3 * 8) + 2 * 16 + (4 * 8 * 6 + 8) + (2 * 2 * 4 * 16 + 32 + 8) +
                                           2 * 8);
static_assert(mistake<(gramian_head<4, 6, 2, 2, 2>), 3, 7>().expected.view() == "channels divisible by 2 and 2");

// What is brought to length 1 does not grow with the image.
TEST(gramian_token, takes_no_notice_of_how_bright_an_image_is) {
    static model<network<(gramian_token<4, 2>), shape<3, 3>>, backend::scalar, batch<1>, double> m;
    const auto token_of = [](double factor) {
        numbers x(9);
        for (std::size_t i = 0; i < 9; ++i) x[i] = factor * std::sin(1.7 * static_cast<double>(i));
        m(x);
        return numbers(m.output().begin(), m.output().end());
    };
    const numbers plain = token_of(1), bright = token_of(50);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(plain[i], bright[i], 1e-14);
    EXPECT_GT(std::abs(plain[0] - plain[1]), 1e-3);
}

// --- head_decorrelation

inline constexpr auto of_two = [](value x) {
    return head_decorrelation(values{reshape(slice(x, 0, 0, 1), {-1}), reshape(slice(x, 0, 1, 1), {-1})});
};
static_assert(mistake<of_two, 2, 3>().expected.empty());
inline constexpr auto of_matrices = [](value x) { return head_decorrelation(values{x, x}); };
static_assert(mistake<of_matrices, 2, 3>().expected.view() == "logits (classes)");
TEST(head_decorrelation, is_zero_where_heads_agree_and_has_the_gradient_of_its_formula) {
    evaluation<network<of_two, shape<2, 2>>> e;
    e.input() = {1, 2, 1, 2};
    e.run();
    EXPECT_NEAR(e.output()[0], 0, 1e-15);
    e.input() = {0, std::log(3.0), 0, std::log(3.0) + 2};
    e.run();
    const auto second = [](double logit) { return 1 / (1 + std::exp(-logit)); };
    const double p = second(std::log(3.0) + 1), q[] = {second(std::log(3.0)), second(std::log(3.0) + 2)};
    double wanted = 0;
    for (std::size_t k = 0; k < 2; ++k) {
        wanted += p * std::log(p / q[k]) + (1 - p) * std::log((1 - p) / (1 - q[k]));
        EXPECT_NEAR(e.input_gradient()[2 * k + 1], q[k] - p, 1e-14);
        EXPECT_NEAR(e.input_gradient()[2 * k], p - q[k], 1e-14);
    }
    EXPECT_NEAR(e.output()[0], wanted, 1e-14);
}

// The token asks, it and the positions are looked at: attention of a class token to an image, as others have it.
TEST(gramian_head, of_one_head_is_class_attention) {
    constexpr std::size_t c = 8, e = 6, places = 7;  // the token and six positions
    evaluation<network<(gramian_head<4, 6, 1, 2, 2>), shape<3, 2, 8>>> net;
    const auto fill = [](numbers& of, double factor) {
        for (std::size_t i = 0; i < of.size(); ++i) of[i] = std::sin(factor * static_cast<double>(i * i + 1));
    };
    for (const char* own : {"query", "key", "value", "out", "out_bias", "contract", "gramian_token.weight"})
        fill(net.parameter(own), 1.3 + own[0]);
    fill(net.input(), 0.7);
    for (double& s : net.parameter("scale_think")) s = 0;
    for (double& s : net.parameter("scale_look")) s = 0;
    net.run();
    const numbers token = net.output();
    for (double& s : net.parameter("scale_look")) s = 1;
    net.run();

    numbers rows = token;  // (places, c), each row normalised
    rows.insert(rows.end(), net.input().begin(), net.input().end());
    for (std::size_t t = 0; t < places; ++t) {
        double mean = 0, variance = 0;
        for (std::size_t i = 0; i < c; ++i) mean += rows[t * c + i] / c;
        for (std::size_t i = 0; i < c; ++i) variance += (rows[t * c + i] - mean) * (rows[t * c + i] - mean) / c;
        for (std::size_t i = 0; i < c; ++i) rows[t * c + i] = (rows[t * c + i] - mean) / std::sqrt(variance + 1e-5);
    }
    const auto of_row = [&](std::size_t t, const char* weight, std::size_t feature) {
        double sum = 0;
        for (std::size_t i = 0; i < c; ++i) sum += rows[t * c + i] * net.parameter(weight)[i * e + feature];
        return sum;
    };
    numbers weights(places), seen(e);
    double total = 0;
    for (std::size_t t = 0; t < places; ++t) {
        double score = 0;
        for (std::size_t k = 0; k < e; ++k) score += of_row(0, "query", k) * of_row(t, "key", k);
        total += weights[t] = std::exp(score / std::sqrt(6.0));
    }
    for (std::size_t t = 0; t < places; ++t)
        for (std::size_t k = 0; k < e; ++k) seen[k] += weights[t] / total * of_row(t, "value", k);
    for (std::size_t i = 0; i < c; ++i) {
        double wanted = token[i] + net.parameter("out_bias")[i];
        for (std::size_t k = 0; k < e; ++k) wanted += seen[k] * net.parameter("out")[k * c + i];
        EXPECT_NEAR(net.output()[i], wanted, 1e-12) << i;
    }
    EXPECT_LT(*std::max_element(weights.begin(), weights.end()) / total, 0.99);  // it looks at more than one place
}

TEST(gramian_head, has_an_exact_gradient) {
    const auto found = gradient_check<head>({.positions = 4});
    EXPECT_LT(found.error, 1e-6) << found.where << " " << found.index;
}

}  // namespace
