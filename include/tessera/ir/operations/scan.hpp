// scan(body, initial, sequence[, {.from_the_end}]): a recurrence over the leading axis of a sequence.
//
//   in      initial h0 (...), sequence x (T, ...)
//   out     h (T, ...): all carries
//
//   h_t = body(h_(t - 1), x_t), or from the end  h_t = body(h_(t + 1), x_t)
//
// The body is traced once, into a range of nodes between the marks `loop` and `loop_end`, and planned once.
// In the range
//   carry   is the value of the iteration before, `initial` at first     next    what it will be
//   item    is one element of a sequence's leading axis                  stack   collects a value
//                                                                        total   adds it up; see of_total
// A value of the range that is read after it is that of the last iteration; it has no gradient, and training refuses
// it. Its carry is not read after it: that is refused.
//
// A state that the body updates is a carry too: each iteration sees what the one before left, the first what the state
// was; after the loop the state is what the last one left.
//
// When streaming there is no loop: a call is one iteration, and the carry is a state of the model, one for each scan
// and each application of it. The first call begins with `initial`.
//
// Gradient    exact: a scan in the other direction that reads the saved carries and computes the body again, the scans
//             in it as well.
// Cost        T times that of the body; two copies of a carry an iteration. A gradient that adds up over the iterations
//             takes its memory twice while the loop runs, where T > 32; its error does not grow with T.
// Random numbers drawn in the body are the same in every iteration.
// Errors      a stream from its end; a sequence of rank 0; a carry of rank 6; more than 8 scans inside one another; a
//             body whose result has not the shape of the carry, or that makes one for each sample of a carry for all.
#pragma once
#include <tessera/ir/operations/reduce.hpp>
#include <tessera/ir/operations/store.hpp>

