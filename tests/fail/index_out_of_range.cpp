// An index outside its table, in a call that runs while compiling.
//
// expect: expected an index from 0 to
// expect: require_index\(.*
#include <array>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/model.hpp>

using namespace tessera;

struct words : network<embedding<10, 4>, in<"tokens", shape<3>, int32>> {};

using classify = model<words, backend::scalar>;

#ifdef CONTROL
static_assert(classify()(std::array<std::int32_t, 3>{1, 2, 9}).size() == 12);
#else
static_assert(classify()(std::array<std::int32_t, 3>{1, 2, 10}).size() == 12);
#endif
