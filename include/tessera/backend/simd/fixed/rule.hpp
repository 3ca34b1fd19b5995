// rule: which steps of a program have a fixed kernel: one whose extents, strides and addresses are constants, compiled
// into the call without a plan, a table or an indirect call.
//
// It pays where a step takes less time than finding out what to do, and costs code for each step. So it is for programs
// of few samples a call, of few steps, few weights and short values; in them for what has little work to do, as
// limits.hpp says. What is left, every step of another program, and a batch that is not full, is a kernel driven by
// data; see kernel.hpp.
#pragma once
#include <tessera/backend/simd/fixed/convolution_rule.hpp>
#include <tessera/backend/simd/fixed/copy_rule.hpp>
#include <tessera/backend/simd/fixed/loop_rule.hpp>
#include <tessera/backend/simd/fixed/pooling_rule.hpp>
#include <tessera/backend/simd/fixed/product_rule.hpp>
#include <tessera/backend/simd/fixed/reduction_rule.hpp>
#include <tessera/backend/simd/fixed/row_rule.hpp>
#include <tessera/backend/simd/fixed/softmax_rule.hpp>
#include <tessera/backend/widths.hpp>
#include <tessera/program.hpp>

namespace tessera::detail::simd {

template <class Program>
inline constexpr bool is_small = [] {
    const auto& g = Program::graph;
    if (Program::capacity > fixed_limits::capacity || Program::steps > fixed_limits::steps) return false;
    if (Program::capacity > 1 && g.purpose == phase::training) return false;
    int parameters = 0;
    for (int i = 0; i < g.node_count; ++i) {
        const long size = g.nodes[i].shape.size();
        if (g.nodes[i].kind == op::parameter)
            parameters += static_cast<int>(size);
        else if (size * (g.nodes[i].batched ? Program::capacity : 1) > fixed_limits::elements)
            return false;
    }
    return parameters <= fixed_limits::parameters;
}();

// what an anchor's kernel is; columns: of the rows that its results are handed over in, 0 where it has no epilogue
struct fixed_anchor {
    fixed_form form = fixed_form::none;
    long columns = 0;
    bool in_groups = false;  // pieces of a row begin anywhere in it
};
template <class Arch, class T>
constexpr fixed_anchor anchor_of_step(const graph_view& g, const node& self, int capacity, bool computed) {
    switch (self.kind) {
        case op::einsum: {
            const auto f = fixed_contraction_of<Arch, T>(contraction::of(g, self), capacity);
            const bool in_rows = f.form == fixed_form::product || f.shape.m * f.shape.n == 1;
            return {f.form, in_rows ? f.shape.n : 0};
        }
        case op::convolution: {
            const auto f = fixed_convolution_of<Arch, T>(g, self, capacity, computed);
            return {f.form, f.weight_row(), f.groups > 1 && f.form == fixed_form::convolution};
        }
        case op::max_pool:
        case op::average_pool: {
            const auto f = fixed_pooling_of<Arch, T>(g, self, capacity);
            return {f.exists ? fixed_form::pooling : fixed_form::none, f.shape.channels};
        }
        case op::softmax:
        case op::log_softmax: {
            const auto f = fixed_softmax_of<Arch, T>(g, self, capacity);
            return {f.exists ? fixed_form::softmax : fixed_form::none, f.columns};
        }
        case op::delay_line: return {fixed_form::rows_out_of_a_ring};
        case op::gather:
            return {fixed_gather_of<Arch, T>(g, self, capacity).exists ? fixed_form::gather : fixed_form::none};
        default: break;
    }
    if (self.kind == op::store && fixed_ring_of<Arch, T>(g, self, capacity).exists)
        return {fixed_form::row_into_a_ring};
    if (!computed && copy_of_step<Arch, T>(g, self, capacity).count > 0) return {fixed_form::copy};
    if (walk_of_step<Arch, T>(g, self, capacity).axes > 0) return {fixed_form::walk};
    const bool folds = self.kind == op::sum || self.kind == op::maximum;
    return {folds && fixed_reduction_of<Arch, T>(g, self, capacity).exists ? fixed_form::reduction : fixed_form::none};
}

template <class Program, class Arch> constexpr fixed_form form_of_step(int step) {
    using T = typename Program::real_type;
    const graph_view g = Program::view();
    const fused_step& t = Program::order.steps[step];
    const step_view v = view_step(Program::graph, Program::order, step);
    if (v.anchor >= 0 && g[v.anchor].kind == op::gather)  // whose index is no real number
        return t.count() == 0 ? anchor_of_step<Arch, T>(g, g[v.anchor], Program::capacity, false).form
                              : fixed_form::none;
    if (mixes_elements<Arch>(g, v) || !g[v.domain].is_real()) return fixed_form::none;
    const step_view before = view_step(Program::graph, Program::order, step, part::before);
    if (t.before > 0 && (mixes_elements<Arch>(g, before) || !in_few_blocks<Arch>(g, before, Program::capacity)))
        return fixed_form::none;
    if (v.anchor < 0) return in_few_blocks<Arch>(g, v, Program::capacity) ? fixed_form::loop : fixed_form::none;
    const fixed_anchor a = anchor_of_step<Arch, T>(g, g[v.anchor], Program::capacity, t.before > 0);
    if (t.after == 0) return a.form;
    if (a.columns == 0 && a.form != fixed_form::dots) return fixed_form::none;
    const bool fused = a.columns > 0 && is_run_by_rows<Arch, T>(g, v, Program::capacity, a.columns, a.in_groups);
    return fused || in_few_blocks<Arch>(g, v, Program::capacity) ? a.form : fixed_form::none;
}

template <class Program, class Arch>
inline constexpr auto fixed_forms = [] {
    struct list {
        fixed_form of[Program::steps + 1] = {};
        bool any = false;
    } l;
    if constexpr (!is_in_other_width<Program> && is_small<Program>)
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
// a batch may have fewer samples than it is made for
template <class Program, class Arch> constexpr bool runs_by_data(int step) {
    return Program::capacity > 1 || !is_fixed<Program, Arch>(step);
}

}  // namespace tessera::detail::simd
