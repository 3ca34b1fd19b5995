// instruction_set: what the compiler was told this translation unit may use, as a type. It is part of the name of
// everything that depends on it, so units built for different processors never share a function by mistake.
#pragma once

namespace tessera::instruction_set {

struct avx512 {};
struct avx2_fma {};
struct avx2 {};
struct avx {};
struct sse4 {};
struct sse2 {};
struct neon {};
struct portable {};

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512VL__)
using native = avx512;
#elif defined(__AVX2__) && defined(__FMA__)
using native = avx2_fma;
#elif defined(__AVX2__)
using native = avx2;
#elif defined(__AVX__)
using native = avx;
#elif defined(__SSE4_1__)
using native = sse4;
#elif defined(__SSE2__)
using native = sse2;
#elif defined(__aarch64__)
using native = neon;
#else
using native = portable;
#endif

}  // namespace tessera::instruction_set

namespace tessera::backend {

struct scalar;
template <class InstructionSet> struct simd_for;
using simd = simd_for<instruction_set::native>;

}  // namespace tessera::backend
