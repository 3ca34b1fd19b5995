// summary: a network as a table: a line a layer, then the totals.
//
//     std::puts(summary<digits>().c_str());
//     std::puts(summary<model<digits>>().c_str());        // and what the program needs
//     std::puts(summary<trainer<...>>().c_str());          // and what training needs
//
// Columns: path, layer, output of one sample, then what the application has of its own, without the layers inside:
// parameters, multiply-adds, bytes of the output. Lines are indented by depth and stand in order of execution.
//
// Totals: parameters (and, where the program leaves gradients, how many have one), states, multiply-adds, bytes; of a
// program its backend, nodes, steps and distinct kernels, its workspace and the least that any placement could need,
// the step where that is reached, and all of its memory. Training memory counts parameters, states, gradients and
// workspace, of a trainer also the optimiser's slots.
//
//   Net       a network, or a model, a trainer, a program
//   Program   a program of that network, where Net is a network
#pragma once
#include <string>
#include <tessera/program/plan_table.hpp>
#include <tessera/summary/grouped_digits.hpp>
#include <tessera/summary/layer_rows.hpp>
#include <tessera/summary/made_of.hpp>
#include <tessera/summary/text_table.hpp>
#include <type_traits>
#include <utility>

namespace tessera {

namespace detail {

namespace summaries {

inline std::string dash_if_zero(long n) { return n == 0 ? "-" : grouped_digits(n); }

template <class Graph> std::string layer_table(const Graph& g, long element_bytes) {
    constexpr auto right = text_table::right;
    text_table table({{"path"}, {"layer"}, {"output"}, {"parameters", right}, {"MACs", right}, {"bytes", right}});
    for (const detail::input_info& i : g.inputs) {
        const long bytes = i.shape.size() * detail::bytes_of(i.type, static_cast<int>(element_bytes));
        table.add(
            {std::string(i.name.view()), "", std::string(i.shape.describe().view()), "-", "-", grouped_digits(bytes)});
    }
    for (const layer_row& r : layer_rows(g, element_bytes)) {
        const std::string output = r.output.rank < 0 ? "-" : std::string(r.output.describe().view());
        table.add({std::string(2 * static_cast<std::size_t>(r.depth), ' ') + r.path, r.layer, output,
                   dash_if_zero(r.parameters), dash_if_zero(static_cast<long>(r.macs)), dash_if_zero(r.bytes)});
    }
    return table.print();
}

// "name    value", one a line
class totals {
  public:
    void add(std::string_view name, const std::string& value) {
        lines_.append(name).append(20 - name.size(), ' ').append(value).append("\n");
    }
    void add(std::string_view name, long value) { add(name, grouped_digits(value)); }
    const std::string& print() const { return lines_; }

  private:
    std::string lines_;
};

// parameters whose gradient the program leaves; -1 where it leaves none
template <class Program> long trainable() {
    long n = -1;
    for (int i = 0; i < Program::nodes; ++i) {
        const detail::node& store = Program::graph.nodes[i];
        if (store.kind != detail::op::store || updates_state(Program::graph.view(), store)) continue;
        n = (n < 0 ? 0 : n) + Program::graph.parameters[store.slot].shape.size();
    }
    return n;
}

template <class Program> int distinct_kernels() {
    int n = 0;
    for (int k = 0; k < Program::steps; ++k)
        n += Program::table.steps[k].representative == k && !Program::table.elided[k];
    return n;
}

template <class Program, class Owner> void add_program(totals& t) {
    const peak_step peak = peak_of(live_values<Program>(), Program::steps);
    t.add("program", std::string(Program::backend_type::name) + ", batch of " + grouped_digits(Program::capacity) +
                         (sizeof(typename Program::real_type) == 8 ? ", double" : ", float"));
    t.add("nodes", Program::nodes);
    t.add("steps", Program::steps);
    t.add("distinct kernels", distinct_kernels<Program>());
    t.add("workspace bytes",
          grouped_digits(Program::workspace_bytes) + " (at least " + grouped_digits(Program::workspace_bound) + ")");
    if (peak.bytes > 0) t.add("peak", "step " + std::to_string(peak.step) + ": " + step_text<Program>(peak.step));
    const long kept = Program::parameter_bytes + Program::state_bytes;
    if constexpr (requires { std::declval<Owner&>().optimiser(); })
        t.add("training bytes", Owner::memory_bytes + kept);
    else if (trainable<Program>() >= 0)
        t.add("training bytes", Program::workspace_bytes + Program::parameter_bytes + kept);
    else
        t.add("memory bytes", Program::workspace_bytes + kept);
}

}  // namespace summaries

}  // namespace detail

template <class Net, class Program = void> std::string summary() {
    using network = typename detail::its_network<Net>::type;
    using owner = std::conditional_t<std::is_void_v<Program>, Net, Program>;
    using program = typename detail::its_program<owner>::type;
    constexpr bool has_program = !std::is_same_v<program, network>;

    long element_bytes = 4, states = 0;
    std::string trained;
    if constexpr (has_program) {
        element_bytes = static_cast<long>(sizeof(typename program::real_type));
        if (const long n = detail::summaries::trainable<program>(); n >= 0)
            trained = " (" + detail::grouped_digits(n) + " trainable)";
    }
    for (int i = 0; i < network::table.state_count; ++i) states += network::table.states[i].shape.size();

    detail::summaries::totals t;
    t.add("parameters", detail::grouped_digits(network::parameter_count) + trained);
    if (states > 0) t.add("states", states);
    t.add("MACs", static_cast<long>(network::macs));
    t.add("parameter bytes", network::parameter_elements * element_bytes);
    if constexpr (has_program) detail::summaries::add_program<program, owner>(t);
    return detail::summaries::layer_table(network::table.thaw(), element_bytes) + "\n" + t.print();
}

}  // namespace tessera
