// ViT-B/16 has the parameters and paths that are known of it.
#include "vision_transformer.hpp"
#include "../network_facts.hpp"

namespace {

using namespace networks;

static_assert(vision_transformer::parameter_count == 86'567'656);
static_assert(output_shape<vision_transformer> == extents{1000});
static_assert(parameter_shape<vision_transformer>("embedding.places") == (extents{197, 768}));
static_assert(parameter_shape<vision_transformer>("blocks.11.0.1.1.query") == (extents{768, 12, 64}));
static_assert(parameter_shape<vision_transformer>("blocks.0.1.1.3.weight") == (extents{3072, 768}));

}  // namespace
