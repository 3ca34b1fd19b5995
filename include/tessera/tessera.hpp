// Tessera: everything for a CPU user: the core, the SIMD backend, training. Files are in <tessera/io.hpp>, data sets and
// metrics in <tessera/data.hpp>, summaries, plans, pictures and the gradient check in <tessera/inspect.hpp>, the bridge
// to xtensor in <tessera/xtensor.hpp>.
#pragma once
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/train.hpp>
