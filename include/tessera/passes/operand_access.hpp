// operand_access: how an operand moves while the domain of a pointwise loop is walked. The samples are the outermost
// axis.
#pragma once
#include <limits>
#include <tessera/ir/layout_of.hpp>

namespace tessera::detail {

struct operand_access {
    static constexpr long short_block = 64;  // what is one number for less is better written out

    bool same = false;             // the operand has the domain's own layout
    element type = element::real;  // what it is stored as
    bool constant = false;         // within a block it is one number; otherwise it is contiguous there
    long block = 0;                // positions of a block; 0: all of them
    long period = 0;               // it is a vector that repeats every so many positions, if not 0
    long stretch = 0;              // each of its elements stands for so many positions, one after another, if not 0
    bool in_line = false;          // it is a number a block, and these stand one after another
    bool apart = false;            // its blocks are short, and written out one after another before code sees them
    long repeats = 0;  // of such: over how many positions each is the same again and again; a block at least
    int axis = 0;      // along which its blocks lie
    layout from;       // of the operand, stretched over the domain; `first` is a part of its address

    // of nodes of a graph
    static constexpr operand_access of(const graph_view& g, int domain, int operand) {
        const node &d = g[domain], &e = g[operand];
        operand_access a;
        if (g.is_view(operand))
            a = of(d, layout_of(g, operand), e.batched);
        else if (e.shape.size() != d.shape.size() || e.batched != d.batched)
            a = of(d, layout::row_major(e.shape, e.batched), e.batched);
        else
            a.same = true;
        a.type = e.type > element::bit ? element::real : e.type;  // of whatever width the loop has
        if (a.type != element::real) {
            a.constant = a.constant || a.stretch != 0;
            a.stretch = 0;
            a.apart = false;
        }
        return a;
    }
    // what a loop's code reads as one number
    constexpr bool is_number() const { return constant && !same && !apart; }

    static constexpr operand_access of(const node& domain, const layout& operand, bool batched) {
        operand_access a;
        a.from = broadcast(operand, domain.shape);
        a.from.first = 0;
        const long* const extent = a.from.extent;
        const long* const stride = a.from.stride;
        // the innermost axes that agree
        long run = 1;
        int i = a.from.axes - 1;
        for (; i >= 1; --i) {
            if (extent[i] == 1) continue;
            const bool fixed = stride[i] == 0;
            if (run == 1) a.constant = fixed;
            if (fixed != a.constant || (!fixed && stride[i] != run)) break;
            run *= extent[i];
        }
        const bool whole = i == 0;
        if (whole && run == 1) a.constant = true;
        if (whole && (!domain.batched || (a.constant && !batched))) return a;  // all of it, or a number
        a.block = run;
        a.in_line = a.constant && run > 1 && goes_on(a.from, i, domain.batched);
        if (a.in_line && run < short_block) {
            a.in_line = a.constant = false;
            a.stretch = run;
        }
        bool repeats = !a.constant && a.stretch == 0 && !batched;
        for (int k = 1; k <= i; ++k) repeats = repeats && (stride[k] == 0 || extent[k] == 1);
        if (repeats) a.period = run;
        a.axis = i;
        a.apart = a.stretch == 0 && run < short_block;
        a.repeats = run;
        while (i > 0 && (extent[i] == 1 || stride[i] == 0)) a.repeats *= extent[i--];
        if (i == 0 && stride[0] == 0) a.repeats = std::numeric_limits<long>::max();
        return a;
    }

    constexpr bool has_blocks_of(long positions) const { return block == 0 || block >= positions || period != 0; }

    // where the block that holds a position of the domain finds its operand for that position
    constexpr long at(long position) const {
        if (same) return position;
        if (block == 0) return constant ? 0 : position;
        if (period != 0) return position % period;
        if (stretch != 0) return position / stretch;
        return from.at(position);
    }

  private:
    // whether the elements of axes 1 to `last` stand one after another, and those of all samples
    static constexpr bool goes_on(const layout& l, int last, bool samples) {
        long step = 1;
        for (int k = last; k >= 1; --k) {
            if (l.extent[k] == 1) continue;
            if (l.stride[k] != step) return false;
            step *= l.extent[k];
        }
        return !samples || l.stride[0] == step;
    }
};

}  // namespace tessera::detail
