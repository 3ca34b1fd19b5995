// All augmentations.
#pragma once
#include <tessera/data/augment/augment.hpp>
#include <tessera/data/augment/cut_out.hpp>
#include <tessera/data/augment/mix_up.hpp>
#include <tessera/data/augment/random_crop.hpp>
#include <tessera/data/augment/random_flip.hpp>
#include <tessera/data/augment/random_noise.hpp>
#include <tessera/data/augment/random_rotation.hpp>
#include <tessera/data/augment/random_shift.hpp>
