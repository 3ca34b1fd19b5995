// Trains a gated recurrent unit on Fashion-MNIST that reads an image row by row, 28 elements of time with 28 features,
// and says at the last one what it has seen.
#include "fashion.hpp"

using namespace tessera;

inline constexpr auto layers = reshape_to<28, 28> >> gru<96, last_output> >> layer_norm >> dense<10>;

struct reader : network<layers, shape<28, 28, 1>> {};

static void run(const fashion::settings& o) {
    const auto data = fashion::load(o);
    fashion::print_figures(fashion::train<reader>(o, data, adamw{.weight_decay = 0.01}));
}

int main(int count, char** arguments) {
    return fashion::run("fashion_gru", "Trains a GRU that reads the rows of Fashion-MNIST.",
                        {.epochs = 5, .rate = 5e-3}, run, count, arguments);
}
