// change_of_parameters: the way in for what fills parameters as a whole, fold and load. A model that keeps some of them
// packed makes those anew when the change ends.
#pragma once
#include <cstddef>
#include <span>

namespace tessera::detail {

// what has parameters of its own: a model that does not borrow, or weights
template <class Model>
concept owns_parameters = requires { requires !Model::borrows; };

template <class Model> class change_of_parameters {
  public:
    constexpr explicit change_of_parameters(Model& model) : model_(model) { model.require_present(); }
    change_of_parameters(const change_of_parameters&) = delete;
    change_of_parameters& operator=(const change_of_parameters&) = delete;
    constexpr ~change_of_parameters() { model_.pack_parameters(); }

    constexpr std::span<typename Model::real_type> parameters() noexcept {
        return {model_.variables_.parameters.data(), static_cast<std::size_t>(Model::network_type::parameter_elements)};
    }

  private:
    Model& model_;
};

}  // namespace tessera::detail
