// as_rows: an operand as rows without gaps in them, for kernels that go row by row: (samples, rows, columns).
#pragma once
#include <tessera/ir/layout_of.hpp>

namespace tessera::detail::simd {

// no axes if rows have gaps, or do not lie at one pitch
constexpr layout as_rows(const layout& l, int rows) {
    const layout r = reshaped(l, {rows, static_cast<int>(l.size() / rows)});
    return r.axes > 0 && (r.stride[2] == 1 || r.extent[2] == 1) ? r : layout{};
}

}  // namespace tessera::detail::simd
