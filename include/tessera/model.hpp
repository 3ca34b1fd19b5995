// model: a network with its parameters, ready to be called.
//
//     model<digits> classify;                    // float, the SIMD backend, one sample
//     load(classify, "digits.safetensors");
//     auto logits = classify(image);             // a view, valid until the next call
//     model<digits, batch<32>, double> many;     // options in any order: see program/options.hpp
//     model<digits, borrowed> voice(trained);    // of weights_of<digits> or in flash: see model/weights_view.hpp
//
// Whatever the order of the options, the type is one basic_model<net, backend, batch<N>, real, mode>, which functions
// of a model of any network deduce from; of one that borrows, basic_model<net, backend, batch<N>, real, mode, borrowed>.
//
//     model<voice, streaming, batch<8>> rooms;   // up to eight streams, a frame of each a call; reset(3) begins one again
//
// Inputs are contiguous ranges (std::array, std::vector, std::span, xtensor): one after another the samples of a batch,
// each row-major with the features last. How many samples a call holds follows from the size of the first input.
//
// A call takes no memory, does no I/O and does not throw. Buffers belong to the model: on the heap, allocated when it
// is made, or inside the object where the backend may not use a heap.
// A model that was moved from holds nothing: it stops with a message, until another one is assigned to it.
//
// Threads  a call writes into the model, so a model runs one at a time: for several threads a copy each, or a lock
//          around the call and the use of its result. Different models may be called at the same time, those that
//          borrow the same parameters too.
// Errors   a call with a wrong size, with an index outside its table, or during another of the same model, and a
//          parameter, state or output that is not there, stop the program with a message; taps and named outputs do so
//          when compiling, as does a model of more than 4 MiB inside the object.
#pragma once
#include <concepts>
#include <span>
#include <tessera/backend/instruction_set.hpp>
#include <tessera/call/inputs.hpp>
#include <tessera/call/one_call.hpp>
#include <tessera/error/contract.hpp>
#include <tessera/model/change_of_parameters.hpp>
#include <tessera/model/in_parts.hpp>
#include <tessera/model/largest_inside.hpp>
#include <tessera/model/moved_mark.hpp>
#include <tessera/model/state_numbers.hpp>
#include <tessera/model/variable_called.hpp>
#include <tessera/model/variables.hpp>
#include <tessera/model/weights_view.hpp>
#include <type_traits>

namespace tessera {

namespace detail {

// bytes that a model keeps of what is made of parameters before calls
template <class Program> inline constexpr long packed_bytes = 0;
template <class Program>
    requires(Program::graph.fixed_parameters && requires { Program::backend_type::template packed_bytes<Program>(); })
inline constexpr long packed_bytes<Program> = Program::backend_type::template packed_bytes<Program>();

struct nothing_packed {};

// The mode of a model that borrows: its parameters may change, so nothing is made of them ahead.
template <class Mode> struct borrowing : Mode {
    template <class Net> static constexpr graph prepare() {
        return with_parameters_fixed(Mode::template prepare<Net>(), false);
    }
};

template <class Mode>
concept a_mode_of_models = a_mode<Mode> && !requires { typename Mode::changes_parameters; };

}  // namespace detail

// of other arguments than a model takes: says which, and has nothing else that could go wrong
template <class Net, class Backend, class Batch, class Real, class Mode, class Holding = detail::owned>
class basic_model {
    static constexpr bool backend_is_included = requires { sizeof(Backend); };
    static_assert(backend_is_included,
                  "tessera: the backend is not included; include <tessera/tessera.hpp>, or name backend::scalar");
    static_assert(a_network<Net>, "tessera: model<net, options...>: the first is a network");
    static_assert(!a_mode<Mode> || detail::a_mode_of_models<Mode>,
                  "tessera: a model does not train itself; trainer<model, loss, optimiser> does");
};

template <a_network Net, a_backend Backend, a_batch Batch, std::floating_point Real, detail::a_mode_of_models Mode,
          detail::a_holding Holding>
class basic_model<Net, Backend, Batch, Real, Mode, Holding> {
    static constexpr bool packs = !Holding::borrows && detail::has_fixed_parameters<Net>;
    // a parameter, as it may be used through the model
    using parameter_type = std::conditional_t<Holding::borrows || packs, const Real, Real>;
    using run_mode =
        std::conditional_t<Holding::borrows && detail::has_fixed_parameters<Net>, detail::borrowing<Mode>, Mode>;
    // how many samples of a batch run together
    static constexpr int together = std::is_same_v<Mode, inference>
                                        ? detail::samples_at_once<Net, Backend, Real>(Batch::capacity)
                                        : Batch::capacity;
    static constexpr bool runs_in_parts = together < Batch::capacity;

