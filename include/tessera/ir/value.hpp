// value: a symbol for what flows through a network while it is traced. Layers are functions of values.
//
// An operand of an operation is a value, a number, or a variable that comes into being where it is used:
//     einsum("i,io->o", x, parameter("weight", {x.extent(-1), 10}))
//
// A mistake is recorded once, with the path of the layer that made it; from then on every operation hands
// on a void value (extents read 1), so nothing cascades.
#pragma once
#include <tessera/error/contract.hpp>
#include <tessera/ir/graph.hpp>
#include <type_traits>

namespace tessera {

struct value {
    graph* owner = nullptr;
    int id = -1;

    constexpr bool valid() const { return owner != nullptr && id >= 0 && !owner->failed; }
    constexpr const detail::node& get() const { return owner->nodes[static_cast<std::size_t>(id)]; }
    constexpr value argument(int k) const { return {owner, owner->argument(id, k)}; }
    template <class Attributes> constexpr Attributes attributes() const { return owner->attributes<Attributes>(get()); }
    constexpr extents shape() const { return valid() ? get().shape : extents{}; }
    constexpr int rank() const { return shape().rank; }
    constexpr int size() const { return shape().size(); }
    // negative axes count from the last one; to ask for one that is not there is a mistake
    constexpr int extent(int axis) const;
    constexpr bool batched() const { return valid() && get().batched; }
    constexpr bool training() const { return owner->purpose == phase::training; }
};

// A parameter or a state that is not yet part of a graph.
struct variable_request {
    text name;
    extents shape;
    initialiser start;
    bool decays = true;
    bool state = false;
    bool carried = false;  // see variable_info
    element type = element::real;

