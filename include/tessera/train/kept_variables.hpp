// kept_variables<Model>: a copy of a model's parameters and states, to be put back.
//
// Cost    the memory of both; nothing before the first keep, and put_back then does nothing.
#pragma once
#include <algorithm>
#include <vector>

namespace tessera {

template <class Model> class kept_variables {
  public:
    void keep(const Model& model) {
        parameters_.assign(model.parameters().begin(), model.parameters().end());
        states_.assign(model.states().begin(), model.states().end());
    }
    void put_back(Model& model) const {
        std::ranges::copy(parameters_, model.parameters().begin());
        std::ranges::copy(states_, model.states().begin());
    }

  private:
    using number = typename Model::real_type;

    std::vector<number> parameters_, states_;
};

}  // namespace tessera
