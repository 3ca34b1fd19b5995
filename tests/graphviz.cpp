#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/graphviz.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;

inline constexpr auto layers = named<R"(a "quoted" \ name)">(flatten >> dense<4>) >> relu >>
                               residual(dense<4> >> batch_norm) >> dense<3>;
struct net : network<layers, in<"pixels", shape<2, 3>>> {};
using small_model = model<net, backend::simd, batch<2>>;

// What a reader of DOT would see: the text without strings, how deep the braces are, the nodes and the edges.
struct parsed {
    bool well_formed = false;
    std::set<std::string> nodes;
    int declarations = 0;
    std::vector<std::pair<std::string, std::string>> edges;
    int clusters = 0;

    explicit parsed(const std::string& dot) {
        std::string bare;
        int depth = 0, least = 1;
        bool in_string = false;
        for (std::size_t i = 0; i < dot.size(); ++i) {
            const char c = dot[i];
            if (in_string && c == '\\') {
                ++i;
                continue;
            }
            if (c == '"') in_string = !in_string;
            if (in_string || c == '"') {
                if (c == '\n') return;  // no string runs over a line
                continue;
            }
            bare += c;
            if (c == '{') ++depth;
            if (c == '}') --depth;
            if (i + 3 < dot.size()) least = std::min(least, depth + (bare.find('{') == std::string::npos));
        }
        well_formed =
            !in_string && depth == 0 && least >= 1 && bare.starts_with("digraph tessera {") && bare.ends_with("}\n");
        static const std::regex declaration(R"(\n *(n\d+) \[[^\]]*\];)"), edge(R"(\n *(n\d+) -> (n\d+);)"),
            cluster(R"(\n *subgraph (cluster_\d+) \{)");
        const auto each = [&](const std::regex& what, auto use) {
            for (std::sregex_iterator m(bare.begin(), bare.end(), what), end; m != end; ++m) use(*m);
        };
        each(declaration, [&](const std::smatch& m) {
            nodes.insert(m[1]);
            ++declarations;
        });
        each(edge, [&](const std::smatch& m) { edges.emplace_back(m[1], m[2]); });
        each(cluster, [&](const std::smatch&) { ++clusters; });
    }

    bool edges_join_nodes() const {
        return std::ranges::all_of(edges,
                                   [&](const auto& e) { return nodes.contains(e.first) && nodes.contains(e.second); });
    }
};

template <class Graph> int arguments_in(const Graph& g, int nodes) {
    int n = 0;
    for (int i = 0; i < nodes; ++i) n += g.nodes[i].argument_count;
    return n;
}

void expect_graph(const std::string& dot, int nodes, int edges) {
    const parsed p(dot);
    EXPECT_TRUE(p.well_formed) << dot;
    EXPECT_EQ(static_cast<int>(p.nodes.size()), nodes);
    EXPECT_EQ(p.declarations, nodes);
    EXPECT_EQ(static_cast<int>(p.edges.size()), edges);
    EXPECT_TRUE(p.edges_join_nodes());
}

TEST(graphviz, traced) {
    const std::string dot = graphviz<net>();
    expect_graph(dot, net::table.node_count, arguments_in(net::table, net::table.node_count));
    EXPECT_EQ(dot, graphviz<net>(stage::traced));
    EXPECT_EQ(dot, graphviz<small_model>());
    EXPECT_NE(dot.find(R"(label="a \"quoted\" \\ name)"), std::string::npos) << dot;
    EXPECT_NE(dot.find(R"x([label="pixels\n(2, 3)", shape=ellipse])x"), std::string::npos) << dot;
    EXPECT_NE(dot.find(R"(label="0: dense<4>")"), std::string::npos) << dot;
    EXPECT_GE(parsed(dot).clusters, 5);
}

TEST(graphviz, simplified) {
    using p = program<net, backend::scalar>;
    const std::string dot = graphviz<net>(stage::simplified);
    EXPECT_TRUE(parsed(dot).well_formed);
    EXPECT_TRUE(parsed(dot).edges_join_nodes());
    // the tap keeps nothing alive that the program drops
    EXPECT_EQ(static_cast<int>(parsed(dot).nodes.size()), p::nodes);
}

// a further result stands in the step that makes it
struct picks : network<[](value x) { return to_real(top_k(x, 2).indices) + 1; }, shape<5>> {};
TEST(graphviz, of_several_results) {
    using p = program<picks, backend::simd>;
    const std::string dot = graphviz<p>(stage::fused);
    expect_graph(dot, p::nodes, arguments_in(p::graph, p::nodes));
    EXPECT_NE(dot.find(R"x([label="result 1\n(2)", style=dashed])x"), std::string::npos) << dot;
    EXPECT_EQ(parsed(dot).clusters, p::steps);
}

TEST(graphviz, differentiated) {
    const std::string dot = graphviz<net>(stage::differentiated<cross_entropy>);
    const parsed p(dot);
    EXPECT_TRUE(p.well_formed);
    EXPECT_TRUE(p.edges_join_nodes());
    EXPECT_NE(dot.find("store gradient of 3.weight"), std::string::npos) << dot;
    EXPECT_NE(dot.find("store state 2.1.1.running_mean"), std::string::npos) << dot;
    EXPECT_NE(dot.find("color=firebrick"), std::string::npos);
    EXPECT_EQ(graphviz<net>().find("color=firebrick"), std::string::npos);
}

TEST(graphviz, fused) {
    using p = small_model::program_type;
    const std::string dot = graphviz<small_model>(stage::fused);
    expect_graph(dot, p::nodes, arguments_in(p::graph, p::nodes));
    EXPECT_EQ(parsed(dot).clusters, p::steps);
    EXPECT_EQ(dot, graphviz<p>(stage::fused));

    using t = trainer<small_model, cross_entropy, sgd>;
    const std::string trained = graphviz<t>(stage::fused);
    expect_graph(trained, t::program_type::nodes, arguments_in(t::program_type::graph, t::program_type::nodes));
    EXPECT_EQ(parsed(trained).clusters, t::program_type::steps);
}

TEST(graphviz, the_parser_of_this_test_sees_mistakes) {
    EXPECT_FALSE(parsed("digraph tessera {\n").well_formed);
    EXPECT_FALSE(parsed("digraph tessera {\n}\n}\n").well_formed);
    EXPECT_FALSE(parsed("digraph tessera {\n    n0 [label=\"a\"b\"];\n}\n").well_formed);
    EXPECT_TRUE(parsed("digraph tessera {\n    n0 [label=\"a}\\\"b\"];\n}\n").well_formed);
    EXPECT_FALSE(parsed("digraph tessera {\n    n0 [label=\"a\"];\n    n0 -> n1;\n}\n").edges_join_nodes());
}

TEST(graphviz, quotes_text) {
    EXPECT_EQ(dot_writer<tessera::graph>::quoted("plain <b> {x|y}"), R"("plain <b> {x|y}")");
    EXPECT_EQ(dot_writer<tessera::graph>::quoted("a\"b\\c\nd"), R"("a\"b\\c\nd")");
}

}  // namespace
