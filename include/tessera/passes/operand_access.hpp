// operand_access: how an operand moves while the domain of a pointwise loop is walked. The samples are the outermost
// axis.
#pragma once
#include <tessera/ir/node.hpp>

namespace tessera::detail {

struct operand_access {
    static constexpr int max_axes = max_rank + 1;
    int axes = 1;
    bool same = false;      // the operand has the domain's own layout
    bool constant = false;  // within a block it is one number; otherwise it is contiguous there
    long block = 0;         // positions of a block; 0: all of them
    long period = 0;        // it is a vector that repeats every so many positions, if not 0
    long extent[max_axes] = {}, stride[max_axes] = {};  // axis 0: samples, its extent unknown

    static constexpr operand_access of(const node& domain, const node& operand) {
        operand_access a;
        const extents &d = domain.shape, &e = operand.shape;
        a.stride[0] = operand.batched ? e.size() : 0;
        for (int i = 0; i < d.rank; ++i) {
            const int k = i - (d.rank - e.rank);
            a.extent[a.axes] = d.size_of[i];
            a.stride[a.axes++] = k < 0 || e.size_of[k] == 1 ? 0 : e.stride(k);
        }
        a.same = e.size() == d.size() && operand.batched == domain.batched;
        if (a.same) return a;
        // the innermost axes that agree
        long run = 1;
        int i = a.axes - 1;
        for (; i >= 1; --i) {
            if (a.extent[i] == 1) continue;
            const bool fixed = a.stride[i] == 0;
            if (run == 1) a.constant = fixed;
            if (fixed != a.constant || (!fixed && a.stride[i] != run)) break;
            run *= a.extent[i];
        }
        const bool whole = i == 0;
        if (whole && run == 1) a.constant = true;
        if (whole && (!domain.batched || (a.constant && !operand.batched))) return a;  // all of it, or a number
        a.block = run;
        bool repeats = !a.constant && !operand.batched;
        for (int k = 1; k <= i; ++k) repeats = repeats && (a.stride[k] == 0 || a.extent[k] == 1);
        if (repeats) a.period = run;
        return a;
    }

    // where the block that holds a position of the domain finds its operand for that position
    constexpr long at(long position) const {
        if (same) return position;
        if (block == 0) return constant ? 0 : position;
        if (period != 0) return position % period;
        long offset = 0;
        for (int i = axes - 1; i >= 1; --i) {
            offset += position % extent[i] * stride[i];
            position /= extent[i];
        }
        return offset + position * stride[0];
    }
};

}  // namespace tessera::detail
