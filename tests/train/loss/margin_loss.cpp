#include <tessera/train/loss/margin_loss.hpp>

#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../reference_case.hpp"
#include "loss_run.hpp"

namespace tessera {
namespace {

struct five : network<identity, shape<5>> {};
struct two_places : network<identity, shape<2, 3>> {};
struct lengths_and_picture : network<fork(identity, identity), shape<5>> {};
struct number : network<identity, shape<>> {};

TEST(margin_loss, equals_the_reference) {
    const reference_case wanted("loss_margin");
    loss_run<five, margin_loss, 6> run;
    run.real(0) = wanted.numbers("input");
    run.labels(1) = wanted.integers("target");
    run();
    expect_near({run.loss()}, wanted.numbers("output"));
    expect_near(run.gradient(0), wanted.numbers("gradient.input"));
}

TEST(margin_loss, has_the_gradient_of_central_differences) {
    EXPECT_LT((gradient_check<five, margin_loss>().error), 1e-6);
    EXPECT_LT((gradient_check<two_places, margin_loss_with<0.8, 0.2, 0.3, 0.5>>().error), 1e-6);
    EXPECT_LT((gradient_check<lengths_and_picture, margin_and_picture<0.1>>().error), 1e-6);
}

TEST(margin_loss, is_zero_on_the_margins_and_beyond) {
    loss_run<five, margin_loss, 1> run;
    run.real(0) = {0.9, 0.1, 0, 0.3, 0.05};
    run.labels(1) = {0};
    run();
    EXPECT_DOUBLE_EQ(run.loss(), 0.5 * (0.3 - 0.1) * (0.3 - 0.1));
    expect_near(run.gradient(0), {0, 0, 0, 0.2, 0});
}

// in the authors' code all of it is halved
TEST(margin_loss, has_a_factor) {
    loss_run<five, margin_loss, 1> paper;
    loss_run<five, margin_loss_with<0.9, 0.1, 0.5, 0.5>, 1> code;
    paper.real(0) = code.real(0) = {0.4, 0.7, 0.2, 0.9, 0.1};
    paper.labels(1) = code.labels(1) = {2};
    paper();
    code();
    EXPECT_DOUBLE_EQ(paper.loss(), 2 * code.loss());
}

TEST(margin_and_picture, adds_the_squares_of_what_the_picture_misses) {
    loss_run<lengths_and_picture, margin_and_picture<0.5>, 1> run;
    run.real(0) = {0.9, 0.1, 0.1, 0.1, 0.1};
    run.labels(1) = {0};
    run.real(2) = {0.9, 0.1, 0.1, 0.5, 0.1};
    run();
    EXPECT_NEAR(run.loss(), 0.5 * 0.16, 1e-15);
    expect_near(run.gradient(0), {0, 0, 0, -0.4, 0});
}

TEST(margin_loss, tells_what_it_wants) {
    EXPECT_EQ((fault_of<number, margin_loss>().expected.view()), "lengths (..., classes)");
    EXPECT_FALSE((fault_of<lengths_and_picture, margin_loss>().expected.empty()));
    EXPECT_FALSE((fault_of<five, margin_and_picture<>>().expected.empty()));
    EXPECT_TRUE((fault_of<lengths_and_picture, margin_and_picture<>>().expected.empty()));
}

}  // namespace
}  // namespace tessera
