// dot_writer: a graph in the DOT language, its nodes grouped in one of three ways.
//
//   by_layer()                   nested clusters, one for each application of a layer
//   by_direction(forward)        no clusters; nodes from number `forward` on, the backward half, in another colour
//   by_step(step_of, labels)     a cluster for each step; nodes of step -1 stand outside
//
// Node i is called n<i>. Text is quoted, so names may hold anything. A template, as all that writes text is, so that a
// program that draws nothing has nothing to compile.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <tessera/ir/graph.hpp>
#include <tessera/ir/number_text.hpp>
#include <tessera/ir/operations/store.hpp>
#include <utility>
#include <vector>

namespace tessera::detail {

template <class Graph> class dot_writer {
  public:
    explicit dot_writer(Graph g) : graph_(std::move(g)), forward_(count()) {}

    std::string by_layer() {
        begin();
        layer(0, 1);
        return end();
    }
    std::string by_direction(int forward) {
        forward_ = forward;
        begin();
        for (int i = 0; i < count(); ++i) declare(i, 1);
        return end();
    }
    std::string by_step(const std::vector<int>& step_of, const std::vector<std::string>& labels) {
        begin();
        for (int i = 0; i < count(); ++i)
            if (step_of[at(i)] < 0) declare(i, 1);
        for (std::size_t k = 0; k < labels.size(); ++k) {
            open_cluster(static_cast<int>(k), labels[k], 1);
            for (int i = 0; i < count(); ++i)
                if (step_of[at(i)] == static_cast<int>(k)) declare(i, 2);
            out_ += "    }\n";
        }
        return end();
    }

    // in quotes, as DOT wants it
    static std::string quoted(std::string_view text) {
        std::string q = "\"";
        for (const char c : text) {
            if (c == '"' || c == '\\') q += '\\';
            if (c == '\n')
                q += "\\n";
            else
                q += c;
        }
        return q + "\"";
    }

  private:
    static std::size_t at(int i) { return static_cast<std::size_t>(i); }
    int count() const { return static_cast<int>(graph_.nodes.size()); }
    void indent(int depth) { out_.append(4 * at(depth), ' '); }

    void begin() {
        out_ =
            "digraph tessera {\n"
            "    node [shape=box, fontname=\"Helvetica\", fontsize=10];\n"
            "    graph [fontname=\"Helvetica\", fontsize=10];\n";
    }
    std::string end() {
        for (int i = 0; i < count(); ++i)
            for (int k = 0; k < graph_.nodes[at(i)].argument_count; ++k)
                out_ += "    n" + std::to_string(graph_.argument(i, k)) + " -> n" + std::to_string(i) + ";\n";
        return std::move(out_) + "}\n";
    }
    void open_cluster(int number, std::string_view label, int depth) {
        indent(depth);
        out_ += "subgraph cluster_" + std::to_string(number) + " {\n";
        indent(depth + 1);
        out_ += "label=" + quoted(label) + ";\n";
    }

    // the nodes of a scope, then the scopes inside
    void layer(int scope, int depth) {
        for (int i = 0; i < count(); ++i)
            if (graph_.nodes[at(i)].scope == scope) declare(i, depth);
        for (int s = scope + 1; s < static_cast<int>(graph_.scopes.size()); ++s) {
            if (graph_.scopes[at(s)].parent != scope || !has_nodes(s)) continue;
            const detail::scope& inner = graph_.scopes[at(s)];
            std::string label(inner.name.view());
            if (!inner.layer.empty()) (label += ": ") += inner.layer.view();
            open_cluster(s, label, depth);
            layer(s, depth + 1);
            indent(depth);
            out_ += "}\n";
        }
    }
    bool has_nodes(int scope) const {
        return std::ranges::any_of(graph_.nodes, [&](const node& n) {
            int s = n.scope;
            while (s > scope) s = graph_.scopes[at(s)].parent;
            return s == scope;
        });
    }

    void declare(int i, int depth) {
        const node& n = graph_.nodes[at(i)];
        indent(depth);
        out_ += "n" + std::to_string(i) + " [label=" + quoted(label(n));
        if (n.kind == op::input) out_ += ", shape=ellipse";
        if (n.kind == op::parameter || n.kind == op::state) out_ += ", shape=note";
        if (n.kind == op::constant || n.kind == op::inverse_count) out_ += ", shape=plaintext";
        if (n.kind == op::reshape || n.kind == op::result) out_ += ", style=dashed";  // no step of its own
        if (std::ranges::count(graph_.outputs, i) + std::ranges::count(graph_.losses, i) > 0) out_ += ", peripheries=2";
        if (i >= forward_) out_ += ", color=firebrick";
        out_ += "];\n";
    }

    std::string label(const node& n) const {
        if (n.kind == op::constant) return std::string(number_text(graph_.number(n)).view());
        std::string text(n.kind == op::pointwise ? name_of(n.function) : name_of(n.kind));
        if (n.kind == op::input) text = graph_.inputs[at(n.slot)].name.view();
        if (n.kind == op::result) (text += ' ') += std::to_string(n.slot);
        if (n.kind == op::parameter) text = graph_.path_of(graph_.parameters[at(n.slot)]).view();
        if (n.kind == op::state) text = graph_.path_of(graph_.states[at(n.slot)]).view();
        if (updates_state(graph_.view(), n))
            (text += " state ") += graph_.path_of(graph_.states[at(n.slot)]).view();
        else if (n.kind == op::store)
            (text += " gradient of ") += graph_.path_of(graph_.parameters[at(n.slot)]).view();
        return text + "\n" + std::string(n.shape.describe().view()) + (n.batched ? "" : " shared");
    }

    Graph graph_;
    int forward_;
    std::string out_;
};

}  // namespace tessera::detail
