// Trains a small MLP-Mixer on Fashion-MNIST: 49 patches of 4 by 4 pixels through three blocks, each of which maps along
// the places and then along the features. There is neither convolution nor attention after the patches are cut. Six epochs
// gave 88.34 %.
#include "fashion.hpp"

#include <tessera/layers/mixing/mixer_block.hpp>
#include <tessera/layers/mixing/patch_embedding.hpp>

using namespace tessera;

inline constexpr auto layers = patch_embedding<64, 4> >> repeat<3>(mixer_block<32, 128>) >> layer_norm
                               >> global_avg_pool >> dense<10>;

struct mixer : network<layers, shape<28, 28, 1>> {};

static void run(const fashion::settings& o) {
    const auto data = fashion::load(o);
    fashion::print_figures(fashion::train<mixer>(o, data, adamw{.weight_decay = 0.02}));
}

int main(int count, char** arguments) {
    return fashion::run("fashion_mixer", "Trains a small MLP-Mixer on Fashion-MNIST.",
                        {.epochs = 6, .batch = 64, .rate = 2e-3}, run, count, arguments);
}
