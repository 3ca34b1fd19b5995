// The laws of the algebra: chains and branches are flat, identity is the unit, and paths are those of the
// equivalent sequence. They are facts of types and tables; compiling is passing.
#include <type_traits>

#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/expression/repeat.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/relu.hpp>

#include "../network_facts.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

inline constexpr auto f = dense<3>;
inline constexpr auto g = relu;
inline constexpr auto h = dense<2>;

template <auto A, auto B>
inline constexpr bool same_type = std::is_same_v<std::remove_cvref_t<decltype(A)>, std::remove_cvref_t<decltype(B)>>;

// --- f >> g

static_assert(same_type<((f >> g) >> h), (f >> (g >> h))>);
static_assert(same_type<(f >> identity), f> && same_type<(identity >> f), f>);
static_assert(same_type<(f >> identity >> g), (f >> g)>);
static_assert(same_type<(identity >> identity), identity>);
static_assert(!same_type<(f >> g), (g >> f)>);

static_assert(paths_are<network<(f >> (g >> h)), shape<4>>>({"0.weight", "0.bias", "2.weight", "2.bias"}));
static_assert(paths_are<network<((f >> g) >> h), shape<4>>>({"0.weight", "0.bias", "2.weight", "2.bias"}));
static_assert(paths_are<network<f, shape<4>>>({"weight", "bias"}));
static_assert(output_shape<network<identity, shape<4, 5>>> == (extents{4, 5}));
static_assert(network<identity, shape<4>>::table.node_count == 1);

// a long chain takes the same paths as a short one
static_assert(path<network<(g >> g >> g >> g >> g >> g >> g >> g >> g >> g >> f), shape<4>>>(0).view() == "10.weight");

// --- f + g, f - g, f * g, f | g

inline constexpr auto k = dense<3, no_bias>;

static_assert(same_type<((f + f) + k), (f + (f + k))>);
static_assert(same_type<((f * f) * k), (f * (f * k))>);
static_assert(same_type<((f | f) | k), (f | (f | k))>);
static_assert(!same_type<((f - f) - k), (f - (f - k))>);

static_assert(paths_are<network<(f + k), shape<4>>>({"0.weight", "0.bias", "1.weight"}));
static_assert(paths_are<network<(k + k + k), shape<4>>>({"0.weight", "1.weight", "2.weight"}));
static_assert(paths_are<network<((f >> g) + k), shape<4>>>({"0.0.weight", "0.0.bias", "1.weight"}));
static_assert(output_shape<network<(f + k), shape<4>>> == extents{3});
static_assert(output_shape<network<(f | h | identity), shape<4>>> == extents{3 + 2 + 4});
static_assert(output_shape<network<(f * k), shape<4>>> == extents{3});

// >> binds tighter than |
static_assert(same_type<(g >> f | k), ((g >> f) | k)>);

static_assert(same_type<residual(f), (identity + f)>);
static_assert(paths_are<network<residual(dense<4>), shape<4>>>({"1.weight", "1.bias"}));
static_assert(!mistake<residual(dense<3>), 4>().expected.empty());
static_assert(!mistake<(conv<3, 3> | flatten), 4, 4, 1>().expected.empty());

// --- fork, parallel

struct forked : network<(fork(f, h) >> parallel(relu, dense<5>)), shape<4>> {};
static_assert(forked::table.output_count == 2);
static_assert(paths_are<forked>({"0.0.weight", "0.0.bias", "0.1.weight", "0.1.bias", "1.1.weight", "1.1.bias"}));
static_assert(forked::table.nodes[forked::table.outputs[0]].shape == extents{3});
static_assert(forked::table.nodes[forked::table.outputs[1]].shape == extents{5});
static_assert(!mistake<(fork(f, h) >> parallel(relu)), 4>().expected.empty());
// a value that no operation made, alone and in a list
inline constexpr auto gives_no_value = [](value) { return value{}; };
inline constexpr auto gives_one_of_two = [](value x) { return values{x, value{}}; };
static_assert(mistake<(f >> gives_no_value >> relu), 4>().found.view() == "value{}, which none has made");
static_assert(mistake<(f >> gives_one_of_two >> parallel(relu, relu)), 4>().found.view() ==
              "value{}, which none has made");
