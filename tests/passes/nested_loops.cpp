// Gradients through loops in the bodies of loops.
#include <gtest/gtest.h>

#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/train.hpp>
#include <tessera/train/gradient_check.hpp>

namespace losses_of_tests {

// a loss without a target
struct sum_of_outputs {
    static constexpr bool takes_labels = false;

    static constexpr tessera::value apply(tessera::graph&, const tessera::values& outputs) {
        return tessera::sum(tessera::square(outputs[0]));
    }
};

}  // namespace losses_of_tests

namespace {

using namespace tessera;

// each element of a sequence is a sequence: (T, S, 2); the inner recurrence begins with what the outer one carries
inline constexpr auto nested = [](value x) {
    const value w = parameter("w", {2, 2}, initial::normal(0.5)).with(x), b = parameter("b", {2}).with(x);
    const auto inner = [&](value h, value u) { return tanh(einsum("i,io->o", h, w) + u * b + u); };
    const auto outer = [&](value h, value row) {
        return reshape(slice(scan(inner, h, row), 0, row.extent(0) - 1, 1), {2});  // the last of (S, 2)
    };
    return scan(outer, constant({0.5, -0.25}, {2}).with(x), x);  // (T, 2)
};
// three deep, with a reversed one in the middle, and values of outer bodies read inside
inline constexpr auto deep = [](value x) {
    const value w = parameter("w", {}, initial::constant(0.7)).with(x);
    const auto third = [&](value h, value u) { return h * w + sin(u); };
    const auto second = [&](value h, value row) {
        const value scaled = row * h;
        return h + mean(scan(third, h * 0.5, scaled), all);
    };
    const auto first = [&](value h, value plane) {
        return mean(scan(second, h * w, plane, {.from_the_end = true}), all) + h * 0.1;
    };
    return scan(first, sum(x * 0.0 + 0.1, all), x);
};
// a loop in the body whose result alone depends on parameters, and one that nothing is wanted of
inline constexpr auto beside = [](value x) {
    const value w = parameter("w", {2}, initial::constant(0.3)).with(x);
    const auto outer = [&](value h, value row) {
        const value counted = scan([](value c, value) { return c + 1; }, h * 0.0, row);
        return h * w + mean(scan([&](value g, value u) { return g * 0.5 + u * w; }, h * 0.0, row), axes(0)) +
               mean(counted, axes(0));
    };
    return scan(outer, mean(x, axes(0, 1)), x);
};

struct of_nested : network<nested, shape<3, 4, 2>> {};
struct of_deep : network<deep, shape<2, 3, 4>> {};
struct of_beside : network<beside, shape<3, 2, 2>> {};

template <class Net> class nested_loops : public testing::Test {};
using networks = testing::Types<of_nested, of_deep, of_beside>;
TYPED_TEST_SUITE(nested_loops, networks);

TYPED_TEST(nested_loops, have_the_gradients_of_differences) {
    const gradient_check_result found = gradient_check<TypeParam>();
    EXPECT_LT(found.error, 1e-6) << found.where << " " << found.index << ": " << found.analytic << " for "
                                 << found.numeric;
    EXPECT_GT(found.checked, 8);
}

// the simd backend gives what the reference gives, in a training step
TYPED_TEST(nested_loops, train_alike_on_both_backends) {
    const auto gradients_of = [](auto backend, auto number) {
        using trained = model<TypeParam, decltype(backend), batch<2>, decltype(number)>;
        auto m = std::make_unique<trained>();
        auto t = std::make_unique<trainer<trained, losses_of_tests::sum_of_outputs, sgd>>(*m);
        std::vector<decltype(number)> x(2 * static_cast<std::size_t>(TypeParam::table.inputs[0].shape.size()));
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] = static_cast<decltype(number)>(0.1 * static_cast<double>(i % 7) - 0.2);
        t->compute(x);
        return std::vector<double>(t->gradients().begin(), t->gradients().end());
    };
    const auto simd = gradients_of(backend::simd{}, 0.0F), wanted = gradients_of(backend::scalar_on_heap{}, 0.0);
    for (std::size_t i = 0; i < wanted.size(); ++i)
        EXPECT_NEAR(simd[i], wanted[i], 1e-4 * (1 + std::abs(wanted[i]))) << i;
}

}  // namespace
