// scan(body, initial, sequence[, {.from_the_end, .lengths}]): a recurrence over the leading axis of a sequence.
//
//   in      initial h0 (...), sequence x (T, ...)
//   out     h (T, ...): all carries
//
//   h_t = body(h_(t - 1), x_t), or from the end  h_t = body(h_(t + 1), x_t)
//
// Of several carries the initial ones are `values`, and so are what the body gets and returns, and the result:
//
//     const values path = scan([&](const values& s, value force) {
//         return values{s[0] + h * s[1], s[1] + h * (force - s[0])};
//     }, values{place, speed}, forces);
//
// Sequences of several lengths stand in the capacity T: `lengths`, an int32 value (), says how many elements of a sample
// count. At the others a carry stays what it was, so the last one is that of the sample's end, or from the end of its
// beginning. They are computed all the same.
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
// When streaming there is no loop: a call is one iteration, and the carry is a state of the model, one for each scan,
// each application of it and each stream. The first call begins with `initial`.
//
// Gradient    exact: a scan in the other direction that reads the saved carries and computes the body again, the scans
//             in it as well.
// Cost        T times that of the body; two copies of each carry an iteration, a third where a body hands one on as
//             another.
//             A gradient that adds up over the iterations takes its memory twice while the loop runs, where T > 32;
//             its error does not grow with T.
// Random numbers drawn in the body are the same in every iteration.
// Errors      a stream from its end, or with lengths; lengths that are not one int32 number a sample; a sequence of rank
//             0; a carry of rank 6; more than 8 scans inside one another; a body whose result has not the shape of the carry, or that makes one for each sample of a carry for all,
//             or not as many values as there are carries.
#pragma once
#include <tessera/ir/lengths.hpp>
#include <tessera/ir/operations/gather.hpp>
#include <tessera/ir/operations/reduce.hpp>
#include <tessera/ir/operations/store.hpp>
#include <tessera/ir/values.hpp>

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
// x, or a copy where x names a carry or a state, which is the next one's as soon as one is written
constexpr value apart(value x) {
    if (!x.valid()) return x;
    value named = x;
    while (named.get().kind == op::reshape || named.get().kind == op::relayout) named = named.argument(0);
    return named.get().kind == op::carry || named.get().kind == op::state ? apply(scalar_function::identity, x) : x;
}
// the value of a carry from the next iteration on, and after the loop
constexpr value next(value carried, value to) {
    node n;
    n.kind = op::next;
    n.shape = to.shape();
    return add_node(*to.owner, n, {carried, to});
}
constexpr value item(value sequence) {
    if (!expects_whole_rows(within{"scan"}, sequence, sequence.rank() > 1)) return {sequence.owner, -1};
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

// that a body made a value of the carry's shape
constexpr bool keeps_shape(value before, value after) {
    graph& g = *before.owner;
    if (g.failed) return false;
    if (!after.valid())
        reject(g, within{"a loop"}, text("a body that returns what an operation made"), text("value{}"));
    else if (!(after.shape() == before.shape()))
        reject(g, within{"a loop"}, text("a body that returns ") + before.shape().describe().view(),
               after.shape().describe());
    return !g.failed;
}
// whether a carry may be followed by what the body makes; else that is the mistake
constexpr bool continues(value before, value after) {
    if (!keeps_shape(before, after)) return false;
    graph& g = *before.owner;
    if (after.batched() && !before.batched())
        reject(g, within{"a loop"}, text("a carry that each sample has one of"), text("one for all samples"),
               text("broadcast_to(initial, initial.shape(), true) makes it so"));
    return !g.failed;
}

// that a body made as many values as it was given
constexpr bool returns_as_many(const values& given, const values& made) {
    graph& g = *given[0].owner;
    if (made.count != given.count && !g.failed)
        reject(g, within{"a loop"}, text("a body that returns ") + given.count + std::string_view(" values"),
               text() + made.count);
    return !g.failed;
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
    const bool copies = n.kind == op::reshape || n.kind == op::relayout || n.kind == op::concatenate ||
                        n.kind == op::cast || (n.kind == op::pointwise && n.function == scalar_function::identity);
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
    value lengths = {};
};

namespace detail::loops {

// one frame: a call of a stream is one iteration, and the carries are states of the model
template <class Body> constexpr values scan_frame(Body body, const values& initial, value sequence) {
    graph& g = *sequence.owner;
    values kept, before, result;
    for (int k = 0; k < initial.count; ++k) {
        double start = 0;
        const bool starts_from_number = is_number(initial[k], start);
        kept.push(own_state(sequence, "carry", initial[k].shape(), start, initial[k].get().type));
        before.push(kept[k]);
        if (starts_from_number) continue;
        const value begun = own_state(sequence, "begun", {}, 0, initial[k].get().type);
        before.list[k] = select(begun, kept[k], initial[k]);
        update(begun, maximum(begun, 1));
    }
    ++g.within_scan;
    const values after = body(before, reshape(sequence, without(sequence.shape(), 1u)));
    --g.within_scan;
    if (!returns_as_many(initial, after)) return initial;
    for (int k = 0; k < initial.count; ++k) {
        if (!keeps_shape(initial[k], after[k])) return initial;
        extents shape{1};
        for (int a = 0; a < after[k].rank(); ++a) shape.push(after[k].extent(a));
        result.push(reshape(after[k], shape));
    }
    for (int k = 0; k < initial.count; ++k)
        update(kept[k], broadcast_to(initial.count > 1 ? apart(after[k]) : after[k], after[k].shape(), true));
    return result;
}

// A loop whose carries begin with `initial`. collect(value) gets what each carry is to be before it is so. Returns the
// carries after the loop; of a mistake none.
template <class Body, class Collect>
constexpr values trace(const values& initial, bool batched, int length, bool reversed, walk along, Body body,
                       Collect collect) {
    values before, after;
    for (int k = 0; k < initial.count; ++k) before.push(broadcast_to(initial[k], initial[k].shape(), batched));
    if (!begin(*initial[0].owner, length, reversed, along).valid()) return {};
    for (int k = 0; k < initial.count; ++k) {
        before.list[k] = carry(before[k]);
        stack(before[k], length);  // for a gradient; goes where there is none
    }
    const values made = body(before);
    if (!returns_as_many(initial, made)) return {};
    for (int k = 0; k < initial.count; ++k) {
        if (!continues(before[k], made[k])) return {};
        after.push(initial.count > 1 ? apart(made[k]) : made[k]);
        collect(after[k]);
    }
    for (int k = 0; k < initial.count; ++k) after.list[k] = next(before[k], after[k]);
    end(*initial[0].owner);
    return after;
}

template <class Body>
constexpr values scan_through(Body body, const values& initial, value sequence, bool from_the_end) {
    graph& g = *sequence.owner;
    if (initial.count == 0) reject(g, detail::within{"scan"}, text("at least one carry"), text("none"));
    bool batched = sequence.batched();
    for (int k = 0; k < initial.count; ++k) {
        if (!expects(detail::within{"scan"}, initial[k], initial[k].rank() < max_rank, "a carry of rank 5 or less"))
            return initial;
        batched = batched || initial[k].batched();
    }
    if (!expects(detail::within{"scan"}, sequence, sequence.rank() >= 1, "a sequence (time, ...)")) return initial;
    const int length = sequence.extent(0);
    if (g.purpose == phase::streaming && from_the_end)
        reject(g, detail::within{"scan"}, text("a recurrence from the beginning of time, in a stream"),
               text("one from its end"), text("a model of whole sequences"));
    if (g.purpose == phase::streaming && loop_depth(g.nodes.data(), static_cast<int>(g.nodes.size())) > 0)
        reject(g, detail::within{"scan"}, text("a recurrence outside of iterate, in a stream"),
               text("a scan in its body"), text("a model of whole sequences"));
    if (g.failed) return initial;
    if (g.purpose == phase::streaming) return scan_frame(body, initial, sequence);
    values result;
    trace(
        initial, batched, length, from_the_end, walk::time,
        [&](const values& before) { return body(before, item(sequence)); },
        [&](value after) { result.push(stack(after, length)); });
    return g.failed ? initial : result;
}

constexpr values values_stretched(const values& x, bool batched) {
    values y;
    for (int k = 0; k < x.count; ++k) y.push(broadcast_to(x[k], x[k].shape(), batched || x[k].batched()));
    return y;
}

// a scan whose carries change as long as there are elements
template <class Body>
constexpr values scan_of_lengths(Body body, const values& initial, value sequence, const scan_options& options) {
    graph& g = *sequence.owner;
    const value lengths = options.lengths;
    const within here{"scan"};
    if (!lengths.valid() || !expects(here, sequence, sequence.rank() >= 1, "a sequence (time, ...)")) return initial;
    if (!expects_lengths(here, lengths)) return initial;
    if (g.purpose == phase::streaming)
        reject(g, here, text("a stream that goes on"), text("lengths"), text("call as often as a sequence is long"));
    if (g.failed) return initial;
    const value counts = to_real(lengths), places = iota(sequence.extent(0)).in(g);
    return scan_through(
        [&](const values& before, value element) {
            const values made = body(before, element);
            if (!returns_as_many(initial, made)) return made;
            const value goes_on = less(item(places), counts);
            values after;
            for (int k = 0; k < made.count; ++k) {
                if (!keeps_shape(before[k], made[k])) return made;
                after.push(select(goes_on, made[k], before[k]));
            }
            return after;
        },
        values_stretched(initial, lengths.batched()), sequence, options.from_the_end);
}

}  // namespace detail::loops

template <class Body>
constexpr values scan(Body body, const values& initial, value sequence, const scan_options& options = {}) {
    if (options.lengths.owner != nullptr) return detail::loops::scan_of_lengths(body, initial, sequence, options);
    return detail::loops::scan_through(body, initial, sequence, options.from_the_end);
}

template <class Body> constexpr value scan(Body body, value initial, value sequence, const scan_options& options = {}) {
    return scan([&](const values& before, value item) { return values{body(before[0], item)}; }, values{initial},
                sequence, options)[0];
}

namespace detail {

struct scan_operation {
    static constexpr bool moves = true;
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
                if constexpr (std::is_floating_point_v<T>)
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
