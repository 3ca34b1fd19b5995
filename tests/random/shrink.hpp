// shrink: a recipe that fails made smaller for as long as it fails in the same way: fewer steps, inputs, outputs,
// smaller extents, numbers of 0.
#pragma once
#include <functional>
#include <string>

#include "recipe.hpp"

namespace tessera::random_networks {

using namespace detail;

class shrinking {
  public:
    // what is wrong with a recipe; empty if nothing is
    using judge = std::function<std::string(const recipe&)>;

    shrinking(recipe r, judge j) : best_(r), judge_(std::move(j)), kind_(kind_of(judge_(r))) {}

    recipe run(int most_attempts = 3000) {
        attempts_ = most_attempts;
        while (one_round() && attempts_ > 0) {}
        return best_;
    }

  private:
    // "inference, simd float", "gradient against differences"
    static std::string kind_of(const std::string& fault) {
        return fault.substr(0, fault.find_first_of(":(0123456789"));
    }

    bool keeps_failing(const recipe& r) {
        if (r == best_ || attempts_-- <= 0) return false;
        const std::string fault = judge_(r);
        if (fault.empty() || kind_of(fault) != kind_) return false;
        best_ = r;
        return true;
    }
    // whether anything got smaller
    bool one_round() {
        const recipe before = best_;
        for (int steps : {best_.step_count / 2, best_.step_count - 1}) {
            recipe r = best_;
            r.step_count = steps;
            if (steps >= 0) keeps_failing(r);
        }
        for (int k = best_.step_count - 1; k >= 0; --k) {
            recipe r = best_;
            r.steps[k].dropped = true;
            keeps_failing(r);
        }
        for (int i = 0; i < best_.output_count && best_.output_count > 1; ++i) {
            recipe r = best_;
            for (int k = i; k + 1 < r.output_count; ++k) r.outputs[k] = r.outputs[k + 1];
            --r.output_count;
            keeps_failing(r);
        }
        for (int i = best_.input_count - 1; i > 0; --i) {
            recipe r = best_;
            for (int k = i; k + 1 < r.input_count; ++k) r.inputs[k] = r.inputs[k + 1];
            --r.input_count;
            keeps_failing(r);
        }
        for (int i = 0; i < best_.input_count; ++i) {
            recipe r = best_;
            if (r.inputs[i].rank > 0) --r.inputs[i].rank;
            keeps_failing(r);
            for (int a = 0; a < best_.inputs[i].rank; ++a)
                for (int size : {1, 2, best_.inputs[i].size_of[a] - 1}) {
                    r = best_;
                    if (size < 1 || size >= r.inputs[i].size_of[a]) continue;
                    if (r.temporal && a == 0)
                        for (input_recipe& in : r.inputs) in.size_of[0] = size;
                    else
                        r.inputs[i].size_of[a] = size;
                    keeps_failing(r);
                }
        }
        for (int k = 0; k < best_.step_count; ++k)
            for (int n = 0; n < step_recipe::length && !best_.steps[k].dropped; ++n) {
                recipe r = best_;
                r.steps[k].numbers[n] = 0;
                if (!keeps_failing(r)) {
                    r.steps[k].numbers[n] = best_.steps[k].numbers[n] % 64;
                    keeps_failing(r);
                }
            }
        return !(best_ == before);
    }

    recipe best_;
    judge judge_;
    std::string kind_;
    int attempts_ = 0;
};

}  // namespace tessera::random_networks
