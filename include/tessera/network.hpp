// network: an architecture as a type. What no backend changes: the graph, its parameters, states and costs.
//
//     struct digits : network<lenet, shape<28, 28, 1>> {};
//     struct caption : network<model, in<"image", shape<28, 28, 1>>, in<"tokens", shape<64>, int32>> {};
//
// Errors  compile time: this_network_does_not_fit<where<path>, layer<...>, expects<...>, found<...>, hint<...>>.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/diagnosis.hpp>
#include <tessera/network/table.hpp>
#include <tessera/passes/align_variables.hpp>
#include <tessera/passes/carry_states.hpp>
#include <tessera/passes/frame_by_frame.hpp>
#include <tessera/passes/leaked_carry.hpp>

namespace tessera {

// the extents of one sample
template <int... Size> struct shape {
    static_assert(sizeof...(Size) <= max_rank, "shape<...>: at most 6 axes");
    static_assert(((Size >= 1) && ...), "shape<...>: every extent must be at least 1");
    static constexpr extents of_sample{Size...};
    static constexpr element type = element::real;
    static constexpr std::string_view name = "input";
};

// a named input, and what it is made of
template <fixed_text Name, class Shape, class Element = real> struct in {
    static_assert(std::is_empty_v<Shape>, "in<name, shape<...>, element>: the second is a shape");
    static_assert(
        is_element<Element>,
        "in<name, shape<...>, element>: the element is tessera::real, float32, float64, int32, int16, int8 or uint8");
    static constexpr extents of_sample = Shape::of_sample;
    static constexpr element type = detail::kind_of<Element>;
    static constexpr std::string_view name = Name.view();
};

namespace detail {

namespace tracing {

template <class Input> inline constexpr bool is_called = false;
template <fixed_text Name, class Shape, class Element> inline constexpr bool is_called<in<Name, Shape, Element>> = true;

// Applications are numbered as they are evaluated (dense, dense_1), and C++ leaves open in which order the arguments of
// one call are. While compiling, compilers take them from the left, and paths are made while compiling. One that does
// otherwise is refused: files would be read with weights exchanged.
struct turn {
    int number;
    friend constexpr bool operator+(const turn& a, const turn& b) { return a.number < b.number; }
};
constexpr bool are_in_turn(const turn& a, turn b) { return a.number < b.number; }
constexpr bool takes_arguments_from_the_left() {
    int count = 0;
    const auto next = [&] { return turn{count++}; };
    return are_in_turn(next(), next()) && next() + next() && (next().number < next().number);
}
static_assert(takes_arguments_from_the_left(),
              "tessera: while compiling, this compiler does not evaluate the arguments of a call from the left, which "
              "the paths of parameters need");

// whether the outputs of two traces are made of the same variables in the same way, by path; nodes may stand in another
// order
template <class Table> constexpr bool names_alike(const graph& g, const Table& table) {
    struct pair {
        int here, there;
    };
    detail::list<int> mate(g.nodes.size(), -1);
    detail::list<pair> open;
    if (static_cast<int>(g.outputs.size()) != table.output_count) return false;
    for (std::size_t i = 0; i < g.outputs.size(); ++i) open.push_back({g.outputs[i], table.outputs[i]});
    while (!open.empty()) {
        const pair p = open.back();
        open.pop_back();
        int& known = mate[static_cast<std::size_t>(p.here)];
        if (known == p.there) continue;
        const node &a = g.nodes[static_cast<std::size_t>(p.here)], &b = table.nodes[p.there];
        const bool alike = a.kind == b.kind && a.function == b.function && a.argument_count == b.argument_count;
        if (known >= 0 || !alike || !(a.shape == b.shape)) return false;
        known = p.there;
        const auto slot = static_cast<std::size_t>(a.slot);
        if (a.kind == op::parameter && !(g.path_of(g.parameters[slot]) == table.path_of(table.parameters[b.slot])))
            return false;
        if (a.kind == op::state && !(g.path_of(g.states[slot]) == table.path_of(table.states[b.slot]))) return false;
        if (a.kind == op::result && a.slot != b.slot) return false;
        for (int k = 0; k < a.argument_count; ++k)
            open.push_back({g.view().argument(a, k), table.view().argument(b, k)});
    }
    return true;
}

// the symbolic run of an expression
template <auto Expression, class... Inputs> class symbolic_run {
  public:
    static constexpr graph trace(phase purpose) {
        graph g;
        g.purpose = purpose;
        if (const text written = describe(Expression); !written.empty()) g.layer = written;
        values x;
        (x.push(input<Inputs>(g)), ...);
        expect_different_names(g);
        const auto finish = [&](const value& y) { g.outputs.push_back(y.id); };
        const auto y = run(x);
        if constexpr (std::is_same_v<decltype(y), const value>)
            finish(y);
        else
            for (int i = 0; i < y.count; ++i) finish(y[i]);
        if (static_cast<int>(g.outputs.size()) > values::capacity) reject(g, text("1 to 8 outputs"), text("more"));
        refuse_leaked_carry(g);
        return carry_states(std::move(g));
    }

  private:
    // names that in<...> gives; shape<...> has the same name for each
    static constexpr void expect_different_names(graph& g) {
        constexpr bool given[] = {is_called<Inputs>...};
        for (std::size_t i = 0; i < g.inputs.size(); ++i)
            for (std::size_t k = 0; k < i; ++k)
                if (given[i] && given[k] && g.inputs[i].name == g.inputs[k].name)
                    reject(g, text("inputs of different names"),
                           text("'") + g.inputs[i].name.view() + std::string_view("' twice"));
    }
    template <class Input> static constexpr value input(graph& g) {
        node n;
        n.kind = op::input;
        n.type = Input::type;
        n.shape = Input::of_sample;
        if (g.purpose == phase::streaming && n.shape.rank > 0) {  // one element of time
            g.frames = std::max(g.frames, n.shape.size_of[0]);
            n.shape.size_of[0] = 1;
        }
        n.batched = true;
        n.slot = static_cast<int>(g.inputs.size());
        g.inputs.push_back({text(Input::name), n.shape, Input::type});
        return add_node(g, n);
    }
    static constexpr auto run(const values& x) {
        if constexpr (sizeof...(Inputs) == 1)
            return invoke(Expression, x[0]);
        else
            return invoke(Expression, x);
    }
};

// a network with a mistake is replaced by its inputs, so that nothing else fails
template <phase Purpose, auto Expression, class... Inputs> struct traced {
    static constexpr graph make() {
        graph g = symbolic_run<Expression, Inputs...>::trace(Purpose);
        if constexpr (Purpose != phase::inference) {
            constexpr const auto& inference = frozen<traced<phase::inference, Expression, Inputs...>>::graph;
            expect_equal_parameters(g, inference);
            if (g.states.size() + static_cast<std::size_t>(inference.state_count) > 0) align_states(g, inference);
            if constexpr (Purpose == phase::streaming) expect_frame_by_frame(g, inference);
        }
        if (g.failed) return stand_in(std::move(g));
        return g;
    }
};

template <class Input> inline constexpr bool is_sound = true;
template <int... Size>
inline constexpr bool is_sound<shape<Size...>> = sizeof...(Size) <= max_rank && ((Size >= 1) && ...);
template <fixed_text Name, class Shape, class Element>
inline constexpr bool is_sound<in<Name, Shape, Element>> = is_sound<Shape> && is_element<Element>;

struct untouched {
    constexpr auto operator()(auto x) const { return x; }
};
// where an input cannot be right, which checked_inputs says, nothing is made of the expression
template <phase Purpose, auto Expression, class... Inputs>
using source = std::conditional_t<(sizeof...(Inputs) > 0) && (is_sound<Inputs> && ...),
                                  traced<Purpose, Expression, Inputs...>, traced<Purpose, untouched{}, shape<1>>>;

// a first base, so that a mistake in an input is said before anything else is looked at
template <class... Inputs> struct checked_inputs {
    static_assert(sizeof...(Inputs) >= 1, "network<expression, shape<...>>: at least one input");
    static_assert((std::is_empty_v<Inputs> && ...), "network<expression, ...>: an input is shape<...> or in<...>");
    static_assert(sizeof...(Inputs) <= values::capacity, "network<expression, ...>: at most 8 inputs");
};

}  // namespace tracing

}  // namespace detail

template <auto Expression, class... Inputs> struct network : detail::tracing::checked_inputs<Inputs...> {
  private:
    using counted = detail::network_table<detail::tracing::source<phase::inference, Expression, Inputs...>>;

  public:
    // members of its own, and not of a base: nvcc cannot write down the base's type
    static constexpr const auto& table = counted::table;
    static constexpr bool failed = counted::failed;
    static constexpr detail::fault problem = counted::problem;
    static constexpr long parameter_count = counted::parameter_count;       // trainable numbers, padding not counted
    static constexpr int parameter_elements = counted::parameter_elements;  // of the flat buffer
    static constexpr int state_elements = counted::state_elements;
    static constexpr double macs = counted::macs;  // multiply-adds of products and convolutions, of one sample

    // Runs the layers on symbols, at run time as well, where a debugger follows. What is compiled may take the
    // arguments of one call in another order than the compiler did, and number applications otherwise: inference then
    // has the graph of the table, another phase a mistake.
    static constexpr graph trace(phase purpose) {
        using run = detail::tracing::symbolic_run<Expression, Inputs...>;
        graph g = run::trace(purpose);
        if (std::is_constant_evaluated() || g.failed || failed) return g;
        const bool inference = purpose == phase::inference;
        if (detail::tracing::names_alike(inference ? g : run::trace(phase::inference), table)) return g;
        if (inference) return table.thaw();
        reject(g, text("layers applied in one order"), text("another one than when compiled"),
               text("a statement for each, in place of arguments of one call"));
        return g;
    }
    template <phase Purpose> using graph_for = detail::frozen<detail::tracing::source<Purpose, Expression, Inputs...>>;

    static_assert(detail::diagnosis::says_what_is_wrong<this_network_does_not_fit, network>);
};

}  // namespace tessera
