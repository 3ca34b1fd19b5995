// graph: what a traced network is, while the passes work on it. Nodes stand in topological order.
// Everything in it is an ordinary value; a pass is a function from graph to graph that also runs in a debugger.
#pragma once
#include <initializer_list>
#include <tessera/ir/initialiser.hpp>
#include <tessera/ir/list.hpp>
#include <tessera/ir/node.hpp>

namespace tessera {

// What a network is traced for. `streaming` runs a sequence frame by frame, its state kept by the model.
enum class phase : std::uint8_t { inference, training, streaming };

namespace detail {

// The first mistake found; the rest of the trace is void.
struct fault {
    text where, layer, expected, found, hint;
    text operation = {};  // that was asked for in the layer, if one found the mistake
    constexpr bool operator==(const fault&) const = default;
};

// An application of a layer; its path names parameters, states and taps.
struct scope {
    int parent = -1;
    text name;              // "conv_1", "3", "stage1"
    unsigned key = 0;       // a hash of the name
    text layer;             // as the user wrote it: "conv<16, 5>"
    bool shared = false;    // below tied<...>: entered again, it finds its parameters again
    bool keyed = false;     // of tied<...> itself; its name is the key
    bool function = false;  // of a function, not of a combinator: keys that are opened in it are its own
    int visits = 1;         // how often it was entered
    int entered_at = 1;     // the parent's visit in which it was last entered
    int last_child = -1;    // children are a list, the newest first
    int sibling = -1;
    int first_variable[2] = {};  // parameters and states that there were before it
};

struct input_info {
    text name;
    extents shape;
    element type = element::real;
};

// One entry of the flat parameter or state buffer; offsets are elements, every entry starts on 16 of them.
struct variable_info {
    int scope = 0;
    text name;
    extents shape;
    initialiser start;
    int offset = 0;
    bool decays = true;            // weight decay applies: matrices and kernels, not biases and scales
    bool carried = false;          // what a stream keeps, each its own; no function asks for it by its name
    element type = element::real;  // of a state
};

// "stage1.conv_1", of a variable with its own name at the end
constexpr text path_of(const scope* scopes, int s) {
    if (s <= 0) return {};
    const text above = path_of(scopes, scopes[s].parent);
    return above.empty() ? scopes[s].name : above + std::string_view(".") + scopes[s].name.view();
}
constexpr text path_of(const scope* scopes, const variable_info& v) {
    const text above = path_of(scopes, v.scope);
    return above.empty() ? v.name : above + std::string_view(".") + v.name;
}

struct tap_info {
    int scope = 0;
    int id = -1;
};

inline constexpr int variable_alignment = 16;

constexpr int aligned_elements(int count) {
    return (count + variable_alignment - 1) / variable_alignment * variable_alignment;
}
// The flat buffers are of the program's own type. A number of float64 takes two of its places, for that may be float; where
// it is not, half of them are not used, so that no place depends on it.
constexpr int places_of_number(const variable_info& v) { return v.type == element::float64 ? 2 : 1; }
constexpr int padded_size(const variable_info& v) { return aligned_elements(v.shape.size() * places_of_number(v)); }
// places of a state in a model of so many streams
constexpr long elements_of(const variable_info& v, int streams) {
    return static_cast<long>(v.shape.size()) * places_of_number(v) * (v.carried ? streams : 1);
}
// where a state of a graph begins in the flat buffer of such a model; slot = all of them: where the buffer ends
template <class Graph> constexpr long offset_of_state(const Graph& g, int slot, int streams) {
    long end = 0;
    for (int i = 0; i < slot; ++i)
        end += (elements_of(g.states[i], streams) + variable_alignment - 1) / variable_alignment * variable_alignment;
    return end;
}
// where the flat buffer of these ends: the offset of one more
constexpr int end_of(const list<variable_info>& list) {
    return list.empty() ? 0 : list.back().offset + padded_size(list.back());
}
// the name of v, with a number after it where another of the same scope has the name
constexpr text free_name(const list<variable_info>& others, const variable_info& v) {
    text name = v.name;
    const auto is_taken = [&] {
        for (const variable_info& o : others)
            if (o.scope == v.scope && o.name == name) return true;
        return false;
    };
    for (int k = 1; is_taken(); ++k) name = v.name + std::string_view("_") + k;
    return name;
}

struct graph {
    phase purpose = phase::inference;
    list<node> nodes;
    list<int> arguments;   // of all nodes, each part one node's own
    list<int> words;       // of their attributes, likewise
    list<double> numbers;  // of constants
    list<scope> scopes;
    list<input_info> inputs;
    list<variable_info> parameters, states;
    list<tap_info> taps;                 // named values
    list<int> parameter_ids, state_ids;  // their nodes, by slot
    list<int> outputs;
    list<int> losses;        // scalars that layers add to the loss
    text layer = "network";  // how the expression as a whole is written, for messages
    fault problem;
    bool failed = false;
    int scope_now = 0;
    int streams = 0;      // random streams handed out
    int frames = 1;       // of a stream: the elements of time of the longest of the whole sequences
    int within_scan = 0;  // of a stream: the bodies of scans that are being traced
    bool fixed_parameters =
        false;  // no one changes them between calls, so that a backend may keep them in its own order

