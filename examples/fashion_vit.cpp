// Trains a small vision transformer on Fashion-MNIST: 49 patches of 4 by 4 pixels through four blocks of four heads. Its
// attention streams over keys and values, so no array of all pairs of places is in the workspace. Eight epochs gave 88.77 %.
#include "fashion.hpp"

#include <tessera/layers/mixing/learnt_positions.hpp>
#include <tessera/layers/mixing/patch_embedding.hpp>
#include <tessera/layers/mixing/transformer_encoder_block.hpp>

using namespace tessera;

constexpr int features = 48, heads = 4;

inline constexpr auto layers = patch_embedding<features, 4> >> learnt_positions >>
                               repeat<4>(transformer_encoder_block<heads, 2 * features>) >> layer_norm
                               >> global_avg_pool >> dense<10>;

struct vision_transformer : network<layers, shape<28, 28, 1>> {};

static void run(const fashion::settings& o) {
    const auto data = fashion::load(o);
    fashion::print_figures(fashion::train<vision_transformer>(o, data, adamw{.weight_decay = 0.02}));
}

int main(int count, char** arguments) {
    return fashion::run("fashion_vit", "Trains a small vision transformer on Fashion-MNIST.",
                        {.epochs = 8, .batch = 64, .rate = 2e-3}, run, count, arguments);
}
