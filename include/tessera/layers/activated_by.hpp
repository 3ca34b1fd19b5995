// activated_by<F>: an option of blocks that say which function stands where theirs does: activated_by<gelu_tanh>. F is any
// layer.
#pragma once

namespace tessera {

template <auto F> struct activated_by {};

}  // namespace tessera
