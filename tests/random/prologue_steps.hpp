// Steps of random networks with pointwise code in front of a product or a convolution that nothing else reads: several
// functions of each element side by side, or a scale and a shift of each feature.
#pragma once
#include "product_steps.hpp"
#include "window_steps.hpp"

namespace tessera::random_networks {

using namespace detail;

constexpr value in_front(writer& w, value x) {
    const int which = w.raw(), functions = 2 + which % 5;
    extents apart = x.shape(), wide = x.shape();
    apart.push(1);
    wide[-1] *= functions;
    if ((which >> 3) % 4 == 0 || !w.fits(wide)) {
        const value y = x * w.weight({x.extent(-1)}) + 0.5;
        return (which >> 5) % 2 == 0 ? apply(scalar_function::relu, y) : cos(y);
    }
    const value u = reshape(x, apart) - w.weight({functions}, 1), near = abs(u);
    switch ((which >> 6) % 3) {
        case 0: return reshape(select(less(near, 1), 0.75 - square(near), 0.1), wide);
        case 1: return reshape(u * apply(scalar_function::sigmoid, u), wide);
        default: return reshape(exp(-square(u)), wide);
    }
}

constexpr value prologue_step(writer& w) {
    const int which = w.pick(5);
    if (which < 2) {
        const value x = in_front(w, w.ranked(w.operand(), which + 1));
        const int outputs = 1 + w.pick(6);
        return which == 0 ? einsum("c,co->o", x, w.weight({x.extent(0), outputs})) : dense_like(w, x, outputs);
    }
    int spatial = 0;
    const value x = in_front(w, image_operand(w, spatial));
    return which < 4 ? convolution_of(w, x, spatial) : transposed_of(w, x, spatial);
}

}  // namespace tessera::random_networks
