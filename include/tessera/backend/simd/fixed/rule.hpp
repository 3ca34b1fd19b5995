// rule: which steps of a program have a fixed kernel: one whose extents, strides and addresses are constants, compiled
// into the call without a plan, a table or an indirect call.
//
// It pays where a step takes less time than finding out what to do, and costs code for each step. So it is for programs
// of one sample a call, of few steps, few weights and short values; in them for products of at most most_work
// multiply-adds, loops and copies of a few pieces. What is left, and every step of another program, is a kernel driven
// by data; see kernel.hpp.
#pragma once
#include <tessera/backend/simd/anchor.hpp>
#include <tessera/backend/simd/pointwise.hpp>
#include <tessera/program.hpp>

namespace tessera::detail::simd {

struct fixed_limits {
    static constexpr int steps = 64;
    static constexpr int parameters = 1 << 16;  // elements of all
    static constexpr int elements = 1 << 12;    // of a value
    static constexpr long work = 1 << 15;       // multiply-adds of a product
    static constexpr int pieces = 8;            // of a copy, of the domain of a loop
    static constexpr int dots = 32;             // results of which each is a sum along lanes
};

enum class fixed_form : std::uint8_t { none, loop, product, dots, copy };

// --- products: C = A B with the columns of C along lanes, or each element of C a sum along lanes

// with unit strides where an extent of 1 leaves them open; A and B exchanged where B is a vector
constexpr product_shape fixed_shape(product_shape s) {
    if (s.n == 1 && s.m > 1) s = {s.n, s.m, s.k, s.b_col, s.b_row, s.a_col, s.a_row, s.c_col, s.c_row};
    if (s.n == 1) s.b_col = s.c_col = 1;
    if (s.k == 1) s.a_col = s.b_row = 1;
    if (s.m == 1) s.c_row = s.n;
    return s;
}
constexpr bool is_exchanged(const product_shape& s) { return s.n == 1 && s.m > 1; }

template <class Arch, class T> constexpr fixed_form form_of_product(const contraction& c) {
    using V = vector<T, Arch>;
    for (int i = 0; i < c.outer_count; ++i)
        if (c.outer[i].extent != 1) return fixed_form::none;
    const product_shape s = fixed_shape(anchor<Arch, T, op::einsum>::shape({c}, 1));
    if (s.m < 1 || s.n < 1 || s.k < 1 || static_cast<long>(s.m) * s.n * s.k > fixed_limits::work)
        return fixed_form::none;
    const bool readable = vector_traits<V>::masked || s.n % lanes<V> == 0;
    if (s.n > 1 && s.b_col == 1 && s.c_col == 1 && s.c_row == s.n && readable) return fixed_form::product;
    if (s.b_row == 1 && s.a_col == 1 && s.m * s.n <= fixed_limits::dots) return fixed_form::dots;
    return fixed_form::none;
}

// --- copies

struct copied_piece {
    int argument = 0;
    int from = 0, to = 0, length = 0;
};
struct fixed_copy {
    int count = 0;  // 0: there is none
    copied_piece of[fixed_limits::pieces];
    int read = 0, wrote = 0;  // between what two iterations of a loop read, and write