  public:
    using network_type = Net;
    using backend_type = Backend;
    using batch_type = Batch;
    using real_type = Real;
    // what runs: of fewer samples than the capacity where a batch runs in parts, see model/in_parts.hpp
    using program_type =
        basic_program<Net, Backend, std::conditional_t<runs_in_parts, batch<together>, Batch>, Real, run_mode>;

  private:
    using called_type =
        std::conditional_t<runs_in_parts, detail::in_parts<program_type, Batch::capacity>, program_type>;

  public:
    static constexpr long parameter_count = Net::parameter_count;
    static constexpr int capacity = Batch::capacity;
    static constexpr long workspace_bytes = called_type::workspace_bytes;
    static constexpr long parameter_bytes = program_type::parameter_bytes;
    static constexpr long state_bytes = program_type::state_bytes;
    // of a folded network: weights in the order in which the backend reads them, and whole numbers that are made of them
    static constexpr long packed_bytes = detail::packed_bytes<program_type>;
    static constexpr bool borrows = Holding::borrows;
    // everything the model ever needs; parameters that are borrowed are not counted
    static constexpr long memory_bytes = workspace_bytes + (borrows ? 0 : parameter_bytes) + state_bytes + packed_bytes;

    // parameters drawn from the layers' distributions
    constexpr explicit basic_model(std::uint64_t seed = 0)
        requires(!borrows)
    {
        require_room();
        variables_.initialise(seed);
        pack_parameters();
    }
    // Parameters are read where they are, as long as the model is called. States are copied, but for those that calls
    // change: they are as at first.
    constexpr explicit basic_model(weights_view<Net, Real> from)
        requires borrows
    {
        require_room();
        from.template require_alignment<Backend>();
        variables_.borrow(from);
    }

    // the first output: real numbers, or whole ones where the network gives those
    template <class... Range> constexpr auto operator()(const Range&... input) noexcept {
        const detail::one_call alone(running_, "call of a model");
        detail::memory<Real> m = bound();
        detail::calls::bind_inputs<called_type>(m, input...);
        if constexpr (runs_in_parts)
            called_type::run(m);
        else
            Backend::template run<program_type>(m);
        count_ = m.count;
        return result<0>();
    }
    // an output of the last call
    constexpr output_view<Real> output(int i = 0) const noexcept {
        detail::require(is_output(i, element::real), "output of a model",
                        "the number of an output of real numbers of the network", i);
        return output_at(i);
    }
    constexpr output_view<std::int32_t> index_output(int i = 0) const noexcept {
        detail::require(is_output(i, element::int32), "index_output of a model",
                        "the number of an output of whole numbers of the network", i);
        return kept<element::int32>(i);
    }
    // by its number, of whatever element: output_view<std::int8_t> where the network quantises it
    template <int I> constexpr auto result() const noexcept {
        static_assert(I >= 0 && I < Net::table.output_count, "tessera: result<I>: the number of an output");
        return kept<program_type::graph.nodes[program_type::graph.outputs[I]].type>(I);
    }
    // by the name that named<> gave it
    template <fixed_text Name> constexpr auto output() const noexcept {
        return result<detail::calls::checked_name<detail::calls::names_of_outputs<Net>, Name>::place_or_first>();
    }
    // the value of named<path> in the last call, where the mode keeps it: tapped<path>, gradients_of<loss, path>
    template <fixed_text Path> constexpr output_view<Real> tap() const noexcept {
        return detail::calls::view_of<program_type>(present(), program_type::graph.taps[tap_number<Path>()].id);
    }
    // What the loss of a sample changes by with a real input, or with a tapped value, of that sample; where the mode
    // computes it: gradients_of<loss, path...>.
    constexpr output_view<Real> gradient(int input = 0) const noexcept {
        detail::require(is_real(input), "gradient of a model", "the number of a real input of the network", input);
        return gradient_output(number_of_gradient(input));
    }
    // by the number of the input, of whatever width: output_view<double> of one of float64
    template <int Input> constexpr auto gradient() const noexcept {
        static_assert(is_floating(Input), "tessera: gradient<I>: the number of an input of floating-point numbers");
        constexpr int id = program_type::graph.outputs[number_of_gradient(Input)];
        return detail::calls::view_of_element<program_type, program_type::graph.nodes[id].type>(present(), id);
    }
    template <fixed_text Path> constexpr output_view<Real> gradient() const noexcept {
        return gradient_output(number_of_gradient(Net::table.input_count) + tap_number<Path>());
    }
    // the loss of each sample, where the mode has one
    constexpr output_view<Real> losses() const noexcept {
        static_assert(program_type::graph.loss_count > 0, "tessera: the mode of this model has no loss");
        return detail::calls::view_of<program_type>(present(), program_type::graph.losses[0]);
    }

