// layer<tanh>: a function of one value as a layer.
#pragma once
#include <tessera/expression/layer.hpp>

namespace tessera {

template <value (*Function)(value)> struct function_layer {
    constexpr value operator()(value x) const { return Function(x); }
};

template <value (*Function)(value)> inline constexpr function_layer<Function> layer{};

}  // namespace tessera
