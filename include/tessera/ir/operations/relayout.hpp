// relayout: the same value, kept in memory in another arrangement.
//
//   relayout(x, {2, 0, 1})         its axes from the outermost one in memory to the innermost: channels first
//   relayout(x, {0, 1, 2}, 16)     rows of the innermost one begin 16 elements, or a multiple of 16, apart
//
//   out     x, as it is: extents and elements are those of x
//
// It says where elements are, and not what they are: samples stay outermost, and padding holds whatever was there. Who
// reads by strides reads the value so; others, and the caller, read x: see passes/view.hpp. A backend that reads no
// strides runs nothing.
//
// Gradient    the identity.    Cost  one copy, where something reads it.
// Errors      an order that does not name every axis once; rows of a multiple below 1; more than 2^31 elements, padding
//             counted.
#pragma once
#include <tessera/ir/layout.hpp>
#include <tessera/ir/operations/permute.hpp>

namespace tessera {

namespace detail {

struct relayout_attributes {
    int order[max_rank];  // of axes in memory, the outermost first
    int multiple;         // of elements, from one row of the last of them to the next

    constexpr long padded(long length) const { return (length + multiple - 1) / multiple * multiple; }
    // of a sample, padding counted
    constexpr long elements(const extents& e) const {
        if (e.rank == 0) return 1;
        const int row = e.size_of[order[e.rank - 1]];
        return static_cast<long>(e.size()) / row * padded(row);
    }
    constexpr layout arrange(const extents& e, bool batched) const {
        layout l = layout::row_major(e, batched);
        long step = 1;
        for (int k = e.rank - 1; k >= 0; --k) {
            const int a = order[k] + 1;
            l.stride[a] = step;
            step *= k == e.rank - 1 ? padded(e.size_of[order[k]]) : l.extent[a];
        }
        if (batched) l.stride[0] = step;
        return l;
    }
    // elements stand one after another, those of the next sample too
    constexpr bool is_row_major(const extents& e, bool batched) const {
        layout own = arrange(e, batched), plain = layout::row_major(e, batched);
        for (layout* l : {&own, &plain})
            if (batched) l->extent[0] = 2;
        return merged(own) == merged(plain);
    }
};

}  // namespace detail

constexpr value relayout(value x, const detail::permutation& order, int multiple = 1) {
    if (!x.valid()) return x;
    bool good = order.rank == x.rank();
    unsigned seen = 0;
    detail::relayout_attributes own{{}, multiple};
    for (int a = 0; good && a < order.rank; ++a) {
        good = order.size_of[a] >= 0 && order.size_of[a] < order.rank && !(seen >> order.size_of[a] & 1u);
        if (!good) break;
        seen |= 1u << order.size_of[a];
        own.order[a] = order.size_of[a];
    }
    if (!good)
        return reject(*x.owner, detail::within{"relayout"},
                      text("each of the ") + x.rank() + std::string_view(" axes once"), order.describe());
    if (multiple < 1 || multiple > extents::most)
        return reject(*x.owner, detail::within{"relayout"}, text("rows of a multiple of at least 1"),
                      text() + multiple);
    const long row = x.rank() == 0 ? 1 : x.extent(own.order[x.rank() - 1]);
    if (own.padded(row) > extents::most / (x.size() / row))
        return reject(*x.owner, detail::within{"relayout"}, text("fewer than 2^31 with padding"),
                      x.shape().describe() + std::string_view(", rows of ") + multiple);
    if (!expects_whole_rows(detail::within{"relayout"}, x, x.rank() == 0 || own.order[x.rank() - 1] == x.rank() - 1))
        return {x.owner, -1};
    detail::node n;
    n.kind = detail::op::relayout;
    n.shape = x.shape();
    return add_node(*x.owner, n, {x}, own);
}

namespace detail {

struct relayout_operation {
    static constexpr bool moves = true;
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) { c.y[item] = c.x[0][item]; }
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) { t.add(y.argument(0), dy); }
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace detail

}  // namespace tessera
