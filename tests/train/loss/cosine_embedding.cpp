#include <tessera/train/loss/cosine_embedding.hpp>

#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../reference_case.hpp"
#include "loss_run.hpp"

namespace tessera {
namespace {

struct pairs : network<identity, in<"one", shape<5>>, in<"other", shape<5>>> {};
struct unequal : network<identity, in<"one", shape<5>>, in<"other", shape<4>>> {};
struct single : network<identity, shape<5>> {};

TEST(cosine_embedding, equals_the_reference) {
    const reference_case wanted("loss_cosine_embedding");
    loss_run<pairs, cosine_embedding<>, 6> run;
    run.real(0) = wanted.numbers("input0");
    run.real(1) = wanted.numbers("input1");
    run.real(2) = wanted.numbers("target");
    run();
    expect_near({run.loss()}, wanted.numbers("output"), 1e-9);
    expect_near(run.gradient(0), wanted.numbers("gradient.input0"), 1e-9);
    expect_near(run.gradient(1), wanted.numbers("gradient.input1"), 1e-9);
}

TEST(cosine_embedding, has_the_gradient_of_central_differences) {
    EXPECT_LT((gradient_check<pairs, cosine_embedding<-0.5>>().error), 1e-6);
}

TEST(cosine_embedding, leaves_others_alone_below_the_margin) {
    loss_run<pairs, cosine_embedding<0.8>, 2> run;
    run.real(0) = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    run.real(1) = {3, 4, 0, 0, 0, 4, 3, 0, 0, 0};  // cosines 0.6 and 0.8
    run.real(2) = {-1, 1};
    run();
    EXPECT_NEAR(run.loss(), (0 + 0.2) / 2, 1e-11);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(run.gradient(0)[i], 0);
}

TEST(cosine_embedding, has_a_gradient_at_a_vector_of_zeros) {
    loss_run<pairs, cosine_embedding<>, 1> run;
    run.real(0) = {0, 0, 0, 0, 0};
    run.real(1) = {1, 2, 3, 4, 5};
    run.real(2) = {1};
    run();
    EXPECT_EQ(run.loss(), 1);
    for (double g : run.gradient(0)) EXPECT_TRUE(std::isfinite(g));
}

TEST(cosine_embedding, refuses_other_than_two_equal_outputs) {
    EXPECT_EQ((fault_of<single, cosine_embedding<>>().expected.view()), "two outputs (..., features)");
    EXPECT_EQ((fault_of<unequal, cosine_embedding<>>().expected.view()), "two outputs (..., features)");
    EXPECT_TRUE((fault_of<pairs, cosine_embedding<>>().expected.empty()));
}

}  // namespace
}  // namespace tessera
