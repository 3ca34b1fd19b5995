// plan_table: the memory plan of a program as text, for people.
//
//     std::puts(plan_table<model<digits>>().c_str());
//
// A line for each value that is kept and for each kernel's own room, in the order of the steps: the step, what runs in
// it, the path of the layer, the value's shape, where it begins, its bytes at the batch capacity, and the last step
// that reads it. Offsets are bytes of the workspace, elements of the gradients and states.
//
//   Program   a program, or what has one: a model, a trainer
#pragma once
#include <string>
#include <tessera/program/live_values.hpp>
#include <tessera/summary/grouped_digits.hpp>
#include <tessera/summary/made_of.hpp>
#include <tessera/summary/text_table.hpp>

namespace tessera {

// "convolution, add, relu": what runs in a step
template <class Program> std::string step_text(int step) {
    const auto& g = Program::graph;
    const auto& order = Program::order;
    const auto& t = order.steps[step];
    std::string text;
    const auto append = [&](std::string_view name) { (text += text.empty() ? "" : ", ") += name; };
    for (int k = 0; k <= t.count(); ++k) {
        if (k == t.before && t.anchor >= 0) append(name_of(g.nodes[t.anchor].kind));
        if (k < t.count()) append(name_of(g.nodes[order.members[t.first + k]].function));
    }
    return text;
}

template <class ProgramOrOwner> std::string plan_table() {
    using program = typename detail::its_program<ProgramOrOwner>::type;
    constexpr std::string_view buffers[] = {"-",      "input ", "parameter ", "gradient ",
                                            "state ", "",       "constant ",  "prepared "};
    detail::text_table table({{"step", detail::text_table::right},
                              {"runs"},
                              {"layer"},
                              {"makes"},
                              {"offset", detail::text_table::right},
                              {"bytes", detail::text_table::right},
                              {"dies", detail::text_table::right}});
    int before = -1;
    for (const live_value& v : live_values<program>()) {
        const bool again = v.first == before;
        before = v.first;
        const auto& g = program::graph;
        const bool kept = v.where == detail::memory_space::gradient || v.where == detail::memory_space::state ||
                          v.last == program::steps;
        detail::text_table::row row(3);
        if (!again) {
            const auto& t = program::order.steps[v.first];
            const int lead = t.anchor >= 0 ? t.anchor : program::order.members[t.first];
            row = {std::to_string(v.first), step_text<program>(v.first),
                   std::string(g.path_of(g.nodes[lead].scope).view())};
        }
        row.push_back(v.node < 0 ? "room" : std::string(g.nodes[v.node].shape.describe().view()));
        row.push_back(std::string(buffers[static_cast<int>(v.where)]) + detail::grouped_digits(v.offset));
        row.push_back(detail::grouped_digits(v.bytes));
        row.push_back(kept ? "kept" : std::to_string(v.last));
        table.add(row);
    }
    return table.print();
}

}  // namespace tessera