namespace tessera {

namespace detail {

namespace loops {

enum class walk : int { time, repeat };

constexpr value begin(graph& g, int length, bool reversed, walk along = walk::time) {
    if (loop_depth(g.nodes.data(), static_cast<int>(g.nodes.size())) >= max_loop_depth)
        return reject(g, detail::within{"scan"},
                      text("at most ") + max_loop_depth + std::string_view(" scans inside one another"),
                      text("another in the body of the last"));
    node n;
    n.kind = op::loop;
    return add_node(g, n, {}, loop_attributes{length, reversed, along == walk::repeat});
}
constexpr void end(graph& g) {
    node n;
    n.kind = op::loop_end;
    add_node(g, n);
}
constexpr value unary(op kind, value x, const extents& shape) {
    node n;
    n.kind = kind;
    n.shape = shape;
    return add_node(*x.owner, n, {x});
}
constexpr value carry(value initial) { return unary(op::carry, initial, initial.shape()); }
// x, or a copy where x names a carry, which is the next one's as soon as one is written
constexpr value apart(value x) {
    if (!x.valid()) return x;
    value named = x;
    while (named.get().kind == op::reshape) named = named.argument(0);
    return named.get().kind == op::carry ? apply(scalar_function::identity, x) : x;
}
// the value of a carry from the next iteration on, and after the loop
constexpr value next(value carried, value to) {
    node n;
    n.kind = op::next;
    n.shape = to.shape();
    return add_node(*to.owner, n, {carried, to});
}
constexpr value item(value sequence) {
    extents e;
    for (int a = 1; a < sequence.rank(); ++a) e.push(sequence.extent(a));
    return unary(op::item, sequence, e);
}
constexpr value stack(value x, int length) {
    extents e{length};
    for (int a = 0; a < x.rank(); ++a) e.push(x.extent(a));
    return unary(op::stack, x, e);
}
// (1 or 2, elements of x), whose rows add up to the total. The first takes the values of a run of iterations; a loop of
// more than one run moves it after each to the second, but for what rounding takes from that: see running_sum.
constexpr value total(value x, int length) {
    return unary(op::total, x, {length > summation::longest_run ? 2 : 1, x.shape().size()});
}
// after the loop
constexpr value of_total(value total, const extents& shape) { return reshape(reduce(op::sum, total, 1u), shape); }

// whether a carry may be followed by what the body makes; else that is the mistake
constexpr bool continues(value before, value after) {
    if (!after.valid()) return false;
    graph& g = *before.owner;
    if (!(after.shape() == before.shape()))
        reject(g, detail::within{"scan"}, text("a body that returns ") + before.shape().describe().view(),
               after.shape().describe());
    else if (after.batched() && !before.batched())
        reject(g, detail::within{"scan"}, text("a carry that each sample has one of"), text("one for all samples"),
               text("stretch(initial, initial.shape(), true) makes it so"));
    return !g.failed;
}

// the value of a stream, which is one sample
constexpr value of_stream(value x) { return reduce(op::sum, x, 0, {.over_batch = true}); }

// a state of one scan alone, whatever others there are in its function or under its key of tied<>
constexpr value own_state(value x, std::string_view name, const extents& shape, double start = 0) {
    variable_request r = state(name, shape, start);
    r.carried = true;
    return r.with(x);
}

// whether all elements are one number that is known when compiling
constexpr bool is_number(value x, double& number) {
    const node n = x.get();
    if (n.kind == op::constant) {
        number = x.owner->number(n);
        for (int i = 1; i < n.shape.size(); ++i)
            if (x.owner->view().number(n, i) != number) return false;
        return true;
    }
    const bool copies = n.kind == op::reshape || n.kind == op::concatenate ||
                        (n.kind == op::pointwise && n.function == scalar_function::identity);
    for (int k = 0; k < n.argument_count && copies; ++k) {
        double other = 0;
        if (!is_number(x.argument(k), other) || (k > 0 && other != number)) return false;
        number = other;
    }
    return copies;
}

}  // namespace loops

}  // namespace detail

struct scan_options {
    bool from_the_end = false;
};

template <class Body> constexpr value scan(Body body, value initial, value sequence, scan_options options = {}) {
    graph& g = *sequence.owner;
    if (!initial.valid() || !expects(detail::within{"scan"}, sequence, sequence.rank() >= 1, "a sequence (time, ...)"))
        return {&g, -1};
    if (!expects(detail::within{"scan"}, initial, initial.rank() < max_rank, "a carry of rank 5 or less"))
        return {&g, -1};
    const int length = sequence.extent(0);
    if (g.purpose == phase::streaming && options.from_the_end)
        return reject(g, detail::within{"scan"}, text("a recurrence from the beginning of time, in a stream"),
                      text("one from its end"), text("a model of whole sequences"));
    if (g.purpose == phase::streaming) {
        if (loop_depth(g.nodes.data(), static_cast<int>(g.nodes.size())) > 0)
            return reject(g, detail::within{"scan"}, text("a recurrence outside of iterate, in a stream"),
                          text("a scan in its body"), text("a model of whole sequences"));
        double start = 0;
        const bool starts_from_number = detail::loops::is_number(initial, start);
        const value kept = detail::loops::own_state(sequence, "carry", initial.shape(), start);
        value before = kept;
        if (!starts_from_number) {
            const value begun = detail::loops::own_state(sequence, "begun", {});
            before = select(begun, kept, detail::loops::of_stream(initial));
            update(begun, maximum(begun, 1));
        }
        const value after = body(before, reshape(sequence, detail::without(sequence.shape(), 1u)));
        if (!after.valid()) return {&g, -1};
        if (!(after.shape() == initial.shape()))
            return reject(g, detail::within{"scan"}, text("a body that returns ") + initial.shape().describe().view(),
                          after.shape().describe());
        update(kept, detail::loops::of_stream(after));
        extents shape = after.shape();
        for (int a = shape.rank++; a > 0; --a) shape.size_of[a] = shape.size_of[a - 1];
        shape.size_of[0] = 1;
        return reshape(after, shape);
    }
    initial = stretch(initial, initial.shape(), initial.batched() || sequence.batched());
    if (!detail::loops::begin(g, length, options.from_the_end).valid()) return {&g, -1};
    const value before = detail::loops::carry(initial);
    detail::loops::stack(before, length);  // for a gradient; goes where there is none
    const value after = body(before, detail::loops::item(sequence));
    if (!detail::loops::continues(before, after)) return {&g, -1};
    const value result = detail::loops::stack(after, length);
    detail::loops::next(before, after);
    detail::loops::end(g);
    return result;
}

namespace detail {

struct scan_operation {
    // elements that move in one iteration
    template <class T> static constexpr int items(const call<T>& c) { return c.samples() * moved(c); }
    template <class T> static constexpr void run(const call<T>& c, int i) {
        const int size = moved(c);
        const int sample = i / size, k = i % size;
        switch (c.self->kind) {
            case op::item: c.y[i] = c.x[0][c.origin(0, sample) + c.iteration * size + k]; break;
            case op::stack:
                c.y[sample * c.self->shape.size() + c.iteration * size + k] = c.x[0][c.origin(0, sample) + k];
                break;
            case op::next: c.y[i] = c.x[1][c.origin(1, sample) + k]; break;
            case op::total:
                add(c, c.y + sample * c.self->shape[0] * size + k, size, c.x[0][c.origin(0, sample) + k]);
                break;
            default: c.y[i] = c.x[0][c.origin(0, sample) + k];
        }
    }
    // the tape turns whole loops around; see passes/differentiate.hpp
    template <class Tape> static constexpr void gradient(Tape&, value, value) {}
    static constexpr double macs(const graph_view&, const node&) { return 0; }

  private:
    template <class T> static constexpr int moved(const call<T>& c) {
        const bool whole = c.self->kind == op::stack || c.self->kind == op::total;
        return whole ? c.argument(0).shape.size() : c.self->shape.size();
    }
    template <class T> static constexpr void add(const call<T>& c, T* run, int size, T x) {
        *run = c.first ? x : *run + x;
        if (c.self->shape[0] == 1) return;
        T& sum = run[size];
        if (c.first) sum = T(0);
        if (summation::ends_run(c.iteration)) summation::move_run(*run, sum);
    }
};

}  // namespace detail

}  // namespace tessera