// a list of none, and a list where one value is wanted
inline constexpr auto gives_none = [](value) { return values{}; };
static_assert(mistake<(fork(f, gives_none) >> parallel(relu, relu)), 4>().found.view() == "an empty list");
static_assert(mistake<(f + gives_none), 4>().where.view() == "1");
static_assert(mistake<fork(f, fork(f, f)), 4>().found.view() == "2 from part 1");
static_assert(mistake<(fork(f, g) >> parallel(fork(g, g), g)), 4>().found.view() == "2 from part 0");
static_assert(output_shape<network<(f + fork(f)), shape<4>>> == extents{3});

// several inputs are the arguments of a function of several values
inline constexpr auto product = [](value x, value y) { return x * y; };
struct two_inputs : network<product, in<"a", shape<2, 3>>, in<"b", shape<3>>> {};
static_assert(output_shape<two_inputs> == (extents{2, 3}));
static_assert(two_inputs::table.inputs[1].name.view() == "b");
static_assert(network<product, shape<3>, shape<3>>::table.input_count == 2);

// --- repeat

static_assert(paths_are<network<repeat<3>(dense<4, no_bias>), shape<4>>>({"0.weight", "1.weight", "2.weight"}));
static_assert(paths_are<network<(g >> repeat<2>(dense<4, no_bias> >> relu)), shape<4>>>({"1.0.0.weight",
                                                                                         "1.1.0.weight"}));
static_assert(network<repeat<0>(f), shape<4>>::parameter_count == 0);

// --- named, tied

static_assert(paths_are<network<named<"stem">(f), shape<4>>>({"stem.weight", "stem.bias"}));
static_assert(paths_are<network<(named<"stem">(f >> g) >> h), shape<4>>>({"stem.0.weight", "stem.0.bias", "1.weight",
                                                                          "1.bias"}));
static_assert(network<(named<"stem">(f) >> h), shape<4>>::table.tap_count == 1);

// one set of parameters, wherever it is applied
struct siamese : network<(fork(tied<"encoder">(f >> g), g >> tied<"encoder">(f >> g))), shape<4>> {};
static_assert(paths_are<siamese>({"encoder.0.weight", "encoder.0.bias"}));
static_assert(count_of<siamese>(op::einsum) == 2);
static_assert(paths_are<network<repeat<3>(tied<"step">(dense<4, no_bias>)), shape<4>>>({"step.weight"}));
static_assert(!mistake<(tied<"step">(f) >> tied<"step">(f)), 4>().expected.empty());  // (4, 3), then (3, 3)

// --- pointful calls are named after the layer

inline constexpr auto block = [](value x) {
    value y = dense<4>(relu(dense<4>(x)));
    return y + conv<1, 1>(reshape(y, {4, 1}));
};
static_assert(paths_are<network<(identity >> block), shape<4>>>({"dense.weight", "dense.bias", "dense_1.weight",
                                                                 "dense_1.bias", "conv.weight", "conv.bias"}));
// the same function once more has scopes of its own
static_assert(path<network<repeat<2>([](value x) { return dense<4>(x); }), shape<4>>>(2).view() == "1.dense.weight");

// a function of a value is a layer
static_assert(output_shape<network<(f >> layer<tanh>), shape<4>>> == extents{3});

// a dot would make the path of another
inline constexpr auto dotted = [](value x) { return x * parameter("a.scale", {4}); };
inline constexpr auto unnamed = [](value x) { return x + state("", {4}); };
static_assert(mistake<dotted, 4>().found.view() == "parameter 'a.scale'");
static_assert(mistake<unnamed, 4>().found.view() == "state ''");

// a bare parameter twice under one path is a mistake, with its remedy
inline constexpr auto twice = [](value x) { return x * parameter("scale", {4}) * parameter("scale", {4}); };
static_assert(mistake<twice, 4>().hint.view() == "give one a name with named<>, or share with tied<>");

}  // namespace
