// weights_view<net, real>: parameters of a network that are somebody else's, and the states they were trained with.
//
//     alignas(64) const float trained[gesture::parameter_elements] = {...};            // in flash
//     static model<gesture, backend::scalar, borrowed> recognise{weights_view<gesture>(trained)};
//
//     const weights_of<synthesiser> shared = ...;                                         // of many models: weights_of.hpp
//     model<synthesiser, streaming, borrowed> voice(shared);                           // workspace and states its own
//
// A model that borrows reads the parameters where they are: no copy is made, and its results are, bit for bit, those of
// a model that owns the same numbers. The layout is that of `parameters()` of any model of the network, padding
// included, whatever its backend. States are copied into the model, running statistics of batch norm for one; those that
// calls change are as at first. folded<net> usually has none.
//
// Lifetime   the numbers outlive the model and its copies, and stay where they are.
// Threads    any number of models, a thread each, may read one set of numbers, as long as nobody writes it.
// Errors     compile time: weights of another network or number type, weights that end with the statement. Run time,
//            stops with a message: another number of parameters or states, numbers that are not there, and on a backend
//            of vectors, such as simd, parameters that do not begin on a 64-byte boundary.
#pragma once
#include <concepts>
#include <cstdint>
#include <span>
#include <tessera/error/contract.hpp>
#include <tessera/program/options.hpp>
#include <type_traits>

namespace tessera {

namespace detail {

// a model, or weights
template <class T>
concept holds_parameters = requires(const T& t) {
    typename T::network_type;
    typename T::real_type;
    t.parameters();
    t.states();
};

}  // namespace detail

template <a_network Net, std::floating_point Real = float> class weights_view {
  public:
    using network_type = Net;
    using real_type = Real;

    // states: those of the network, where it has some
    constexpr explicit weights_view(std::span<const Real> parameters, std::span<const Real> states = {}) noexcept
        : parameters_(parameters), states_(states) {
        constexpr auto wanted = static_cast<std::size_t>(Net::parameter_elements);
        constexpr auto wanted_states = static_cast<std::size_t>(Net::state_elements);
        detail::require(parameters.size() == wanted, "weights_view, parameters", count_text(wanted).letters,
                        static_cast<long>(parameters.size()));
        detail::require(states.size() == wanted_states, "weights_view, states", count_text(wanted_states).letters,
                        static_cast<long>(states.size()));
    }
    // of weights, or of a model of the same network on any backend
    template <detail::holds_parameters Owner>
        requires(!std::same_as<Owner, weights_view>)
    constexpr weights_view(const Owner& owner) noexcept
        : weights_view(owner.parameters(), owner.states().first(static_cast<std::size_t>(Net::state_elements))) {
        static_assert(std::same_as<typename Owner::network_type, Net>,
                      "tessera: these weights are of another network than the model that borrows them");
        static_assert(std::same_as<typename Owner::real_type, Real>,
                      "tessera: these weights have another number type than the model that borrows them");
    }
    template <detail::holds_parameters Owner>
        requires(!std::same_as<Owner, weights_view>)
    constexpr weights_view(const Owner&&) noexcept {
        static_assert(!detail::holds_parameters<Owner>,
                      "tessera: these weights end with the statement, and the model that borrows them does not; "
                      "give them a name");
    }

    constexpr std::span<const Real> parameters() const noexcept { return parameters_; }
    constexpr std::span<const Real> states() const noexcept { return states_; }

    // for a model on a backend: vectors do not lie across lines of memory where parameters begin on one
    template <class Backend> constexpr void require_alignment() const noexcept {
        if (!Backend::fuses || std::is_constant_evaluated() || parameters_.empty()) return;
        const auto past = static_cast<long>(reinterpret_cast<std::uintptr_t>(parameters_.data()) % 64);
        detail::require(past == 0, "borrowed parameters", "numbers that begin on a 64-byte boundary, alignas(64)",
                        (text("") + static_cast<int>(past) + std::string_view(" bytes after one")).letters);
    }

  private:
    static constexpr text count_text(std::size_t n) {
        return text() + static_cast<int>(n) + std::string_view(" numbers, as in those of a model, padding included");
    }

    std::span<const Real> parameters_, states_;
};

}  // namespace tessera