    // bound to the graph of x, for a second use
    constexpr value with(value x) const;
    // biases and scales: spared by weight decay
    constexpr variable_request no_weight_decay() const {
        variable_request r = *this;
        r.decays = false;
        return r;
    }
};

constexpr variable_request parameter(std::string_view name, extents shape, initialiser start = {}) {
    return {text(name), shape, start, true, false};
}
// The numbers of a distribution are those of seed 0, whatever a model's: reset() draws the same again.
constexpr variable_request state(std::string_view name, extents shape, initialiser start) {
    return {text(name), shape, start, false, true};
}
constexpr variable_request state(std::string_view name, extents shape, double start = 0) {
    return state(name, shape, initial::constant(start));
}
// in numbers of a width: state<float64>("sum", {8}) in a program of float too
template <class Element> constexpr variable_request state(std::string_view name, extents shape, double start = 0) {
    static_assert(is_element<Element> && detail::is_floating(Element::kind),
                  "tessera: state<element>: the element is real, float32 or float64");
    variable_request r = state(name, shape, start);
    r.type = Element::kind;
    return r;
}

template <class T>
concept a_number = std::is_arithmetic_v<T>;

// --- mistakes

namespace detail {

// a scope as messages name it: in a graph or a frozen one
template <class Graph> constexpr text place_of(const Graph& g, int scope) {
    const text path = g.path_of(scope);
    return path.empty() ? text("input") : path;
}
// the innermost application around a scope that says how its layer is written
template <class Graph> constexpr text layer_of(const Graph& g, int scope, const text& otherwise) {
    for (int s = scope; s >= 0; s = g.scopes[static_cast<std::size_t>(s)].parent)
        if (!g.scopes[static_cast<std::size_t>(s)].layer.empty()) return g.scopes[static_cast<std::size_t>(s)].layer;
    return otherwise;
}

}  // namespace detail

namespace detail {

// the operation that a mistake is in, for messages; of a layer's own mistakes none
struct within {
    std::string_view operation = {};
};
constexpr value reject(graph& g, within w, text expected, text found, text hint = {}) {
    g.fail({place_of(g, g.scope_now), layer_of(g, g.scope_now, g.layer), expected, found, hint, text(w.operation)});
    return {&g, -1};
}

}  // namespace detail

constexpr value reject(graph& g, text expected, text found, text hint = {}) {
    return reject(g, detail::within{}, expected, found, hint);
}

namespace detail {

struct rank_is {
    int wanted;
};
struct rank_name {
    constexpr rank_is operator==(int r) const { return {r}; }
};

}  // namespace detail

inline constexpr detail::rank_name rank{};

namespace detail {

constexpr bool expects(within w, value x, bool holds, std::string_view wanted, std::string_view hint = {}) {
    if (!x.valid()) return false;
    if (!holds) reject(*x.owner, w, text(wanted), text("shape ") + x.shape().describe().view(), text(hint));
    return holds;
}
constexpr bool expects(within w, value x, rank_is r, std::string_view wanted, std::string_view hint = {}) {
    return expects(w, x, x.rank() == r.wanted, wanted, hint);
}
constexpr bool expects_axis(within w, value x, int axis) {
    if (!x.valid()) return false;
    const int count = x.get().shape.rank;
    return (axis >= -count && axis < count) || expects(w, x, false, (text("an axis ") + axis).view());
}

}  // namespace detail

// expects(x, rank == 3, "an image (height, width, channels)"): false, and recorded, when x does not fit
constexpr bool expects(value x, bool holds, std::string_view wanted, std::string_view hint = {}) {
    return expects(detail::within{}, x, holds, wanted, hint);
}
constexpr bool expects(value x, detail::rank_is r, std::string_view wanted, std::string_view hint = {}) {
    return expects(detail::within{}, x, r, wanted, hint);
}
// that x has the axis; negative ones count from the last
constexpr bool expects_axis(value x, int axis) { return expects_axis(detail::within{}, x, axis); }

constexpr int value::extent(int axis) const { return expects_axis(*this, axis) ? get().shape[axis] : 1; }

// --- nodes

namespace detail {

constexpr value reject_indices(graph& g) {
    return reject(g, text("real numbers"), text("numbers of another element, such as int32"),
                  text("embedding<V, D>, one_hot and to_real make real numbers of them"));
}

// That a value may be moved so: of bits only rows are, as they are.
constexpr bool expects_whole_rows(within w, value x, bool rows_stay) {
    if (!x.valid() || rows_stay || x.get().type != element::bit) return true;
    reject(*x.owner, w, text("values whose last axis stays as it is"), text("bits, of which 32 are a word"),
           text("signs_of(x) and to_integer(x) make numbers of them"));
    return false;
}

// Widths are never mixed silently: which of two is meant, and where rounding happens, is the program's to say.
constexpr value reject_widths(graph& g, within w, element a, element b) {
    return reject(g, w, text("values of one element"), text(name_of(a)) + std::string_view(" and ") + name_of(b),
                  text("cast<") + (has_width(b) ? name_of(b) : name_of(a)) +
                      std::string_view(">(x) or cast<real>(x) makes one of the other"));
}
// That argument k, with a width or beside one that has it, may be one of n, whose element follows from it. Numbers have
// any width.
constexpr bool takes_width(const graph& g, node& n, const value* arguments, int k) {
    const node& argument = g.nodes[static_cast<std::size_t>(arguments[k].id)];
    if (argument.type == n.type || is_number(argument)) return true;
    if (!is_floating(argument.type)) return false;
    if (!is_floating(n.type)) return n.kind != op::convert;  // to_index and its like: of whatever width
    if (n.kind == op::store) return false;                   // its memory is there
    for (int i = 0; i < k; ++i)
        if (const node& a = g.nodes[static_cast<std::size_t>(arguments[i].id)]; a.is_floating() && !is_number(a))
            return false;
    n.type = argument.type;
    return true;
}

constexpr value reject_size(graph& g, const extents& shape) {
    return reject(g, text(shape.rank > max_rank ? "at most 6 axes" : "fewer than 2^31 elements"), shape.describe());
}

// A name in a path: of any letters but the dot, which stands between names.
constexpr bool is_name(std::string_view name) { return !name.empty() && name.find('.') == name.npos; }

// Names are cut where they are too long; none that a path ends in may be.
constexpr bool expects_path(graph& g, int length) {
    if (length < text::capacity) return true;
    reject(g, text("a path of fewer than ") + text::capacity + std::string_view(" letters"), text() + length,
           text("shorter names in named<> and tied<>"));
    return false;
}

// adds an operation; if an argument has a value for each sample, so has the result
constexpr value add_node(graph& g, node n, const value* arguments, int count) {
    if (g.failed) return {&g, -1};
    if (n.shape.rank > max_rank || !n.shape.is_countable()) return reject_size(g, n.shape);
    const operation_facts& facts = facts_of(n.kind);
    n.first_argument = g.arguments.count();
    n.argument_count = count;
    for (int k = 0; k < count; ++k) {
        const node& argument = g.nodes[static_cast<std::size_t>(arguments[k].id)];
        if ((facts.indices >> k & 1u) == 0) {
            if (argument.type > element::bit || n.type > element::bit) {  // has_width, and no call: this is done often
                if (!takes_width(g, n, arguments, k))
                    return reject_widths(g, within{name_of(n.kind)}, n.is_floating() ? n.type : element::real,
                                         argument.type);
                n.batched = n.batched || argument.batched;
                g.arguments.push_back(arguments[k].id);
                continue;
            }
            if (facts.any_element && n.type == element::real && k == 0) n.type = argument.type;
            if (argument.type != n.type && facts.any_element)
                return reject(g, within{name_of(n.kind)}, text("values of one element"),
                              text(name_of(n.type)) + std::string_view(" and ") + name_of(argument.type));
            if (argument.type != element::real && !facts.any_element) return reject_indices(g);
        }
        n.batched = n.batched || argument.batched;
        g.arguments.push_back(arguments[k].id);
    }
    n.scope = g.scope_now;
    return {&g, g.add(n)};
}
constexpr value add_node(graph& g, const node& n, std::initializer_list<value> arguments = {}) {
    return add_node(g, n, arguments.begin(), static_cast<int>(arguments.size()));
}
template <class Attributes>
constexpr value add_node(graph& g, node n, const value* arguments, int count, const Attributes& attributes) {
    if (!g.failed) g.set_attributes(n, attributes);
    return add_node(g, n, arguments, count);
}
template <class Attributes>
constexpr value add_node(graph& g, const node& n, std::initializer_list<value> arguments,
                         const Attributes& attributes) {
    return add_node(g, n, arguments.begin(), static_cast<int>(arguments.size()), attributes);
}
// an operation of values of each sample whose result is one for all
template <class Attributes>
constexpr value add_summed_node(graph& g, const node& n, std::initializer_list<value> arguments,
                                const Attributes& attributes) {
    const value y = add_node(g, n, arguments, attributes);
    if (y.valid()) g.nodes[static_cast<std::size_t>(y.id)].batched = false;
    return y;
}

// gives a node that has none its attributes
template <class Attributes> constexpr void set_attributes(value y, const Attributes& attributes) {
    if (y.valid()) y.owner->set_attributes(y.owner->nodes[static_cast<std::size_t>(y.id)], attributes);
}

}  // namespace detail

constexpr value constant(graph& g, double number) {
    detail::node n;
    n.kind = detail::op::constant;
    g.set_number(n, number);
    return add_node(g, n);
}

// Numbers that are known when compiling, as an operand: a mask, a table, a kernel, class weights.
//
//     constexpr auto lowpass = [](value x) { return einsum("tc,cd->td", x, constant({0.5, 0.5, 0.5, -0.5}, {2, 2})); };
//
// What is computed from constants alone is computed while compiling, where it has at most 1024 elements; the rest stands
// in the program's read-only memory.
// Errors      as many numbers as the shape has elements.
struct constant_request {
    detail::list<double> numbers;
    extents shape;
    element type = element::real;

