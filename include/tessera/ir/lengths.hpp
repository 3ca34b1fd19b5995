// expects_lengths(within, x): that x says how many elements of a sequence a sample has: an int32 value ().
#pragma once
#include <tessera/ir/value.hpp>

namespace tessera::detail {

constexpr bool expects_lengths(within here, value x) {
    if (!x.valid()) return false;
    const bool real = x.get().is_real(), fits = !real && x.rank() == 0;
    if (!fits)
        reject(*x.owner, here, text("lengths of element int32, one number a sample"),
               text(real ? "real numbers of shape " : "shape ") + x.shape().describe().view());
    return fits;
}

}  // namespace tessera::detail
