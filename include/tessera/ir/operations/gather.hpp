// gather, one_hot, segment_sum, to_real: what whole numbers select, and what they are.
//
//   gather(table (V, D), index (T))   rows (T, D) of the table
//   one_hot(index (T), classes)       (T, classes), 1 at the index
//   one_hot(index, classes, ignored)  as well, and nothing but 0 where the index is `ignored`, in range or not
//   segment_sum(x (T, D), segments (T), count)   (count, D): row k is the sum of the rows of x whose segment is k
//   to_real(x)                        numbers of another element as real ones
//
// Gradient    to the table: rows added up where they came from (scatter_add). Of a segment's sum: to each of its rows. To
//             the index: none.
// Cost        one row copied an index, or added to the gradient. On the scalar backend the gradient takes its memory
//             twice while it is made, where more than 32 rows of a batch may come from one place.
// Accuracy    of the gradient on the scalar backend that of one addition, however many rows come from one place; the
//             simd backend saves the memory and adds plainly: rows of 0.1f, 2^20 of one place, are off by 1 %.
// Errors      an index that is not of element int32, or of rank 6; a table that is not of rank 2; no classes or segments;
//             segments that are not one for each row of x. Numbers of an input that are out of range are refused by the
//             call; a computed index must be bounded: see index_bounds.hpp. One_hot of one out of range is all 0.
#pragma once
#include <cstdint>
#include <optional>
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/ir/running_sum.hpp>
#include <tessera/ir/small_float.hpp>

namespace tessera {

namespace detail {

constexpr bool expects_index(value index) {
    return expects(index, !index.valid() || index.get().type == element::int32, "an index of element int32",
                   "declare it: in<\"tokens\", shape<T>, int32>, or to_index(x, count)") &&
           expects(index, index.rank() < max_rank, "indices of rank 5 or less");
}

// that an index selects among so many, whatever is computed
constexpr bool expects_below(within w, value index, int count) {
    const graph_view g = index.owner->view();
    if (stays_below(g, index.id, count)) return true;
    reject(*index.owner, w, text("an index from 0 to ") + (count - 1), described(bounds_of(g, index.id)),
           text("clamp(index, 0, ") + (count - 1) + std::string_view(")"));
    return false;
}

}  // namespace detail

constexpr value gather(value table, value index) {
    if (!table.valid() || !index.valid()) return {table.owner, -1};
    const detail::within here{"gather"};
    if (!detail::expects_index(index) || !expects(here, table, rank == 2, "a table (rows, features)") ||
        !expects_below(here, index, table.extent(0)))
        return {table.owner, -1};
    detail::node n;
    n.kind = detail::op::gather;
    n.shape = index.shape();
    n.shape.push(table.extent(1));
    return add_node(*table.owner, n, {table, index});
}

namespace detail {

struct one_hot_attributes {
    int ignores, ignored;  // whether there is a number that stands for no class, and which

