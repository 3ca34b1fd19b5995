// Graph convolutions, prototypes, subspaces, pools, boxes.
#include <gtest/gtest.h>

#include <tessera/expression/named.hpp>
#include <tessera/layers/structure/box_embedding.hpp>
#include <tessera/layers/structure/concept_subspaces.hpp>
#include <tessera/layers/structure/fisher_vector.hpp>
#include <tessera/layers/structure/generalised_mean_pool.hpp>
#include <tessera/layers/structure/graph_conv.hpp>
#include <tessera/layers/structure/hermite_activation.hpp>
#include <tessera/layers/structure/normalised_adjacency.hpp>
#include <tessera/layers/structure/prototypes.hpp>
#include <tessera/layers/structure/simplex_classifier.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;
using reference::case_list;
using reference::from;

namespace cases {

inline constexpr auto normalised = [](value x, value a) { return graph_conv<4>(x, normalised_adjacency(a)); };
struct graph_conv_matrix : from<network<normalised, in<"input0", shape<5, 3>>, in<"input1", shape<5, 5>>>> {
    static constexpr const char* file = "graph_conv_matrix";
};
template <int F>
using edges = network<(graph_conv<F, with_bias>), in<"input0", shape<5, 3>>, in<"input1", shape<7>, int32>,
                      in<"input2", shape<7>, int32>, in<"input3", shape<7>>>;
struct graph_conv_edges : from<edges<2>> {
    static constexpr const char* file = "graph_conv_edges";
};
struct graph_conv_edges_wide : from<edges<4>> {
    static constexpr const char* file = "graph_conv_edges_wide";
};
struct prototypes_log_activation : from<network<prototypes<3, 2, only_logits>, shape<3, 2, 5>>> {
    static constexpr const char* file = "prototypes_log_activation";
};
inline constexpr auto one_concept = [](value z) { return concept_subspaces_layer<4>{}.apply(z)[0]; };
struct concept_subspace : from<network<one_concept, shape<3, 6>>> {
    static constexpr const char* file = "concept_subspace";
};
struct gem : from<network<generalised_mean_pool, shape<3, 2, 4>>> {
    static constexpr const char* file = "generalised_mean_pool";
};
struct fisher : from<network<fisher_vector<2, signed_root, unit_length>, shape<7, 3>>> {
    static constexpr const char* file = "fisher_vector_improved";
};
struct simplex : from<network<simplex_classifier<5>, shape<3, 4>>> {
    static constexpr const char* file = "simplex_classifier";
};
struct hermite : from<network<learnt_hermite<4>, shape<5, 3>>> {
    static constexpr const char* file = "hermite_learnt";
};
template <bool Gumbel>
inline constexpr auto contained = [](value a, value b) {
    const auto box = tied<"box">(box_embedding<5, 3>);
    const values first = box(a), second = box(b);
    return box_containment(first, second, {.temperature = 0.5, .gumbel = Gumbel});
};
template <bool Gumbel>
using boxes = network<contained<Gumbel>, in<"input0", shape<4>, int32>, in<"input1", shape<4>, int32>>;
struct box_soft : from<boxes<false>> {
    static constexpr const char* file = "box_soft";
};
struct box_gumbel : from<boxes<true>> {
    static constexpr const char* file = "box_gumbel";
};

using all = case_list<graph_conv_matrix, graph_conv_edges, graph_conv_edges_wide, prototypes_log_activation,
                      concept_subspace, gem, fisher, simplex, hermite, box_soft, box_gumbel>;

}  // namespace cases

template <class> class structure_values : public testing::Test {};
TYPED_TEST_SUITE(structure_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(structure_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
