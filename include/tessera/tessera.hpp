// Tessera: everything for a CPU user: the core, the SIMD backend, training. Files are in <tessera/io.hpp>, data sets and
// metrics in <tessera/data.hpp>, the bridge to xtensor in <tessera/xtensor.hpp>.
#pragma once
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/graphviz.hpp>
#include <tessera/program/plan_table.hpp>
#include <tessera/summary.hpp>
#include <tessera/train.hpp>
