// The element of an input is a tag, not a number type of C++.
//
// expect: the element is tessera::real, float32, float64, int32, int16, int8 or uint8
#include <tessera/layers/embedding.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
struct words : network<embedding<10, 4>, in<"tokens", shape<3>, int32>> {};
#else
struct words : network<embedding<10, 4>, in<"tokens", shape<3>, std::int32_t>> {};
#endif

static_assert(words::table.output_count == 1);
