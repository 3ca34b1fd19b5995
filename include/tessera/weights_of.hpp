// weights_of<net>: the parameters and states of a network, without what a call needs. Many models may borrow one set.
//
//     weights_of<synthesiser> trained;                       // on the heap; float unless weights_of<synthesiser, double>
//     load(trained, "synthesiser.safetensors");           // as into a model; fold(model, weights) and save do too
//     const weights_of<synthesiser>& shared = trained;
//     std::vector<model<synthesiser, streaming, borrowed>> voices(16, model<synthesiser, streaming, borrowed>(shared));
//
//     static constexpr weights_of<gesture, backend::scalar> in_flash = ...;   // inside the object, so read-only memory
//
// Options stand in any order: float or double, and a backend, of which only matters whether it uses the heap. A model
// borrows weights whatever its own backend is.
//
// Threads    models may borrow and be called from many threads while nobody writes the weights.
// Lifetime   weights outlive the models that borrow them. Weights that move take their numbers along on the heap:
//            models go on where the numbers are; inside the object, they must not move.
// Errors     compile time: an option of another kind, more than 4 MiB inside an object that may stand on a stack. Run
//            time: use after they were moved from stops with a message.
#pragma once
#include <algorithm>
#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>
#include <tessera/ir/initialise.hpp>
#include <tessera/model/buffer.hpp>
#include <tessera/model/change_of_parameters.hpp>
#include <tessera/model/largest_inside.hpp>
#include <tessera/model/moved_mark.hpp>
#include <tessera/model/state_numbers.hpp>
#include <tessera/model/variable_called.hpp>
#include <tessera/model/weights_view.hpp>

namespace tessera {

template <a_network Net, class Backend, std::floating_point Real> class basic_weights {
  public:
    using network_type = Net;
    using real_type = Real;
    static constexpr bool borrows = false;
    static constexpr long memory_bytes =
        (long{Net::parameter_elements} + long{Net::state_elements}) * static_cast<long>(sizeof(Real));

    // drawn from the layers' distributions, as those of a model with this seed
    constexpr explicit basic_weights(std::uint64_t seed = 0) {
        require_room();
        const auto& table = Net::table;
        detail::initialise(table.parameters, table.parameter_count, seed, parameters_.data());
        for (int i = 0; i < table.state_count; ++i)
            detail::with_state_numbers<detail::has_typed_states(Net::table)>(
                table.states[i], states_.data() + table.states[i].offset,
                [&](auto* first_of_state) { detail::initialise(table.states[i], i, 0, first_of_state); });
    }
    // a copy of a model's, or of what is viewed
    constexpr explicit basic_weights(weights_view<Net, Real> from) {
        require_room();
        std::ranges::copy(from.parameters(), parameters_.data());
        std::ranges::copy(from.states(), states_.data());
    }

    constexpr std::span<Real> parameters() noexcept {
        require_present();
        return {parameters_.data(), static_cast<std::size_t>(Net::parameter_elements)};
    }
    constexpr std::span<const Real> parameters() const noexcept {
        require_present();
        return {parameters_.data(), static_cast<std::size_t>(Net::parameter_elements)};
    }
    constexpr std::span<Real> states() noexcept {
        require_present();
        return {states_.data(), static_cast<std::size_t>(Net::state_elements)};
    }
    constexpr std::span<const Real> states() const noexcept {
        require_present();
        return {states_.data(), static_cast<std::size_t>(Net::state_elements)};
    }
    // one parameter by its path; one that is not there stops the program
    constexpr std::span<Real> parameter(std::string_view path) noexcept { return parameter_in(parameters(), path); }
    constexpr std::span<const Real> parameter(std::string_view path) const noexcept {
        return parameter_in(parameters(), path);
    }

  private:
    template <class T>
    static constexpr std::span<T> parameter_in(std::span<T> numbers, std::string_view path) noexcept {
        constexpr const auto& table = Net::table;
        return detail::variable_called("parameter", path, table, table.parameters, table.parameter_count, numbers);
    }
    static constexpr void require_room() {
        static_assert(Backend::uses_heap || memory_bytes <= detail::largest_inside<Backend>,
                      "tessera: these weights keep more than 4 MiB inside the object, too much for a stack; without a "
                      "backend they are on the heap, of backend::scalar_static the object is static");
    }
    constexpr void require_present() const noexcept {
        detail::require(!moved_.away(), "weights", "some that hold their numbers", "some that were moved from");
    }

    detail::buffer<Real, Net::parameter_elements, Backend::uses_heap> parameters_;
    detail::buffer<Real, Net::state_elements, Backend::uses_heap> states_;
    detail::moved_mark moved_;
};

namespace detail {

// nothing of weights is packed
template <class Net, class Backend, class Real> class change_of_parameters<basic_weights<Net, Backend, Real>> {
  public:
    constexpr explicit change_of_parameters(basic_weights<Net, Backend, Real>& w) noexcept
        : parameters_(w.parameters()) {}
    constexpr std::span<Real> parameters() noexcept { return parameters_; }

  private:
    std::span<Real> parameters_;
};

namespace program_options {

// stands for a backend where none is named
struct any_backend_with_heap {
    static constexpr bool uses_heap = true;
};

template <class Net, class... Options> struct basic_weights_of {
    static_assert(((role_of<Options> == role::backend || role_of<Options> == role::number) && ...),
                  "tessera: weights_of<net, options...>: an option is float, double or a backend");
    using of = checked<Options...>;
    using type = basic_weights<Net, typename of::template option<role::backend, any_backend_with_heap>,
                               typename of::template option<role::number, float>>;
};

}  // namespace program_options

}  // namespace detail

template <class Net, class... Options>
using weights_of = typename detail::program_options::basic_weights_of<Net, Options...>::type;

}  // namespace tessera