    constexpr void add(int argument, int from, int to, int length) {
        if (count < 0) return;
        if (count > 0) {  // the next of the last piece
            copied_piece& last = of[count - 1];
            if (last.argument == argument && last.from + last.length == from && last.to + last.length == to) {
                last.length += length;
                return;
            }
        }
        if (count == fixed_limits::pieces)
            count = -1;
        else
            of[count++] = {argument, from, to, length};
    }
};

constexpr fixed_copy copy_of_view(const layout& from) {
    fixed_copy c;
    const auto size = static_cast<int>(from.size()), run = static_cast<int>(from.run());
    for (int i = 0; i < size && c.count >= 0; i += run) c.add(0, static_cast<int>(from.at(i)), i, run);
    return c;
}

template <class Arch, class T, op Kind> constexpr fixed_copy copy_of_loop(const graph_view& g, const node& self) {
    using work = anchor<Arch, T, Kind>;
    const auto p = work::prepare(g, self);
    fixed_copy c;
    c.add(work::moved, 0, 0, static_cast<int>(p.size));
    c.read = static_cast<int>(p.read);
    c.wrote = static_cast<int>(p.wrote);
    return c;
}

template <class Arch, class T> constexpr fixed_copy copy_of_step(const graph_view& g, const node& self) {
    fixed_copy c;
    switch (self.kind) {
        case op::slice: return copy_of_view(anchor<Arch, T, op::slice>::prepare(g, self).from);
        case op::unfold: return copy_of_view(anchor<Arch, T, op::unfold>::prepare(g, self).from);
        case op::permute: return copy_of_view(anchor<Arch, T, op::permute>::prepare(g, self).from);
        case op::concatenate: {
            const auto p = anchor<Arch, T, op::concatenate>::prepare(g, self);
            for (int r = 0, to = 0; r < p.rows; ++r)
                for (int k = 0; k < p.parts; to += p.part[k++]) c.add(k, static_cast<int>(r * p.row[k]), to, p.part[k]);
            return c;
        }
        case op::sum: {  // of no axis: a copy
            const auto p = anchor<Arch, T, op::sum>::prepare(g, self);
            const bool plain = p.shape.reduced == 1 && p.factor == 1;
            if (plain) c.add(0, 0, 0, self.shape.size());
            return c;
        }
        case op::store:
            if (g.attributes<store_attributes>(self).rows == 0) c.add(0, 0, 0, g.operand(self, 0).shape.size());
            return c;
        case op::carry: return copy_of_loop<Arch, T, op::carry>(g, self);
        case op::item: return copy_of_loop<Arch, T, op::item>(g, self);
        case op::next: return copy_of_loop<Arch, T, op::next>(g, self);
        case op::stack: return copy_of_loop<Arch, T, op::stack>(g, self);
        default: return c;
    }
}

// --- loops

// positions over which every operand of a loop is contiguous or one number
constexpr long block_of(const pointwise_walk& w) {
    long block = w.domain;
    for (int k = 0; k < w.operands; ++k)
        if (w.uses(k) && w.of[k].block != 0 && w.of[k].block < block) block = w.of[k].block;
    return block;
}
constexpr bool is_fixed_loop(const pointwise_walk& w) { return w.domain / block_of(w) <= fixed_limits::pieces; }

// --- programs

template <class Program>
inline constexpr bool is_small = [] {
    if (Program::capacity != 1 || Program::steps > fixed_limits::steps) return false;
    const auto& g = Program::graph;
    int parameters = 0;
    for (int i = 0; i < g.node_count; ++i) {
        const int size = g.nodes[i].shape.size();
        if (g.nodes[i].kind == op::parameter)
            parameters += size;
        else if (size > fixed_limits::elements)
            return false;
    }
    return parameters <= fixed_limits::parameters;
}();

template <class Graph> constexpr bool mixes_elements(const Graph& g, const step_view& v) {
    for (int k = 0; k < v.external_count; ++k)
        if (!g.nodes[v.externals[k]].is_real()) return true;
    for (int k = 0; k < v.code_count; ++k)
        if (v.code[k].type != element::real) return true;
    return false;
}
template <class Program, class Arch> constexpr fixed_form form_of_step(int step) {
    using T = typename Program::real_type;
    const fused_step& t = Program::order.steps[step];
    for (const part p : {part::after, part::before})
        if (members_of(t, p) > 0 &&
            !is_fixed_loop(stored_walk<>(Program::view(), view_step(Program::graph, Program::order, step, p)).walk))
            return fixed_form::none;
    const step_view v = view_step(Program::graph, Program::order, step);
    for (const part p : {part::after, part::before}) {
        const step_view own = view_step(Program::graph, Program::order, step, p);
        if (mixes_elements(Program::graph, own)) return fixed_form::none;
    }
    if (!Program::graph.nodes[v.domain].is_real()) return fixed_form::none;
    if (v.anchor < 0) return fixed_form::loop;
    const graph_view g = Program::view();
    const node& self = g[v.anchor];
    if (self.kind == op::einsum) return form_of_product<Arch, T>(contraction::of(g, self));
    return t.count() == 0 && copy_of_step<Arch, T>(g, self).count > 0 ? fixed_form::copy : fixed_form::none;
}

template <class Program, class Arch>
inline constexpr auto fixed_forms = [] {
    struct list {
        fixed_form of[Program::steps + 1] = {};
        bool any = false;
    } l;
    if constexpr (is_small<Program>)
        for (int k = 0; k < Program::steps; ++k)
            if (!Program::table.elided[k] && !Program::table.prepared[k]) {
                l.of[k] = form_of_step<Program, Arch>(k);
                l.any = l.any || l.of[k] != fixed_form::none;
            }
    return l;
}();

template <class Program, class Arch> constexpr bool is_fixed(int step) {
    return fixed_forms<Program, Arch>.of[step] != fixed_form::none;
}

}  // namespace tessera::detail::simd