    // the beginning of a stream: states that calls change are as at first, others, such as running statistics, stay
    constexpr void reset() noexcept {
        require_present();
        variables_.reset();
    }
    // the same of one of several streams; the others go on
    constexpr void reset(int stream) noexcept {
        static_assert(Mode::purpose == phase::streaming, "tessera: this model has no streams; one of streaming has");
        require_present();
        detail::require(stream >= 0 && stream < capacity, "reset of a model", "the number of a stream", stream);
        variables_.reset(stream);
    }

    // Those of a folded network are for reading: fold and load alone change them, so that what the model keeps packed
    // cannot be out of date.
    constexpr std::span<parameter_type> parameters() noexcept {
        require_present();
        return {variables_.parameters.data(), static_cast<std::size_t>(Net::parameter_elements)};
    }
    constexpr std::span<const Real> parameters() const noexcept {
        require_present();
        return {variables_.parameters.data(), static_cast<std::size_t>(Net::parameter_elements)};
    }
    constexpr std::span<Real> states() noexcept {
        require_present();
        return {variables_.states.data(), static_cast<std::size_t>(program_type::state_elements)};
    }
    constexpr std::span<const Real> states() const noexcept {
        require_present();
        return {variables_.states.data(), static_cast<std::size_t>(program_type::state_elements)};
    }
    // one parameter or state by its path; one that is not there stops the program
    constexpr std::span<parameter_type> parameter(std::string_view path) noexcept {
        return parameter_in(parameters(), path);
    }
    constexpr std::span<const Real> parameter(std::string_view path) const noexcept {
        return parameter_in(parameters(), path);
    }
    constexpr std::span<Real> state(std::string_view path) noexcept { return state_in(states(), path); }
    constexpr std::span<const Real> state(std::string_view path) const noexcept { return state_in(states(), path); }
    // of a state of a width: state<float64>("sum")
    template <class Element> auto state(std::string_view path) noexcept {
        return typed_state_in<Element>(states(), path);
    }
    template <class Element> auto state(std::string_view path) const noexcept {
        return typed_state_in<Element>(states(), path);
    }

