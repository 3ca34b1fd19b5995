// emit: what a backend needs to know of a step when compiling, and what it may learn at run time.
//
// step_view is the first: the anchor, the pointwise code, the operands. Steps of equal signature share one
// representative, steps of equal pointwise code one instantiation of it: extents, periods and numbers are run-time
// data there. Addresses come from a table. Signatures are hashes.
#pragma once
#include <tessera/ir/operations/convert.hpp>
#include <tessera/passes/operand_access.hpp>
#include <tessera/passes/place.hpp>
#include <tessera/passes/signature.hpp>

namespace tessera::detail {

// where an operand of a pointwise instruction comes from
struct operand_source {
    enum class form : std::uint8_t { external, member, anchor, number, inverse_count };
    form kind = form::number;
    int index = 0;  // of the external operand or of the member
    double number = 0;
    element of = element::real;  // what it is stored as, in memory or by a kernel
};

struct instruction {
    scalar_function function = scalar_function::identity;
    operand_source from[3];
    int output = -1;               // which stored value it is, if it is one
    element type = element::real;  // what the result is stored as, by the scale and zero that are operands 1 and 2
};

struct step_view {
    int externals[max_step_operands] = {};  // nodes; first those of the anchor, in its order
    bool constant[max_step_operands] = {};  // one number over a block of the domain
    int external_count = 0;
    instruction code[max_step_members];
    int code_count = 0;
    int outputs[max_step_members] = {};  // nodes
    int output_count = 0;
    int anchor = -1;  // of the part after it
    int domain = -1;  // a node with the domain of the pointwise code
};

// The two loops that a step may have: what runs before the anchor has operands and a domain of its own.
enum class part : std::uint8_t { after, before };

constexpr int members_of(const fused_step& t, part p) { return p == part::before ? t.before : t.after; }

template <int Nodes, class Graph>
constexpr step_view view_step(const Graph& g, const schedule<Nodes>& s, int number, part p = part::after) {
    const fused_step& t = s.steps[number];
    const graph_view view = s.read(g);
    const bool before = p == part::before;
    const int count = members_of(t, p);
    const int* const members = s.members + t.first + (before ? 0 : t.before);
    step_view v;
    if (!before) v.anchor = t.anchor;
    const auto external = [&](int id) {
        for (int k = 0; k < v.external_count; ++k)
            if (v.externals[k] == id) return k;
        v.externals[v.external_count] = id;
        return v.external_count++;
    };
    if (t.anchor >= 0 && !before)
        for (int q = 0; q < g.nodes[t.anchor].argument_count; ++q)  // kept apart even where two are equal
            v.externals[v.external_count++] = view.argument(g.nodes[t.anchor], q);
    for (int k = 0; k < count; ++k) {
        const int id = members[k];
        const node& n = g.nodes[id];
        instruction& c = v.code[v.code_count++];
        c.function = n.function;
        c.type = n.type > element::bit ? element::real : n.type;  // a loop has one width
        if (n.kind == op::convert) {
            const auto own = view.attributes<convert_attributes>(n);
            c.from[1].number = own.scale;
            c.from[2].number = own.zero;
        }
        for (int q = 0; q < n.argument_count; ++q) {
            const int a = view.argument(n, q);
            const op kind = g.nodes[a].kind;
            const element of = g.nodes[a].type > element::bit ? element::real : g.nodes[a].type;
            if (kind == op::constant && is_number(g.nodes[a])) {
                c.from[q] = {operand_source::form::number, 0, view.number(g.nodes[a])};
            } else if (kind == op::inverse_count) {
                c.from[q] = {operand_source::form::inverse_count, 0, 0};
            } else if (a == t.anchor) {
                c.from[q] = {operand_source::form::anchor, 0, 0, of};
            } else if (s.step_of[a] == number && is_pointwise(g.nodes[a])) {
                int m = 0;
                while (members[m] != a) ++m;
                c.from[q] = {operand_source::form::member, m, 0};
            } else {
                c.from[q] = {operand_source::form::external, external(a), 0, of};
            }
        }
        if (before && id == s.root[view.argument(g.nodes[t.anchor], 0)]) {
            c.output = 0;  // handed to the anchor's kernel, not to memory
        } else if (s.stored[id]) {
            c.output = v.output_count;
            v.outputs[v.output_count++] = id;
        }
    }
    v.domain = count > 0 ? members[0] : t.anchor;
    for (int k = 0; count > 0 && k < v.external_count; ++k)
        v.constant[k] = operand_access::of(view, v.domain, v.externals[k]).is_number();
    return v;
}

// the loop alone: functions, where operands come from, what they and results are stored as, which of them are one number
// for a while
constexpr signature::value code_signature_of(const step_view& v) {
    signature h;
    for (int k = 0; k < v.code_count; ++k) {
        h.add((static_cast<std::int64_t>(v.code[k].function) * 256 + v.code[k].output + 1) * 16 +
              static_cast<std::int64_t>(v.code[k].type));
        for (const operand_source& f : v.code[k].from) {
            h.add((static_cast<std::int64_t>(f.kind) * 256 + f.index) * 16 + static_cast<std::int64_t>(f.of));
            if (f.kind == operand_source::form::external) h.add(v.constant[f.index]);
        }
    }
    return h.get();
}

// everything but addresses
constexpr signature::value signature_of(const graph_view& g, const step_view& v, const signature::value& code) {
    signature h;
    if (v.anchor >= 0) h.add_attributes(g, g[v.anchor]);
    if (v.domain >= 0) h.add(g[v.domain]);
    for (int k = 0; k < v.external_count; ++k) {
        h.add(g[v.externals[k]]);
        if (g.is_view(v.externals[k])) h.add(layout_of(g, v.externals[k]));
    }
    for (int k = 0; k < v.code_count; ++k)
        for (const operand_source& f : v.code[k].from)
            if (f.kind == operand_source::form::number) h.add_number(f.number);
    h.add(code);
    return h.get();
}

// Loops are counted by step: those after an anchor, or without one, are even.
constexpr int loop_of(int step, part p) { return 2 * step + static_cast<int>(p); }
constexpr int step_of_loop(int loop) { return loop / 2; }
constexpr part part_of_loop(int loop) { return static_cast<part>(loop % 2); }

// The run-time part. A step's addresses are consecutive: its external operands, then its stored pointwise values, then
// the operands of what runs before the anchor, then the anchor's further results, which are nowhere if they are not read.
struct step_addresses {
    int representative = 0;  // the first step of equal signature
    int code[2] = {};        // by part: the first loop of equal pointwise code
    int first = 0;           // of its addresses
    placed anchor;           // where the anchor writes
    int scratch = 0;         // where its kernel's room begins, in lines
};

// where an operand is: a view is a part of what is placed
struct placed_operand : placed {
    int first = 0, by_iteration = 0;  // elements
};

template <int Steps, int Addresses> struct emitted {
    step_addresses steps[Steps + 1];
    placed_operand addresses[Addresses + 1];
    bool elided[Steps + 1] = {};
    bool prepared[Steps + 1] = {};  // runs before calls
    int step_count = Steps;
    int address_count = 0;

    // the same with room for so many addresses
    template <int Count> constexpr emitted<Steps, Count> trimmed() const {
        emitted<Steps, Count> e;
        for (int k = 0; k < Steps; ++k) {
            e.steps[k] = steps[k];
            e.elided[k] = elided[k];
            e.prepared[k] = prepared[k];
        }
        for (int i = 0; i < address_count; ++i) e.addresses[i] = addresses[i];
        e.address_count = address_count;
        return e;
    }
};

// results after the first that an anchor may have
template <class Graph> constexpr int further_results(const Graph& g, int anchor) {
    return anchor < 0 ? 0 : operation_table[static_cast<int>(g.nodes[anchor].kind)].results - 1;
}

// no step has more of them together; how many there are is known only when they are made
template <int Nodes, class Graph> constexpr int most_addresses(const Graph& g, const schedule<Nodes>& s) {
    int n = 0;
    for (int k = 0; k < s.step_count; ++k) {
        const fused_step& t = s.steps[k];
        if (t.anchor >= 0) n += g.nodes[t.anchor].argument_count + further_results(g, t.anchor);
        for (int i = t.first; i < t.first + t.count(); ++i) n += g.nodes[s.members[i]].argument_count + 1;
    }
    return n;
}

template <int Steps, int Addresses, int Nodes, class Graph>
constexpr emitted<Steps, Addresses> emit(const Graph& g, const schedule<Nodes>& s, const placement<Nodes>& p) {
    emitted<Steps, Addresses> e;
    const graph_view view = s.read(g);
    const auto operand = [&](int i) {
        placed_operand o{p.at[i]};
        if (!s.view[i]) return o;
        const layout l = layout_of(view, i);
        o.first = static_cast<int>(l.first);
        o.by_iteration = static_cast<int>(l.by_iteration);
        return o;
    };
    first_of_equals<Steps> seen;
    first_of_equals<2 * Steps> codes;
    int further[Steps + 1] = {};  // by step: where the addresses of its further results begin
    int& at = e.address_count;
    for (int k = 0; k < Steps; ++k) {
        const step_view v = view_step(g, s, k);
        step_addresses& a = e.steps[k];
        a.first = at;
        a.scratch = p.scratch[k] < 0 ? 0 : p.scratch[k];
        if (v.anchor >= 0) a.anchor = p.at[v.anchor];
        e.elided[k] = v.anchor >= 0 && p.elided[v.anchor];
        e.prepared[k] = p.prepared[k];
        for (int i = 0; i < v.external_count; ++i) e.addresses[at++] = operand(v.externals[i]);
        for (int i = 0; i < v.output_count; ++i) e.addresses[at++] = {p.at[v.outputs[i]]};
        const signature::value code = code_signature_of(v);
        signature::value whole = signature_of(view, v, code);
        a.code[0] = codes.first(loop_of(k, part::after), code);
        if (s.steps[k].before > 0) {
            const step_view b = view_step(g, s, k, part::before);
            for (int i = 0; i < b.external_count; ++i) e.addresses[at++] = operand(b.externals[i]);
            const signature::value before = code_signature_of(b);
            a.code[1] = codes.first(loop_of(k, part::before), before);
            signature both;
            both.add(whole);
            both.add(signature_of(view, b, before));
            whole = both.get();
        }
        further[k] = at;
        at += further_results(g, v.anchor);
        // one that is left out has no kernel for others to share
        a.representative = e.elided[k] ? k : seen.first(k, whole);
    }
    for (int i = 0; i < Nodes; ++i)
        if (g.nodes[i].kind == op::result) e.addresses[further[s.step_of[i]] + g.nodes[i].slot - 1] = {p.at[i]};
    return e;
}

}  // namespace tessera::detail
