// leaked_carry: a carry that is read after its loop, as a mistake.
//
// What the body of a scan makes and a variable keeps may be read after the scan: it is the last iteration's. Its carry
// may not: the memory of the carry then holds what would be the next iteration's, where a reader expects the last's.
#pragma once
#include <tessera/ir/value.hpp>

namespace tessera::detail {

constexpr void refuse_leaked_carry(graph& g) {
    bool any = false;
    for (const node& n : g.nodes) any = any || n.kind == op::loop;
    if (!any || g.failed) return;
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    const int count = static_cast<int>(g.nodes.size());
    list<int> loop_of(at(count), -1), around;  // of a carry under any name: where its loop begins
    list<char> over(at(count), 0);             // by the mark of a loop: whether it has ended
    const auto leaks = [&](int i) { return i >= 0 && loop_of[at(i)] >= 0 && over[at(loop_of[at(i)])] != 0; };
    const auto refuse = [&](int i) {
        const int scope = g.nodes[at(i)].scope;
        g.fail({place_of(g, scope), layer_of(g, scope, g.layer), text("a carry read inside its loop"),
                text("one read after the scan"), text("the scan's result, or a value that the body makes of it")});
    };
    for (int i = 0; i < count; ++i) {
        const node& n = g.nodes[at(i)];
        if (n.kind == op::loop) around.push_back(i);
        if (n.kind == op::loop_end) {
            over[at(around.back())] = 1;
            around.pop_back();
        }
        if (n.kind == op::carry) loop_of[at(i)] = around.back();
        if (n.kind == op::reshape || n.kind == op::relayout) loop_of[at(i)] = loop_of[at(g.argument(i, 0))];
        for (int k = 0; k < n.argument_count; ++k)
            if (leaks(g.argument(i, k)) && !g.failed) refuse(g.argument(i, k));
    }
    for (int o : g.outputs)
        if (leaks(o)) refuse(o);
}

}  // namespace tessera::detail