    constexpr graph() {
        scopes.push_back(scope{});
        scopes.front().function = true;
    }

    constexpr graph_view view() const {
        return {nodes.data(), arguments.data(), words.data(), numbers.data(), fixed_parameters};
    }
    constexpr int argument(int i, int k) const {
        return arguments[nodes[static_cast<std::size_t>(i)].first_argument + k];
    }
    constexpr int& argument(const node& n, int k) { return arguments[n.first_argument + k]; }
    template <class Attributes> constexpr Attributes attributes(const node& n) const {
        return view().attributes<Attributes>(n);
    }
    constexpr double number(const node& n) const { return numbers[n.slot]; }

    // a node with the arguments and attributes that it names
    constexpr int add(const node& n) {
        nodes.push_back(n);
        return static_cast<int>(nodes.size()) - 1;
    }
    // arguments and attributes for a node that is about to be added
    constexpr void set_arguments(node& n, std::initializer_list<int> ids) {
        n.first_argument = arguments.count();
        n.argument_count = static_cast<int>(ids.size());
        for (int i : ids) arguments.push_back(i);
    }
    template <class Attributes> constexpr void set_attributes(node& n, const Attributes& a) {
        const auto w = attribute_words<Attributes>::pack(a);
        n.first_word = words.count();
        n.word_count = w.count;
        int* const to = words.extend(w.count);
        for (int i = 0; i < w.count; ++i) to[i] = w.of[i];
    }
    // the numbers of a constant, one for each of its elements
    constexpr void set_numbers(node& n, const double* list) {
        n.slot = numbers.count();
        numbers.append(list, list + n.shape.size());
    }
    constexpr void set_number(node& n, double number) { set_numbers(n, &number); }
    // a copy of a node, with arguments of its own to change
    constexpr node copy_of(const node& n) {
        node c = n;
        c.first_argument = arguments.count();
        for (int k = 0; k < n.argument_count; ++k) arguments.push_back(argument(n, k));
        return c;
    }
    // a node of another graph, whose nodes have the numbers now[] here
    constexpr int add_from(const graph_view& other, const node& n, const int* now) {
        node c = n;
        c.first_argument = arguments.count();
        for (int k = 0; k < n.argument_count; ++k) arguments.push_back(now[other.argument(n, k)]);
        c.first_word = words.count();
        for (int k = 0; k < n.word_count; ++k) words.push_back(other.words[n.first_word + k]);
        if (n.kind == op::constant) set_numbers(c, other.numbers + n.slot);
        return add(c);
    }
    constexpr void clear_nodes() {
        nodes.clear();
        arguments.clear();
        words.clear();
        numbers.clear();
    }
    // after other nodes have got new numbers: now[old]
    constexpr void renumber_arguments(const node& n, const int* now) {
        int* const own = arguments.data() + n.first_argument;
        for (int k = 0; k < n.argument_count; ++k) own[k] = now[own[k]];
    }

    // whatever names a node, after nodes have got new numbers: now[old]
    constexpr void renumber(const int* now) {
        const auto to_new = [&](int& i) { i = i < 0 ? -1 : now[i]; };
        for (int& i : outputs) to_new(i);
        for (int& i : losses) to_new(i);
        for (int& i : parameter_ids) to_new(i);
        for (int& i : state_ids) to_new(i);
        for (tap_info& t : taps) to_new(t.id);
    }

    // the nodes of the inputs of floating-point numbers, of the first `count` inputs
    constexpr list<int> real_inputs(int count = 1 << 30) const {
        list<int> ids;
        for (std::size_t i = 0; i < nodes.size(); ++i)
            if (nodes[i].kind == op::input && nodes[i].is_floating() && nodes[i].slot < count)
                ids.push_back(static_cast<int>(i));
        return ids;
    }

    constexpr int path_length(int s) const {
        if (s <= 0) return 0;
        const int above = path_length(scopes[static_cast<std::size_t>(s)].parent);
        return above + (above > 0) + scopes[static_cast<std::size_t>(s)].name.length;
    }
    constexpr text path_of(int s) const { return detail::path_of(scopes.data(), s); }
    constexpr text path_of(const variable_info& v) const { return detail::path_of(scopes.data(), v); }

    constexpr void fail(const fault& f) {
        if (failed) return;
        failed = true;
        problem = f;
    }
};

}  // namespace detail

using detail::graph;

}  // namespace tessera
