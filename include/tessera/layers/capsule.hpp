// Capsules: vectors whose length says that something is there, and whose direction how. Their loss is margin_loss.
#pragma once
#include <tessera/layers/capsule/caps_net.hpp>
#include <tessera/layers/capsule/capsule_decoder.hpp>
#include <tessera/layers/capsule/capsule_dense.hpp>
#include <tessera/layers/capsule/capsule_lengths.hpp>
#include <tessera/layers/capsule/capsule_routing.hpp>
#include <tessera/layers/capsule/masked_capsules.hpp>
#include <tessera/layers/capsule/primary_capsules.hpp>
#include <tessera/layers/capsule/squash.hpp>
