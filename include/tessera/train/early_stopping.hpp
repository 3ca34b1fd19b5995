// early_stopping<Model>: keeps the best parameters and states of a run, and says when it no longer gets better.
//
//   observe(model, loss)   true where this is the best so far, as best_loss says
//   exhausted()            the last `patience` observations, or more, were not better
//   restore(model)         back to the best one; nothing where none was any good
//
// With a patience of 0 it only compares: nothing is kept, nothing restored, and it is never exhausted.
// Cost    a copy of parameters and states.
#pragma once
#include <tessera/train/best_loss.hpp>
#include <tessera/train/kept_variables.hpp>

namespace tessera {

template <class Model> class early_stopping {
  public:
    early_stopping(int patience, double least_gain) : keeps_(patience > 0), best_(patience, least_gain) {}

    bool observe(const Model& model, double loss) {
        if (!best_.observe(loss)) return false;
        if (keeps_) kept_.keep(model);
        return true;
    }
    bool exhausted() const { return best_.exhausted(); }
    void restore(Model& model) const { kept_.put_back(model); }

  private:
    bool keeps_;
    best_loss best_;
    kept_variables<Model> kept_;
};

}  // namespace tessera