  private:
    static constexpr void require_room() {
        static_assert(
            Backend::uses_heap || memory_bytes <= detail::largest_inside<Backend>,
            "tessera: this model keeps more than 4 MiB inside the object, too much for a stack; "
            "backend::scalar_on_heap keeps it on the heap, backend::scalar_static where the object is static");
    }
    template <class T>
    static constexpr std::span<T> parameter_in(std::span<T> numbers, std::string_view path) noexcept {
        constexpr const auto& table = Net::table;
        return detail::variable_called("parameter", path, table, table.parameters, table.parameter_count, numbers);
    }
    template <class T> static constexpr std::span<T> state_in(std::span<T> numbers, std::string_view path) noexcept {
        constexpr const auto& graph = program_type::graph;
        const auto path_of = [&](int i) { return graph.path_of(graph.states[i]); };
        const int i = detail::place_of_name("state", path, graph.state_count, path_of);
        if constexpr (detail::has_typed_states(graph))
            detail::require(!detail::is_of_other_width<Real>(graph.states[i]), "state of a model",
                            "the path of a state of the program's own type; state<element>(path) reads others", i);
        return numbers.subspan(static_cast<std::size_t>(detail::offset_of_state(graph, i, capacity)),
                               static_cast<std::size_t>(detail::numbers_of(graph.states[i], capacity)));
    }
    template <class Element, class T> static auto typed_state_in(std::span<T> numbers, std::string_view path) noexcept {
        static_assert(is_element<Element> && detail::has_width(Element::kind),
                      "tessera: state<element>(path): the element is float32 or float64");
        using number = std::conditional_t<std::is_const_v<T>, const typename Element::stored, typename Element::stored>;
        constexpr const auto& graph = program_type::graph;
        const auto path_of = [&](int i) { return graph.path_of(graph.states[i]); };
        const int i = detail::place_of_name("state", path, graph.state_count, path_of);
        const detail::variable_info& v = graph.states[i];
        const element wanted = Element::kind, own = detail::element_of_type<Real>;
        detail::require(v.type == wanted || (v.type == element::real && wanted == own), "state of a model",
                        "the path of a state of this element", i);
        auto* const first = numbers.data() + detail::offset_of_state(graph, i, capacity);
        return std::span<number>(reinterpret_cast<number*>(first),
                                 static_cast<std::size_t>(detail::numbers_of(v, capacity)));
    }
    static constexpr bool is_output(int i, element type) {
        return i >= 0 && i < Net::table.output_count &&
               program_type::graph.nodes[program_type::graph.outputs[i]].type == type;
    }
    constexpr output_view<Real> output_at(int i) const noexcept { return kept<element::real>(i); }
    template <element Type> constexpr auto kept(int i) const noexcept {
        if constexpr (runs_in_parts)
            return called_type::template view<Type>(present(), i);
        else
            return detail::calls::view_of_element<program_type, Type>(present(), program_type::graph.outputs[i]);
    }
    static constexpr bool is_floating(int input) {
        return input >= 0 && input < Net::table.input_count && detail::is_floating(Net::table.inputs[input].type);
    }
    // of the program's own width
    static constexpr bool is_real(int input) {
        return is_floating(input) && program_type::graph.inputs[input].type == element::real;
    }
    // which output it is: after those of the network
    static constexpr int number_of_gradient(int input) {
        int i = Net::table.output_count;
        for (int k = 0; k < input; ++k) i += is_floating(k);
        return i;
    }
    template <fixed_text Path> static constexpr int tap_number() {
        return detail::calls::checked_name<detail::calls::names_of_taps<program_type>, Path>::place_or_first;
    }
    constexpr output_view<Real> gradient_output(int i) const noexcept {
        static_assert(
            requires { typename Mode::gives_gradients; },
            "tessera: this model computes no gradients; one of the mode gradients_of<loss> does");
        return output_at(i);
    }
    constexpr void require_present() const noexcept {
        detail::require(!moved_.away(), "model", "one that holds its parameters",
                        "one that was moved from; a trainer is made after the move, of the new one");
    }
    constexpr detail::memory<Real> bound() noexcept {
        require_present();
        detail::memory<Real> m;
        m.parameters = variables_.parameters.data();
        m.states = variables_.states.data();
        m.workspace = workspace_.data();
        if constexpr (packed_bytes > 0) m.packed = packed_.data();
        return m;
    }
    template <class> friend class detail::change_of_parameters;
    constexpr void pack_parameters() noexcept {
        if constexpr (packed_bytes > 0) Backend::template pack<program_type>(bound(), packed_.data());
    }

    // where the results of the last call are; of a copy, in the copy
    constexpr detail::memory<const Real> present() const noexcept {
        require_present();
        detail::memory<const Real> m;
        m.parameters = variables_.parameters.data();
        m.states = variables_.states.data();
        m.workspace = workspace_.data();
        if constexpr (packed_bytes > 0) m.packed = packed_.data();
        m.count = count_;
        return m;
    }

    using parameters_type =
        std::conditional_t<borrows, detail::borrowed_parameters<Real>, detail::own_parameters<program_type>>;

    detail::variables<program_type, parameters_type> variables_;
    detail::buffer<Real, workspace_bytes / static_cast<long>(sizeof(Real)), Backend::uses_heap> workspace_;
    [[no_unique_address]] std::conditional_t<
        (packed_bytes > 0), detail::buffer<Real, packed_bytes / static_cast<long>(sizeof(Real)), Backend::uses_heap>,
        detail::nothing_packed> packed_;
    int count_ = 1;  // samples of the last call
    detail::call_flag running_;
    detail::moved_mark moved_;
};

namespace detail {

namespace program_options {

template <class... NetworkAndOptions> struct model_of {
    using type = basic_model<void, backend::simd, batch<1>, float, inference>;  // which says that there is no network
};
template <class Net, class... Options> struct model_of<Net, Options...> {
    using of = checked<Options...>;
    using type = basic_model<
        Net, typename of::template option<role::backend, backend::simd>,
        typename of::template option<role::batch, batch<1>>, typename of::template option<role::number, float>,
        typename of::template option<role::mode, inference>, typename of::template option<role::holding, owned>>;
};

}  // namespace program_options

}  // namespace detail

template <class... NetworkAndOptions>
using model = typename detail::program_options::model_of<NetworkAndOptions...>::type;

}  // namespace tessera
