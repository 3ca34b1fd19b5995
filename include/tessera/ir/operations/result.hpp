// result: what an operation makes beside its first result, in the same step.
//
//   result_of(y, which, shape, type)   of the operation that makes y: its result number `which`; y itself is number 0
//
// A node of this kind has a shape, an element and memory of its own, and runs nothing: where it is read, the kernel of y
// finds an address for it, and null where not; likewise for y. So what nobody reads costs neither time nor memory. Where
// an operation has real results and whole numbers, the first is real.
//
// Gradient    its adjoint is one of those that the operation's rule takes together: see tape::of_result.
#pragma once
#include <tessera/ir/call.hpp>
#include <tessera/ir/value.hpp>

namespace tessera::detail {

constexpr value result_of(value y, int which, const extents& shape, element type = element::real) {
    if (!y.valid()) return y;
    graph& g = *y.owner;
    node n;
    n.kind = op::result;
    n.type = type == element::real ? y.get().type : type;  // of real numbers: of the width of y
    n.batched = y.batched();
    n.shape = shape;
    n.scope = g.scope_now;
    n.slot = which;
    g.set_arguments(n, {y.id});
    return {&g, g.add(n)};
}

struct result_operation {
    template <class T> static constexpr int items(const call<T>&) { return 0; }
    template <class T> static constexpr void run(const call<T>&, int) {}
    template <class Tape> static constexpr void gradient(Tape& t, value y, value) { t.reach(y.argument(0)); }
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace tessera::detail
