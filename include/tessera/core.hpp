// The core: everything that needs the standard library only. Networks, layers, programs, models, the scalar backend.
#pragma once
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/expression/repeat.hpp>
#include <tessera/folded.hpp>
#include <tessera/ir/add_loss.hpp>
#include <tessera/ir/operations/iterate.hpp>
#include <tessera/layers.hpp>
#include <tessera/model.hpp>
#include <tessera/network.hpp>
#include <tessera/program.hpp>
#include <tessera/tapped.hpp>
#include <tessera/version.hpp>
