// early_stopping<Model>: keeps the best parameters and states of a run, and says when it no longer gets better.
//
//   observe(model, loss)   true where this is the best so far. A loss is better when it is more than `least_gain` below
//                          the best one; NaN never is.
//   exhausted()            the last `patience` observations, or more, were not better
//   restore(model)         back to the best one
//
// With a patience of 0 it only compares: nothing is kept, nothing restored, and it is never exhausted.
// Cost    a copy of parameters and states.
#pragma once
#include <algorithm>
#include <vector>

namespace tessera {

template <class Model> class early_stopping {
  public:
    early_stopping(int patience, double least_gain) : patience_(patience), least_gain_(least_gain) {}

    bool observe(const Model& model, double loss) {
        const bool better = any_ ? loss < best_ - least_gain_ : loss == loss;
        since_best_ = better ? 0 : since_best_ + 1;
        if (!better) return false;
        any_ = true;
        best_ = loss;
        if (patience_ > 0) {
            parameters_.assign(model.parameters().begin(), model.parameters().end());
            states_.assign(model.states().begin(), model.states().end());
        }
        return true;
    }
    bool exhausted() const { return patience_ > 0 && since_best_ >= patience_; }
    void restore(Model& model) const {
        std::ranges::copy(parameters_, model.parameters().begin());
        std::ranges::copy(states_, model.states().begin());
    }

  private:
    using number = typename Model::real_type;

    int patience_;
    double least_gain_;
    bool any_ = false;
    double best_ = 0;
    int since_best_ = 0;
    std::vector<number> parameters_, states_;
};

}  // namespace tessera
