// loop_rule: of pointwise code in a fixed kernel, how many positions it has, and how they are cut into blocks over which
// every operand is contiguous or one number.
#pragma once
#include <tessera/backend/simd/fixed/limits.hpp>
#include <tessera/backend/simd/pointwise_walk.hpp>
#include <tessera/backend/simd/vector.hpp>

namespace tessera::detail::simd {

// positions of all samples
template <class InstructionSet> constexpr long domain_of(const pointwise_walk& w, int capacity) {
    return w.domain * (w.batched ? capacity : 1);
}
template <class InstructionSet> constexpr long block_of(const pointwise_walk& w, long domain) {
    long block = domain;
    for (int k = 0; k < w.operands; ++k)
        if (w.uses(k) && w.of[k].block != 0 && w.of[k].block < block) block = w.of[k].block;
    return block;
}
// whether rows of so many columns, one after another, are cut into vectors that lie within a block each
template <class Arch, class T> constexpr bool takes_rows(long block, long columns, bool from_anywhere) {
    return block % columns == 0 || (!from_anywhere && columns % block == 0 && block % lanes<vector<T, Arch>> == 0);
}

template <class InstructionSet> constexpr bool in_few_blocks(const graph_view& g, const step_view& v, int capacity) {
    const stored_walk<> s(g, v);
    const long domain = domain_of<InstructionSet>(s.walk, capacity);
    return domain / block_of<InstructionSet>(s.walk, domain) <= fixed_limits::blocks;
}
template <class Arch, class T>
constexpr bool is_run_by_rows(const graph_view& g, const step_view& v, int capacity, long columns, bool from_anywhere) {
    const stored_walk<> s(g, v);
    return takes_rows<Arch, T>(block_of<Arch>(s.walk, domain_of<Arch>(s.walk, capacity)), columns, from_anywhere);
}

template <class InstructionSet> constexpr bool mixes_elements(const graph_view& g, const step_view& v) {
    for (int k = 0; k < v.external_count; ++k)
        if (!g[v.externals[k]].is_real()) return true;
    for (int k = 0; k < v.code_count; ++k)
        if (v.code[k].type != element::real) return true;
    return false;
}

}  // namespace tessera::detail::simd
