// Networks of few values: signs, three values, bits, of weights and of what flows through.
#pragma once
#include <tessera/layers/binary/binarise.hpp>
#include <tessera/layers/binary/binary_conv.hpp>
#include <tessera/layers/binary/binary_dense.hpp>
#include <tessera/layers/binary/bit_plane_conv.hpp>
#include <tessera/layers/binary/bit_plane_dense.hpp>
#include <tessera/layers/binary/bit_planes.hpp>
#include <tessera/layers/binary/ternary_conv.hpp>
#include <tessera/layers/binary/ternary_dense.hpp>
#include <tessera/layers/binary/weights.hpp>
#include <tessera/layers/binary/xnor_conv.hpp>
#include <tessera/layers/binary/xnor_dense.hpp>
