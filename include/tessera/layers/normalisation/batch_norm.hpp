// batch_norm: each channel brought to mean 0 and variance 1 over the batch and all positions.
//
//   in      x (positions..., C)
//   out     y (positions..., C)
//
//   y = (x - mean) / sqrt(variance + epsilon) weight + bias
//
// Training takes mean and variance from the batch, and moves the running ones by the momentum towards them;
// inference takes the running ones, which make one product and one sum of it. The running variance takes the unbiased
// batch variance, n / (n - 1) times the biased one that y is divided by; of a single element it is 0.
//
// Options     batch_norm_with<Epsilon, Momentum>; 1e-5 and 0.1. batch_norm_from<W> begins with the weight W; 0 in the
//             last norm of a residual makes that begin as the identity.
// Parameters  weight (C), 1; bias (C), 0; both spared by weight decay.
// State       running_mean (C), 0; running_var (C), 1.
// Gradient    exact, through the statistics of the batch.
// Cost        training: four passes over x; inference: two operations an element.
// Errors      compile time: an input of rank 0; Epsilon <= 0; Momentum outside 0 to 1.
// Source      Ioffe, Szegedy 2015, "Batch Normalization".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/normalise.hpp>
#include <tessera/ir/operations/store.hpp>

namespace tessera {

template <double Epsilon = 1e-5, double Momentum = 0.1, double Weight = 1.0>
struct batch_norm_layer : layer_base<batch_norm_layer<Epsilon, Momentum, Weight>> {
    static_assert(Epsilon > 0, "batch_norm: Epsilon must be positive");
    static_assert(Momentum >= 0 && Momentum <= 1, "batch_norm: Momentum must lie between 0 and 1");
    static constexpr std::string_view name = "batch_norm";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1, "channels on the last axis")) return x;
        const extents channels{x.extent(-1)};
        const value weight = parameter("weight", channels, initial::constant(Weight)).no_weight_decay().with(x);
        const value bias = parameter("bias", channels).no_weight_decay().with(x);
        const value running_mean = state("running_mean", channels, 0).with(x);
        const value running_var = state("running_var", channels, 1).with(x);
        if (!x.training()) {
            const value scale = weight * rsqrt(running_var + Epsilon);
            return x * scale + (bias - running_mean * scale);
        }
        const detail::normalised n = detail::normalise(x, leading.of(x.rank()), true, Epsilon);
        follow(running_mean, reshape(n.mean, channels));
        follow(running_var, unbiased(reshape(n.variance, channels), x));
        return n.y * weight + bias;
    }

  private:
    static constexpr void follow(value running, value batch) {
        update(running, (1 - Momentum) * running + Momentum * batch);
    }
    // n / (n - 1) = 1 / (1 - 1 / n), where n counts the samples present and is known at run time only. 1 - 1 / n is at
    // least 1 / 2, but for a single element, whose variance is 0 whatever it is divided by.
    static constexpr value unbiased(value variance, value x) {
        const int positions = x.size() / x.extent(-1);
        detail::node samples;
        samples.kind = detail::op::inverse_count;
        const value one_sample = x.batched() ? add_node(*x.owner, samples) : constant(*x.owner, 1);
        return variance / maximum(1 - one_sample * (1.0 / positions), 0.5);
    }
};

inline constexpr batch_norm_layer<> batch_norm{};
template <double Epsilon, double Momentum = 0.1> inline constexpr batch_norm_layer<Epsilon, Momentum> batch_norm_with{};
template <double Weight> inline constexpr batch_norm_layer<1e-5, 0.1, Weight> batch_norm_from{};

}  // namespace tessera
