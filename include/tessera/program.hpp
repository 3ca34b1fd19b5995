// program: what a backend and a batch capacity decide about a network: order, fusion, memory.
//
//     using p = program<digits, backend::scalar, batch<8>>;
//     static_assert(p::workspace_bytes <= 40'000);
//
// After the network the options stand in any order: a backend, which there must be, batch<N>, float or double, and the
// mode, which says what graph is run: inference, training<Loss>, ... (a type with `prepare<Net>()`). Whatever their
// order, the type is one basic_program.
#pragma once
#include <tessera/network.hpp>
#include <tessera/passes/emit.hpp>
#include <tessera/passes/hoist.hpp>
#include <tessera/passes/multiply_out.hpp>
#include <tessera/passes/own_results.hpp>
#include <tessera/passes/raise.hpp>
#include <tessera/passes/read_row_major.hpp>
#include <tessera/passes/recompute.hpp>
#include <tessera/passes/settle_widths.hpp>
#include <tessera/passes/simplify.hpp>
#include <tessera/passes/taps.hpp>
#include <tessera/program/options.hpp>

namespace tessera {

namespace detail {

// Functions that change a graph take it as a parameter. The initialiser of a local variable is evaluated by clang as soon
// as it is seen, to no end, since a graph's destructor is constexpr; and once more where the function is called.

constexpr graph of_outputs_alone(graph g) {
    g.taps.clear();
    g.losses.clear();
    return raise(std::move(g));
}
// the graph of a network that only its outputs are wanted of
template <class Net, phase Purpose> constexpr graph outputs_alone() {
    return of_outputs_alone(Net::template graph_for<Purpose>::graph.thaw());
}

constexpr graph with_parameters_fixed(graph g, bool fixed) {
    g.fixed_parameters = fixed;
    return g;
}

// Folded networks: their parameters are changed by fold and load alone, see model.hpp.
template <class Net>
concept has_fixed_parameters = requires { typename Net::unfolded_type; };

// the same of a model, which keeps what its backend makes of fixed parameters
template <class Net, phase Purpose> constexpr graph graph_of_model() {
    return with_parameters_fixed(outputs_alone<Net, Purpose>(), has_fixed_parameters<Net>);
}

}  // namespace detail

struct inference {
    static constexpr phase purpose = phase::inference;
    template <class Net> static constexpr graph prepare() { return detail::graph_of_model<Net, purpose>(); }
};

// Frame by frame: the leading axis of every input is time and holds one element; loops keep their carry in the model, and
// what looks back its window. Of batch<N>, N streams, each with its own.
struct streaming {
    static constexpr phase purpose = phase::streaming;
    template <class Net> static constexpr graph prepare() { return detail::graph_of_model<Net, purpose>(); }
};

namespace detail {

// Where a call finds its data. Buffers are as the program's tables say; inputs in the order of the network.
template <class T> struct memory {
    static constexpr int max_inputs = 16;  // those of the network, at most 8, and of the loss
    const T* real_inputs[max_inputs] = {};
    const std::int32_t* index_inputs[max_inputs] = {};
    const T* constants = nullptr;
    const std::int32_t* index_constants = nullptr;
    const T* parameters = nullptr;
    T* gradients = nullptr;
    T* states = nullptr;
    T* workspace = nullptr;
    std::int32_t* index_workspace = nullptr;  // while compiling, where memory has one type: for each byte a number
    T* packed = nullptr;  // what is prepared of parameters that are fixed, and these in the order of the backend
    int count = 1;
    std::uint64_t seed = 0;
    int iteration = 0;  // of the loop that is running: the index of its item
    bool first = true;  // whether it is the first iteration
};

template <class T> inline constexpr std::ptrdiff_t elements_of_line = line_bytes / sizeof(T);

// where a value is found; null for what has no memory
template <class T> constexpr const T* address(const memory<T>& m, const placed& p) {
    switch (p.where) {
        case memory_space::input: return m.real_inputs[p.offset];
        case memory_space::parameter: return m.parameters + p.offset;
        case memory_space::gradient: return m.gradients + p.offset;
        case memory_space::state: return m.states + p.offset;
        case memory_space::workspace: return m.workspace + p.offset * elements_of_line<T>;
        case memory_space::constant: return m.constants + p.offset;
        case memory_space::prepared: return m.packed + p.offset * elements_of_line<T>;
        case memory_space::none: break;
    }
    return nullptr;
}
// the same of an operand, which may be a part of a value
template <class T> constexpr const T* address(const memory<T>& m, const placed_operand& p) {
    const T* const whole = address(m, static_cast<const placed&>(p));
    return whole == nullptr ? nullptr : whole + p.first + std::ptrdiff_t{p.by_iteration} * m.iteration;
}
// where a step may write; null for what has no memory
template <class T> constexpr T* target(const memory<T>& m, const placed& p) {
    switch (p.where) {
        case memory_space::gradient: return m.gradients + p.offset;
        case memory_space::state: return m.states + p.offset;
        case memory_space::workspace: return m.workspace + p.offset * elements_of_line<T>;
        case memory_space::prepared: return m.packed + p.offset * elements_of_line<T>;
        default: return nullptr;
    }
}

// the same of whole numbers; null for an input of real ones
template <class T> constexpr auto index_target(const memory<T>& m, const placed& p) {
    using number = std::conditional_t<std::is_const_v<T>, const std::int32_t, std::int32_t>;
    if (p.where == memory_space::none) return static_cast<number*>(nullptr);
    if (std::is_constant_evaluated())
        return static_cast<number*>(m.index_workspace + std::ptrdiff_t{p.offset} * line_bytes);
    T* const lines = p.where == memory_space::prepared ? m.packed : m.workspace;
    return reinterpret_cast<number*>(lines + p.offset * elements_of_line<T>);
}
template <class T> constexpr const std::int32_t* index_address(const memory<T>& m, const placed& p) {
    if (p.where == memory_space::input) return m.index_inputs[p.offset];
    if (p.where == memory_space::constant) return m.index_constants + p.offset;
    return index_target(m, p);
}

// the same, with the program's own constants
template <class Program, class T> constexpr memory<T> with_constants(memory<T> m) {
    if constexpr (Program::places.constant_elements > 0) m.constants = Program::constants.of;
    if constexpr (Program::places.index_constant_elements > 0) m.index_constants = Program::index_constants.of;
    return m;
}

// Runs f(step, memory) for each step, and again for those inside loops. kind_of(step) is that of the step's anchor,
// mark_of(step) the attributes of the loop that it marks.
template <class T, class KindOf, class MarkOf, class F>
constexpr void run_steps(int steps, memory<T> m, KindOf kind_of, MarkOf mark_of, F f) {
    int begin[max_loop_depth] = {}, done[max_loop_depth] = {}, depth = -1;
    const auto enter = [&] {
        const loop_attributes loop = mark_of(begin[depth]);
        m.first = done[depth] == 0;
        m.iteration = loop.reversed != 0 ? loop.length - 1 - done[depth] : done[depth];
    };
    for (int k = 0; k < steps; ++k) {
        const op kind = kind_of(k);
        if (kind == op::loop) {
            begin[++depth] = k;
            done[depth] = 0;
            enter();
        } else if (kind == op::loop_end) {
            const bool again = ++done[depth] < mark_of(begin[depth]).length;
            if (again)
                k = begin[depth];
            else
                --depth;
            if (depth >= 0) enter();
        } else if (kind != op::carry || m.first) {
            f(k, m);
        }
    }
}

// a graph simplified and put in order, as programs run it. By reference: nvcc 13.0 takes what one more copy owns for lost
template <bool Computes = true> constexpr graph put_in_order(graph&& g) {
    return hoist(own_results(simplify<Computes>(std::move(g))));
}
template <bool Computes> constexpr graph ready_to_run(graph&& g) {
    if (g.failed) return stand_in(std::move(g));
    return put_in_order<Computes>(std::move(g));
}

// the graph that a mode runs, so put in order; of no backend, so made once for all
template <class Net, class Mode, bool Computes> struct put_in_order_for {
    static constexpr graph make() { return ready_to_run<Computes>(Mode::template prepare<Net>()); }
};
// Few networks compute anything from constants: only for those it is made again with that done.
template <class Net, class Mode>
using prepared = put_in_order_for<Net, Mode, has_computable(frozen<put_in_order_for<Net, Mode, false>>::graph)>;

// the same for programs of one number type, where values have widths of their own
template <class Source, element Own> struct settled {
    static constexpr graph make() { return put_in_order(settle_widths(frozen<Source>::graph.thaw(), Own)); }
};
template <class Source> inline constexpr bool has_widths_of = has_widths(frozen<Source>::graph);
template <class Source, class Real> constexpr auto settled_source() {
    if constexpr (has_widths_of<Source>)
        return settled<Source, element_of_type<Real>>{};
    else
        return Source{};
}

// the same for backends that fuse pointwise code: products that use no element twice are such code
template <class Source> struct multiplied_out {
    static constexpr graph make() { return put_in_order<false>(multiply_out(frozen<Source>::graph.thaw())); }
};
template <class Source>
inline constexpr bool has_products_without_reuse_in =
    has_products_without_reuse(frozen<Source>::graph.view(), frozen<Source>::graph.node_count);
template <class Backend, class Source> constexpr auto multiplied_source() {
    if constexpr (!Backend::fuses)
        return Source{};
    else if constexpr (has_products_without_reuse_in<Source>)
        return multiplied_out<Source>{};
    else
        return Source{};
}

// the same with what a backend had better compute twice than keep; Bytes: of an element of all samples
template <class Backend, class Source, long Bytes> struct recomputed {
    static constexpr const auto& given = frozen<Source>::graph;
    static constexpr auto plan = plan_recomputation<Backend, given.node_count>(given, Bytes);
    static constexpr graph make() { return recompute(given.thaw(), plan); }
};
template <class Backend, class Source, long Bytes> constexpr const auto& graph_for_backend() {
    if constexpr (has_backward_half(frozen<Source>::graph)) {
        if constexpr (recomputed<Backend, Source, Bytes>::plan.any)
            return frozen<recomputed<Backend, Source, Bytes>>::graph;
        else
            return frozen<Source>::graph;
    } else {
        return frozen<Source>::graph;
    }
}

// the same where a relayout is read by those alone who take it
template <class Backend, class Source, long Bytes>
inline constexpr auto row_major_where_read_so = [] {
    constexpr int nodes = graph_for_backend<Backend, Source, Bytes>().node_count;
    auto g = graph_for_backend<Backend, Source, Bytes>();
    read_row_major<Backend, nodes>(g);
    return g;
}();
template <class Backend, class Source, long Bytes> constexpr const auto& arranged_graph() {
    if constexpr (Backend::fuses && has_relayouts(graph_for_backend<Backend, Source, Bytes>()))
        return row_major_where_read_so<Backend, Source, Bytes>;
    else
        return graph_for_backend<Backend, Source, Bytes>();
}

// a value that has too many elements for a batch of this capacity, as a mistake
template <class Graph> constexpr fault value_too_large(const Graph& g, int capacity) {
    for (int i = 0; i < g.node_count; ++i) {
        const node& n = g.nodes[i];
        if (n.shape.is_countable(n.batched ? capacity : 1)) continue;
        return {.where = place_of(g, n.scope),
                .layer = text(name_of(n.kind)),
                .expected = "fewer than 2^31 elements in a batch",
                .found = n.shape.describe() + " for " + capacity + std::string_view(" samples"),
                .hint = "a smaller batch"};
    }
    return {};
}

// a state that all of several streams would change, as a mistake
template <class Graph> constexpr fault state_of_all_streams(const Graph& g, int capacity) {
    for (int i = 0; i < g.node_count && g.purpose == phase::streaming && capacity > 1; ++i) {
        const node& n = g.nodes[i];
        if (!updates_state(g.view(), n) || g.states[n.slot].carried) continue;
        return {.where = place_of(g, n.scope),
                .layer = layer_of(g, n.scope, g.layer),
                .expected = "states that each of several streams has",
                .found = text("'") + g.states[n.slot].name + std::string_view("', which all would change"),
                .hint = "the carry of a scan is each stream's own; or batch<1>"};
    }
    return {};
}

// more inputs than a call has room for, as a mistake
template <class Graph> constexpr fault too_many_inputs(const Graph& g) {
    constexpr int most = memory<float>::max_inputs;
    if (g.input_count <= most) return {};
    return {.where = "input",
            .layer = "network",
            .expected = text("at most ") + most + std::string_view(" inputs, the loss's counted"),
            .found = text() + g.input_count,
            .hint = "a loss with fewer targets"};
}

}  // namespace detail

template <class Net, class Backend, class Batch, class Real, class Mode> struct basic_program {
    using network_type = Net;
    using real_type = Real;
    using backend_type = Backend;
    static_assert(a_network<Net>, "tessera: program<net, options...>: the first is a network");
    static_assert(a_backend<Backend>, "tessera: program<net, options...>: the backend is not included");
    static constexpr int capacity = Batch::capacity;

    static constexpr const auto& graph = detail::arranged_graph<
        Backend,
        decltype(detail::multiplied_source<Backend,
                                           decltype(detail::settled_source<detail::prepared<Net, Mode>, Real>())>()),
        capacity* static_cast<long>(sizeof(Real))>();
    static constexpr int nodes = graph.node_count;
    static constexpr std::uint64_t kinds = [] {
        static_assert(detail::operation_count <= 64);
        std::uint64_t bits = 0;
        for (int i = 0; i < nodes; ++i) bits |= std::uint64_t{1} << static_cast<int>(graph.nodes[i].kind);
        return bits;
    }();

    // what a mode adds, a loss or gradients, may have a mistake of its own
    static constexpr detail::fault problem = graph.failed ? graph.problem
                                             : !(detail::too_many_inputs(graph) == detail::fault{})
                                                 ? detail::too_many_inputs(graph)
                                             : !(detail::state_of_all_streams(graph, capacity) == detail::fault{})
                                                 ? detail::state_of_all_streams(graph, capacity)
                                                 : detail::value_too_large(graph, capacity);
    static constexpr bool failed = !(problem == detail::fault{});
    static_assert(detail::diagnosis::says_what_is_wrong<this_network_does_not_fit, basic_program>);

    // whether there are numbers of another width than its own
    static constexpr bool mixes_widths =
        detail::has_widths_of<detail::prepared<Net, Mode>> && detail::has_widths(graph);

    // each pass has an evaluation, and so a budget, of its own
    static constexpr detail::schedule<nodes> order = detail::fuse<Backend, nodes>(graph);
    static constexpr detail::placement<nodes> places =
        detail::place<Backend, nodes>(graph, order, capacity, static_cast<int>(sizeof(Real)));

    // the graph as its steps read it
    static constexpr detail::graph_view view() { return order.read(graph); }

    static_assert(places.workspace_bytes / detail::line_bytes <= extents::most,
                  "tessera: the workspace of this program has more than 128 GiB; a smaller batch needs less");

    // by operation: whether the graph has a node of its kind
    static constexpr bool uses(detail::op kind) { return (kinds >> static_cast<int>(kind) & 1) != 0; }

    static constexpr int steps = order.step_count;
    static constexpr auto table_draft = detail::emit<steps, detail::most_addresses(graph, order)>(graph, order, places);
    static constexpr auto table = table_draft.template trimmed<table_draft.address_count>();

    // the loops whose pointwise code is the first of its kind
    static constexpr auto codes = [] {
        struct list {
            int count = 0;
            int of[2 * steps + 1] = {};
        } l;
        for (int k = 0; k < steps; ++k)
            for (const detail::part p : {detail::part::after, detail::part::before})
                if (const int loop = detail::loop_of(k, p);
                    members_of(order.steps[k], p) > 0 && table.steps[k].code[loop % 2] == loop)
                    l.of[l.count++] = loop;
        return l;
    }();

    // the numbers of constants, as values that stand in read-only memory are; of an element, or int32 for all that are not
    // computed with in floating point
    template <class Number, element Type, int Count> static constexpr auto numbers_of_constants() {
        struct list {
            alignas(detail::line_bytes) Number of[Count + 1] = {};
        } l;
        constexpr detail::graph_view g = graph.view();
        for (int i = 0; i < nodes; ++i)
            if (g[i].kind == detail::op::constant && places.at[i].where == detail::memory_space::constant &&
                (g[i].is_floating() ? g[i].type : element::int32) == Type)
                for (int k = 0; k < g[i].shape.size(); ++k) {
                    Number* const to = l.of + places.at[i].offset;
                    if constexpr (Type == element::int32)
                        if (g[i].type == element::bit) {
                            detail::set_bit(to, g[i].shape[-1], k, g.number(g[i], k) != 0);
                            continue;
                        }
                    to[k] = static_cast<Number>(g.number(g[i], k));
                }
        return l;
    }
    static constexpr auto constants = numbers_of_constants<Real, element::real, places.constant_elements>();
    static constexpr auto index_constants =
        numbers_of_constants<std::int32_t, element::int32, places.index_constant_elements>();
    using other_type = detail::other_real<Real>;
    static constexpr auto other_constants =
        numbers_of_constants<other_type, detail::element_of_type<other_type>, places.other_constant_elements>();

    // whether calls compute whole numbers
    static constexpr bool computes_indices = [] {
        for (int i = 0; i < nodes; ++i)
            if (!graph.nodes[i].is_floating() && places.at[i].where == detail::memory_space::workspace) return true;
        return false;
    }();

    // bytes of intermediate values and kernel room; `bound` is the least that any placement could need
    static constexpr long workspace_bytes = places.workspace_bytes;
    static constexpr long workspace_bound = places.bound;
    static constexpr long parameter_bytes =
        static_cast<long>(Net::parameter_elements) * static_cast<long>(sizeof(Real));
    // streaming adds what each stream keeps to the states of the network
    static constexpr long numbers_of_states = detail::offset_of_state(graph, graph.state_count, capacity);
    static_assert(numbers_of_states <= extents::most,
                  "tessera: the states of this program have more than 2^31 numbers; fewer streams need less");
    static constexpr int state_elements = static_cast<int>(numbers_of_states);
    static constexpr long state_bytes = static_cast<long>(state_elements) * static_cast<long>(sizeof(Real));

    // the operations that the backend has no kernel of its own for: their reference implementations run, its threads
    // sharing the items
    static constexpr text falls_back_on = [] {
        text names;
        for (int k = 0; k < detail::operation_count; ++k) {
            const auto kind = static_cast<detail::op>(k);
            if (facts_of(kind).runs && uses(kind) && !Backend::has_kernel(kind)) names.add_item(name_of(kind));
        }
        return names;
    }();
    static constexpr bool runs_natively = falls_back_on.empty();
};

// where no backend is named
template <class Net, class Batch, class Real, class Mode> struct basic_program<Net, void, Batch, Real, Mode> {
    static_assert(std::is_same_v<Net, Batch>, "tessera: program<net, options...>: one option is a backend");
};

namespace detail {

namespace program_options {

template <class... NetworkAndOptions> struct program_of {
    using type = basic_program<void, void, batch<1>, float, inference>;  // which says that there is no network
};
template <class Net, class... Options> struct program_of<Net, Options...> {
    using of = checked<Options...>;
    static_assert(!of::template option<role::holding, owned>::borrows,
                  "tessera: a model borrows parameters; its program is the same as of one that owns them");
    using type = basic_program<
        Net, typename of::template option<role::backend, void>, typename of::template option<role::batch, batch<1>>,
        typename of::template option<role::number, float>, typename of::template option<role::mode, inference>>;
};

}  // namespace program_options

}  // namespace detail

template <class... NetworkAndOptions>
using program = typename detail::program_options::program_of<NetworkAndOptions...>::type;

}  // namespace tessera