    constexpr bool none_of(long index) const { return ignores != 0 && index == ignored; }
};

}  // namespace detail

constexpr value one_hot(value index, int classes, std::optional<std::int32_t> ignored = {}) {
    if (!index.valid() || !detail::expects_index(index)) return {index.owner, -1};
    if (classes < 1) return reject(*index.owner, text("at least 1 class"), text() + classes);
    detail::node n;
    n.kind = detail::op::one_hot;
    n.shape = index.shape();
    n.shape.push(classes);
    return add_node(*index.owner, n, {index}, detail::one_hot_attributes{ignored.has_value(), ignored.value_or(0)});
}

// x (T..., D) and segments (T...) to (count, D), or x (T...) to (count)
constexpr value segment_sum(value x, value segments, int count) {
    if (!x.valid() || !segments.valid() || !detail::expects_index(segments)) return {x.owner, -1};
    const extents rows = segments.shape(), shape = x.shape();
    bool fits = shape.rank == rows.rank || shape.rank == rows.rank + 1;
    for (int a = 0; a < rows.rank && fits; ++a) fits = shape.size_of[a] == rows.size_of[a];
    if (!fits)
        return reject(*x.owner, text("a segment for each row of ") + shape.describe().view(),
                      text("segments of shape ") + rows.describe().view());
    if (count < 1) return reject(*x.owner, detail::within{"segment_sum"}, text("at least 1 segment"), text() + count);
    if (!expects_below(detail::within{"segment_sum"}, segments, count)) return {x.owner, -1};
    const bool numbers = shape.rank == rows.rank;
    detail::node n;
    n.kind = detail::op::scatter_add;
    n.shape = {count, numbers ? 1 : shape[-1]};
    const value y = add_node(*x.owner, n, {numbers ? reshape(x, {x.size(), 1}) : x, segments});
    return numbers ? reshape(y, {count}) : y;
}

constexpr value to_real(value x) {
    if (!x.valid() || x.get().is_floating()) return x;
    if (x.get().type == element::bit)
        return reject(*x.owner, detail::within{"to_real"}, text("numbers"), text("bits"),
                      text("signs_of(x) is -1 and 1, to_integer(x) 1 and 0"));
    detail::node n;
    n.kind = detail::op::to_real;
    n.shape = x.shape();
    return add_node(*x.owner, n, {x});
}

namespace detail {

// the real number that something in memory stands for
template <class T, class Element> constexpr T real_of_stored(std::int32_t x) {
    if constexpr (std::is_same_v<Element, float16>)
        return static_cast<T>(float16_format::decode(static_cast<std::uint16_t>(x)));
    else if constexpr (std::is_same_v<Element, bfloat16>)
        return static_cast<T>(bfloat16_format::decode(static_cast<std::uint16_t>(x)));
    else
        return static_cast<T>(x);
}

struct gather_operation {
    static constexpr bool moves = true;
    template <class T> static constexpr int items(const call<T>& c) {  // scatter_add: a column of the table each
        return c.self->kind == op::scatter_add ? c.samples() * c.self->shape[-1] : c.elements();
    }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        const int wide = c.self->kind == op::to_real ? 1 : c.self->shape[-1];
        if constexpr (std::is_floating_point_v<T>) {  // the others move elements of any type
            if (c.self->kind == op::to_real) {
                with_tag(c.argument(0).type,
                         [&](auto tag) { c.y[item] = real_of_stored<T, decltype(tag)>(c.stored(0, item)); });
                return;
            }
            if (c.self->kind == op::scatter_add) return scatter(c, item / wide, item % wide);
        }
        const int row = item / wide, column = item % wide, rows = c.self->shape.size() / wide;
        const int k = c.self->kind == op::gather ? 1 : 0;
        const int index = c.index[k][c.argument(k).batched ? row : row % rows];
        if (c.self->kind == op::one_hot)
            c.y[item] = static_cast<T>(index == column && !c.template attributes<one_hot_attributes>().none_of(index));
        else
            c.y[item] = c.x[0][c.origin(0, row / rows) + static_cast<long>(index) * wide + column];
    }
    // elements in which scatter_add keeps what rounding takes from its result
    static constexpr long room(const graph_view& g, const node& n, int capacity) {
        if (n.kind != op::scatter_add) return 0;
        const long rows = static_cast<long>(g.operand(n, 1).shape.size()) * (g.sums_batch(n) ? capacity : 1);
        return rows <= summation::longest_run ? 0 : static_cast<long>(n.shape.size()) * (n.batched ? capacity : 1);
    }
    // dy (T, D), index (T) -> the table's gradient, in the order of the samples
    template <class T> static constexpr void scatter(const call<T>& c, int sample, int column) {
        const int wide = c.self->shape[-1], rows = c.argument(1).shape.size();
        T* const y = c.y + sample * c.self->shape.size();
        T* const rest = c.room == nullptr ? nullptr : c.room + sample * c.self->shape.size();
        for (long r = 0, i = column; r < c.self->shape[0]; ++r, i += wide) {
            y[i] = T(0);
            if (rest != nullptr) rest[i] = T(0);
        }
        const bool summed = c.sums_batch(), of_each = c.argument(1).batched;
        const int first = summed ? 0 : sample, end = summed ? c.count : sample + 1;
        for (int s = first; s < end; ++s)
            for (int r = 0; r < rows; ++r) {
                const T x = c.x[0][c.origin(0, s) + static_cast<long>(r) * wide + column];
                const long to = static_cast<long>(c.index[1][of_each ? s * rows + r : r]) * wide + column;
                if (rest == nullptr) {
                    y[to] += x;
                } else {
                    rest[to] += x;
                    summation::move_run(rest[to], y[to]);
                }
            }
    }
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        if (y.get().kind == op::to_real) return t.add(y.argument(0), dy);  // what it is stored as has the same
        if (y.get().kind == op::one_hot) return;
        const value index = y.argument(1);
        if (y.get().kind == op::scatter_add) return t.add(y.argument(0), gather(dy, index));
        const value table = y.argument(0);
        if (!t.wants(table)) return;
        node n;
        n.kind = op::scatter_add;
        n.shape = table.shape();
        const value d = add_node(*y.owner, n, {dy, index});
        if (d.valid() && !table.batched()) d.owner->nodes[static_cast<std::size_t>(d.id)].batched = false;
        t.add(table, d);
    }
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace detail

}  // namespace tessera