    constexpr value with(value x) const { return in(*x.owner); }
    constexpr value in(graph& g) const {
        if (g.failed) return {&g, -1};
        if (shape.rank > max_rank || !shape.is_countable()) return reject_size(g, shape);
        if (shape.size() != numbers.count())
            return reject(g, text("a number for each element of ") + shape.describe().view(),
                          text() + numbers.count() + std::string_view(" numbers"));
        for (int i = 0; type == element::int32 && i < numbers.count(); ++i)
            if (const double x = numbers[i]; !(x >= -2147483648.0 && x <= 2147483647.0) || x != static_cast<int>(x))
                return reject(g, detail::within{"index_table"}, text("whole numbers of 32 bits"),
                              text("another at place ") + i);
        if (type == element::bit && shape.rank == 0)
            return reject(g, detail::within{"bit_table"}, text("rows of bits"), text("a single one"));
        detail::node n;
        n.kind = detail::op::constant;
        n.type = type;
        n.shape = shape;
        g.set_numbers(n, numbers.data());
        return add_node(g, n);
    }
};

constexpr constant_request constant(std::initializer_list<double> numbers, const extents& shape) {
    return {detail::list<double>(numbers.begin(), numbers.end()), shape, element::real};
}
// of an array or another range, which a constexpr function may have made
template <class Range>
    requires requires(const Range& r) { static_cast<double>(*r.begin()); }
constexpr constant_request constant(const Range& numbers, const extents& shape) {
    constant_request c{{}, shape, element::real};
    for (const auto& x : numbers) c.numbers.push_back(static_cast<double>(x));
    return c;
}
template <a_number Number, std::size_t Count>
constexpr constant_request constant(const Number (&numbers)[Count], const extents& shape) {
    constant_request c{{}, shape, element::real};
    for (const Number& x : numbers) c.numbers.push_back(static_cast<double>(x));
    return c;
}
// Whole numbers, of element int32: a table of what to gather. index_table(...).with(x) is the value.
template <class Range>
    requires requires(const Range& r) { static_cast<double>(*r.begin()); }
constexpr constant_request index_table(const Range& numbers, const extents& shape) {
    constant_request c = constant(numbers, shape);
    c.type = element::int32;
    return c;
}
constexpr constant_request index_table(std::initializer_list<int> numbers) {
    constant_request c{{}, {static_cast<int>(numbers.size())}, element::int32};
    for (int x : numbers) c.numbers.push_back(x);
    return c;
}
// Bits: 1 where the number is not 0. bit_table(...).with(x) is the value.
template <class Range>
    requires requires(const Range& r) { static_cast<double>(*r.begin()); }
constexpr constant_request bit_table(const Range& numbers, const extents& shape) {
    constant_request c{{}, shape, element::bit};
    for (const auto& x : numbers) c.numbers.push_back(x != 0);
    return c;
}
constexpr constant_request bit_table(std::initializer_list<int> numbers, const extents& shape) {
    return bit_table<std::initializer_list<int>>(numbers, shape);
}
// first, first + step, ...: `count` of them
constexpr constant_request iota(int count, double first = 0, double step = 1) {
    constant_request c{{}, {count}, element::real};
    for (int i = 0; i < count; ++i) c.numbers.push_back(first + i * step);
    return c;
}

namespace detail {

// where a value that outlives the call is written
enum class store_to : int { state, gradient };
struct store_attributes {
    store_to where;
    int rows;  // of a state of which one row is written, at the place that a second argument says; else 0
};
constexpr bool updates_state(const graph_view& g, const node& n) {
    return n.kind == op::store && g.attributes<store_attributes>(n).where == store_to::state;
}

// a state, or the value that it was updated with
constexpr int newest_of_state(const graph& g, int slot) {
    int id = g.state_ids[static_cast<std::size_t>(slot)];
    const graph_view view = g.view();
    for (const node& n : g.nodes)
        if (n.slot == slot && updates_state(view, n)) id = view.argument(n, 0);
    return id;
}

constexpr value bind(graph& g, const variable_request& r) {
    if (g.failed) return {&g, -1};
    if (!is_name(r.name.view()))
        return reject(g, text("a name of one letter or more, any but '.'"),
                      text(r.state ? "state '" : "parameter '") + r.name.view() + std::string_view("'"));
    auto& list = r.state ? g.states : g.parameters;
    auto& ids = r.state ? g.state_ids : g.parameter_ids;
    const scope& here = g.scopes[static_cast<std::size_t>(g.scope_now)];
    for (auto i = static_cast<std::size_t>(here.first_variable[r.state]); i < list.size(); ++i)
        if (list[i].scope == g.scope_now && list[i].name == r.name && !list[i].carried && !r.carried) {
            const text name = text(r.state ? "state '" : "parameter '") + r.name.view() + std::string_view("'");
            if (!g.scopes[static_cast<std::size_t>(g.scope_now)].shared)
                return reject(g, name + std::string_view(" once under one path"), text("a second one"),
                              text("give one a name with named<>, or share with tied<>"));
            if (!(list[i].shape == r.shape))
                return reject(g, name + std::string_view(" ") + list[i].shape.describe().view(), r.shape.describe(),
                              text("tied layers need equal inputs"));
            if (list[i].type != r.type) return reject_widths(g, {}, list[i].type, r.type);
            return {&g, r.state ? newest_of_state(g, static_cast<int>(i)) : ids[i]};
        }
    for (int a = 0; a < r.shape.rank; ++a)
        if (r.shape.size_of[a] < 1)
            return reject(g, text("extents of at least 1 for '") + r.name.view() + std::string_view("'"),
                          r.shape.describe());
    if (r.shape.rank > max_rank) return reject_size(g, r.shape);
    if (r.start.kind == initialiser::distribution::table && r.start.scale != r.shape.size())
        return reject(g,
                      text("a table of ") + r.shape.size() + std::string_view(" numbers for '") + r.name.view() +
                          std::string_view("'"),
                      text("one of ") + static_cast<int>(r.start.scale));
    if (!expects_path(g, g.path_length(g.scope_now) + 1 + r.name.length)) return {&g, -1};
    if (!r.shape.is_countable() || end_of(list) > extents::most - r.shape.size() - variable_alignment)
        return reject(g, text("fewer than 2^31 numbers in all variables"), r.shape.describe());
    node n;
    n.kind = r.state ? op::state : op::parameter;
    n.type = r.type;
    n.shape = r.shape;
    n.batched = r.carried;
    n.slot = static_cast<int>(list.size());
    list.push_back({g.scope_now, r.name, r.shape, r.start, end_of(list), r.decays, r.carried, r.type});
    const value made = add_node(g, n);
    ids.push_back(made.id);
    return made;
}

}  // namespace detail

constexpr value variable_request::with(value x) const { return bind(*x.owner, *this); }

namespace detail {

// What an operation accepts beside values. Of these alone it has no network to belong to: such a call finds a deleted
// function, whose type says why. parameter(...).with(x) is a value.
template <class T>
concept no_value = a_number<T> || std::is_same_v<T, variable_request> || std::is_same_v<T, constant_request>;

}  // namespace detail

struct one_operand_must_be_a_value_of_the_network : value {};

namespace detail {

// Whatever an operation accepts.
struct operand {
    enum class form : std::uint8_t { symbol, number, variable, table };
    form kind;
    value symbol;
    double number = 0;
    variable_request variable;
    const constant_request* table = nullptr;  // as long as the expression is evaluated

    constexpr operand(value v) : kind(form::symbol), symbol(v) {}
    template <a_number Number> constexpr operand(Number n) : kind(form::number), number(static_cast<double>(n)) {}
    constexpr operand(const variable_request& v) : kind(form::variable), variable(v) {}
    constexpr operand(const constant_request& c) : kind(form::table), table(&c) {}

    constexpr graph* owner() const { return kind == form::symbol ? symbol.owner : nullptr; }
    constexpr value in(graph& g) const {
        if (kind == form::symbol && symbol.owner == nullptr)
            return reject(g, text("values that come from an operation"), text("value{}, which none has made"));
        if (kind == form::table) return table->in(g);
        return kind == form::symbol ? symbol : kind == form::number ? constant(g, number) : bind(g, variable);
    }
};

// the graph that the first symbol among the operands belongs to
template <class... Rest> constexpr graph& common_graph(const operand& first, const Rest&... rest) {
    if constexpr (sizeof...(Rest) == 0) {
        require(first.owner() != nullptr, "an operation", "a value among its operands", "none");
        return *first.owner();
    } else {
        return first.owner() != nullptr ? *first.owner() : common_graph(operand(rest)...);
    }
}

}  // namespace detail

}  // namespace tessera
