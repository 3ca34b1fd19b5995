// best_loss: the lowest loss of a run, and whether it is still getting lower.
//
//   observe(loss)   true where this is the best so far. A loss is better when it is more than `least_gain` below the
//                   best one; NaN never is, nor is an infinite loss that comes first.
//   exhausted()     the last `patience` observations, or more, were not better; never with a patience of 0
#pragma once
#include <limits>

namespace tessera {

class best_loss {
  public:
    constexpr best_loss(int patience, double least_gain) : patience_(patience), least_gain_(least_gain) {}

    constexpr bool observe(double loss) {
        const bool better = loss < (any_ ? best_ - least_gain_ : std::numeric_limits<double>::infinity());
        since_best_ = better ? 0 : since_best_ + 1;
        if (!better) return false;
        any_ = true;
        best_ = loss;
        return true;
    }
    constexpr bool exhausted() const { return patience_ > 0 && since_best_ >= patience_; }
    constexpr bool any() const { return any_; }

  private:
    int patience_;
    double least_gain_;
    bool any_ = false;
    double best_ = 0;
    int since_best_ = 0;
};

}  // namespace tessera
