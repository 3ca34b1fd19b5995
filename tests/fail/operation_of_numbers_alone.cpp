// An operation without a value among its operands.
//
// expect: deleted function
// expect: one_operand_must_be_a_value_of_the_network
#include <tessera/ir/operations/einsum.hpp>

using namespace tessera;

#ifdef CONTROL
constexpr value made(value x) { return x + maximum(0 * x, 1L); }
#else
constexpr value made(value x) { return x + maximum(0, 1); }
#endif
