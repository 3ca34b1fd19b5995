// Networks of products: multilinear operators, polynomials in forms of CP, gated and quadratic neurons.
#pragma once
#include <tessera/layers/polynomial/ccp_product.hpp>
#include <tessera/layers/polynomial/cp_product.hpp>
#include <tessera/layers/polynomial/gated_perceptron.hpp>
#include <tessera/layers/polynomial/mu_layer.hpp>
#include <tessera/layers/polynomial/ncp_product.hpp>
#include <tessera/layers/polynomial/poly_block.hpp>
#include <tessera/layers/polynomial/quadratic_dense.hpp>
#include <tessera/layers/polynomial/spatial_shift.hpp>
