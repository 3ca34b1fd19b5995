// What most tests include, compiled once for all test programs. A test includes what it uses all the same.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>
#include <tessera/train/trainer.hpp>
#include <vector>
