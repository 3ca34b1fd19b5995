// Gradients against central differences of the oracle, along random directions: of all parameters and inputs together,
// and of each alone.
//
// Where the loss has a kink within the step, which its one-sided differences tell, nothing is compared.
#pragma once
#include <sstream>
#include <string>

#include "oracle/evaluate.hpp"

namespace tessera::random_networks {

using namespace detail;

struct difference_report {
    std::string fault;
    long compared = 0, skipped = 0;
};

class difference_check {
    using list = std::vector<std::vector<double>>;
    using bounds = std::vector<numbers>;

  public:
    difference_check(const graph& forward, const given& in, const bounds& of_parameters, const bounds& of_inputs,
                     std::uint64_t seed)
        : g_(forward), in_(in), of_parameters_(of_parameters), of_inputs_(of_inputs), seed_(seed) {}

    difference_report run() {
        double at_base = 0;
        finite_ = true;
        if (!loss(in_, at_base)) return {{}, 0, 1};

        const int roots = static_cast<int>(of_parameters_.size() + of_inputs_.size());
        check(-1, at_base);
        for (int root = 0; root < roots && result_.fault.empty(); ++root)
            if (!gradient_of(root).empty()) check(root, at_base);
        return result_;
    }

  private:
    const numbers& gradient_of(int root) const {
        const auto i = static_cast<std::size_t>(root);
        return i < of_parameters_.size() ? of_parameters_[i] : of_inputs_[i - of_parameters_.size()];
    }
    // the mean over the samples
    bool loss(const given& in, double& mean) {
        const evaluated e = oracle(g_, in, precision::of<double>(), &held_).run();
        const numbers& l = e.made[static_cast<std::size_t>(g_.losses[0])];
        mean = 0;
        for (const numbers& n : e.made)
            for (const bounded& x : n) finite_ = finite_ && x.finite();
        for (const bounded& x : l) {
            if (!x.finite()) return false;
            mean += x.value / static_cast<double>(l.size());
            rounding_ = std::max(rounding_, x.error);
        }
        return true;
    }

    void check(int root, double at_base) {
        list d_parameters, d_inputs;
        double slope = 0, scale = 0, rounding = 0;  // of the gradients
        int number = 0;
        const auto draw = [&](const bounds& gradients, const list& like, list& to) {
            for (std::size_t i = 0; i < like.size(); ++i, ++number) {
                to.emplace_back(like[i].size(), 0.0);
                if ((root >= 0 && root != number) || gradients[i].empty()) continue;
                for (std::size_t k = 0; k < like[i].size(); ++k) {
                    const double d = normal_number(seed_, 5000 + static_cast<std::uint64_t>(number), k);
                    to[i][k] = d;
                    slope += d * gradients[i][k].value;
                    scale += std::abs(d * gradients[i][k].value);
                    rounding += std::abs(d) * gradients[i][k].error;
                }
            }
        };
        draw(of_parameters_, in_.parameters, d_parameters);
        draw(of_inputs_, in_.inputs, d_inputs);
        const auto moved = [&](double h, double& value) {
            given in = in_;
            for (std::size_t i = 0; i < d_parameters.size(); ++i)
                for (std::size_t k = 0; k < d_parameters[i].size(); ++k) in.parameters[i][k] += h * d_parameters[i][k];
            for (std::size_t i = 0; i < d_inputs.size(); ++i)
                for (std::size_t k = 0; k < d_inputs[i].size(); ++k) in.inputs[i][k] += h * d_inputs[i][k];
            return loss(in, value);
        };
        double worst = infinite, numeric = 0;
        rounding_ = 0;
        for (double h : {1e-4, 1e-5, 1e-6}) {
            double up = 0, down = 0, near_up = 0, near_down = 0;
            if (!moved(h, up) || !moved(-h, down) || !moved(h / 2, near_up) || !moved(-h / 2, near_down)) continue;
            const double wide = (up - down) / (2 * h), narrow = (near_up - near_down) / h;
            const double bend = (up - 2 * at_base + down) / h, near_bend = 2 * (near_up - 2 * at_base + near_down) / h;
            const double size = std::max({std::abs(wide), scale, 1e-3});
            const double noise = 2 * rounding_ / h + rounding;
            if (!(noise < 0.01 * size)) continue;
            const bool kink = std::abs(near_bend) > 0.7 * std::abs(bend) && std::abs(bend) > 1e-4 * size + noise;
            if (kink || std::abs(wide - narrow) > 1e-4 * size + noise) continue;
            if (!std::isfinite(slope)) {
                if (!finite_) continue;  // a weight of 0 may be multiplied with what is no number
                worst = 1;
                numeric = narrow;
                break;
            }
            const double error = std::abs(narrow - slope) - 10 * std::abs(wide - narrow) - noise;
            if (error / size < worst) {
                worst = error / size;
                numeric = narrow;
            }
            if (worst < 1e-5) break;
        }
        if (worst == infinite) {
            ++result_.skipped;
            return;
        }
        ++result_.compared;
        if (worst < 1e-4) return;
        std::ostringstream says;
        says.precision(10);
        says << (root < 0 ? std::string("all together")
                 : root < static_cast<int>(of_parameters_.size())
                     ? "parameter " + std::to_string(root)
                     : "input " + std::to_string(root - static_cast<int>(of_parameters_.size())))
             << ": " << slope << ", difference " << numeric << ", terms up to " << scale;
        result_.fault = says.str();
    }

    const graph& g_;
    const given& in_;
    const bounds &of_parameters_, &of_inputs_;
    std::uint64_t seed_;
    double rounding_ = 0;  // of the losses
    bool finite_ = true;   // all values of the forward half
    held_values held_;
    difference_report result_;
};

inline difference_report compare_with_differences(const graph& forward, const given& in,
                                                  const std::vector<numbers>& of_parameters,
                                                  const std::vector<numbers>& of_inputs, std::uint64_t seed) {
    return difference_check(forward, in, of_parameters, of_inputs, seed).run();
}

}  // namespace tessera::random_networks
