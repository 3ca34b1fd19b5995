// A product of two parameters, neither of which is bound to a network.
//
// expect: deleted function
// expect: one_operand_must_be_a_value_of_the_network
#include <tessera/ir/operations/einsum.hpp>

using namespace tessera;

#ifdef CONTROL
constexpr value made(value x) {
    return x + einsum("ir,rj->ij", parameter("u", {3, 2}).with(x), parameter("v", {2, 3}));
}
#else
constexpr value made(value x) { return x + einsum("ir,rj->ij", parameter("u", {3, 2}), parameter("v", {2, 3})); }
#endif
