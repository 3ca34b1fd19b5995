// layout: where in memory the elements of a value are: extents and strides of its axes, the samples first.
//
//   element (s, i, j, ...) is at    first + s stride[0] + i stride[1] + j stride[2] + ...
//
// A value that is made has its elements one after another (row_major). What is a part of it, or it in another order, is
// the same memory under another layout: permuted, sliced, reshaped, broadcast. A stride of 0 repeats an element, a
// negative one runs backwards; what the strides step over is padding, or belongs to something else.
#pragma once
#include <tessera/ir/extents.hpp>

namespace tessera::detail {

// Plain arrays, so that device code may read them.
struct layout {
    static constexpr int max_axes = max_rank + 2;  // the windows of a volume have so many: see windows_of.hpp

    int axes = 0;
    long extent[max_axes] = {};  // of the samples: 1, as long as it is not known how many there are
    long stride[max_axes] = {};  // elements between neighbours
    long first = 0;              // where the first element is
    long by_iteration = 0;       // how far all of it moves from one iteration of the loop around to the next

    // one after another
    static constexpr layout row_major(const extents& e, bool batched) {
        layout l;
        l.axes = e.rank + 1;
        long step = 1;
        for (int a = e.rank; a > 0; --a) {
            l.extent[a] = e.size_of[a - 1];
            l.stride[a] = step;
            step *= l.extent[a];
        }
        l.extent[0] = 1;
        l.stride[0] = batched ? step : 0;
        return l;
    }

    // elements, gaps not counted
    constexpr long size() const {
        long n = 1;
        for (int a = 0; a < axes; ++a) n *= extent[a];
        return n;
    }
    // where an element is, counted in row-major order; the samples take what is left
    constexpr long at(long position) const {
        long offset = first;
        for (int a = axes - 1; a > 0; --a) {
            offset += position % extent[a] * stride[a];
            position /= extent[a];
        }
        return axes == 0 ? offset : offset + position * stride[0];
    }
    // how many of the innermost elements, in row-major order, stand one after another
    constexpr long run() const {
        long n = 1;
        for (int a = axes - 1; a > 0; --a) {
            if (extent[a] == 1) continue;
            if (stride[a] != n) return n;
            n *= extent[a];
        }
        return n;
    }
    // elements between neighbours of the axes from `begin` on, before `end`, taken as one; 0 if they do not go on where one
    // ends, in all samples if those are among them
    constexpr long step(int begin, int end) const {
        long one = stride[end - 1], next = 0;
        bool any = false;
        for (int a = end - 1; a >= begin; --a) {
            if (a == 0 ? stride[0] == 0 : extent[a] == 1) continue;
            if (!any) one = next = stride[a];
            if (stride[a] != next) return 0;
            any = true;
            next *= extent[a];
        }
        return one;
    }
    // a further axis inside the others; one that goes on where the last one does becomes a part of it
    constexpr void append(long length, long step) {
        if (length == 1) return;
        if (axes > 0 && stride[axes - 1] == step * length) {
            extent[axes - 1] *= length;
            stride[axes - 1] = step;
        } else {
            extent[axes] = length;
            stride[axes++] = step;
        }
    }
    constexpr bool operator==(const layout& other) const {
        if (axes != other.axes || first != other.first || by_iteration != other.by_iteration) return false;
        for (int a = 0; a < axes; ++a)
            if (extent[a] != other.extent[a] || stride[a] != other.stride[a]) return false;
        return true;
    }
};

// without axes of 1, and those in one that go on where one ends; the samples are an axis as others
constexpr layout merged(const layout& l) {
    layout m;
    m.first = l.first;
    m.by_iteration = l.by_iteration;
    for (int a = 0; a < l.axes; ++a) m.append(l.extent[a], l.stride[a]);
    return m;
}

// axis i is axis order[i], the samples not counted
constexpr layout permuted(const layout& l, const int* order) {
    layout p = l;
    for (int a = 1; a < l.axes; ++a) {
        p.extent[a] = l.extent[order[a - 1] + 1];
        p.stride[a] = l.stride[order[a - 1] + 1];
    }
    return p;
}

// a box of it, of the given extents: element p is first + p * step, axis by axis
constexpr layout sliced(const layout& l, const int* first, const int* step, const extents& box) {
    layout s = l;
    for (int a = 1; a < l.axes; ++a) {
        s.first += first[a - 1] * l.stride[a];
        s.extent[a] = box.size_of[a - 1];
        s.stride[a] = step[a - 1] * l.stride[a];
    }
    return s;
}

// the element of its leading axis that a loop is at
constexpr layout item_of(const layout& l) {
    layout i = l;
    i.by_iteration = l.stride[1];
    --i.axes;
    for (int a = 1; a < i.axes; ++a) {
        i.extent[a] = l.extent[a + 1];
        i.stride[a] = l.stride[a + 1];
    }
    return i;
}

// a value as an operand of others of the extents `to`: axes are aligned at the last one, an extent of 1 is stretched
constexpr layout broadcast(const layout& l, const extents& to) {
    layout b;
    b.axes = to.rank + 1;
    b.first = l.first;
    b.by_iteration = l.by_iteration;
    b.extent[0] = l.extent[0];
    b.stride[0] = l.stride[0];
    for (int a = b.axes - 1, k = l.axes - 1; a > 0; --a, --k) {
        b.extent[a] = to.size_of[a - 1];
        b.stride[a] = k <= 0 || l.extent[k] == 1 ? 0 : l.stride[k];
    }
    return b;
}

// the same elements in the same order under other extents; no axes where that needs a copy
constexpr layout reshaped(const layout& l, const extents& to) {
    layout groups;  // axes that go on where one ends; samples stay apart
    for (int a = 1; a < l.axes; ++a) groups.append(l.extent[a], l.stride[a]);
    layout r;
    r.first = l.first;
    r.by_iteration = l.by_iteration;
    r.axes = to.rank + 1;
    r.extent[0] = l.extent[0];
    r.stride[0] = l.stride[0];
    int g = groups.axes - 1;
    long inside = 1;  // elements of the group that the axes so far take
    for (int a = to.rank; a > 0; --a) {
        const long length = to.size_of[a - 1];
        r.extent[a] = length;
        if (length == 1) continue;
        if (g < 0 || groups.extent[g] % (inside * length) != 0) return {};
        r.stride[a] = groups.stride[g] * inside;
        inside *= length;
        if (inside == groups.extent[g]) {
            --g;
            inside = 1;
        }
    }
    return r;
}

}  // namespace tessera::detail
