// Trains a small convolutional network on Fashion-MNIST, saves it, proves the saved file, and draws what it learned.
//
// The network is a type: its parameters, its memory and its kernels are constants of this program.
#include "fashion.hpp"

#include <functional>
#include <vector>

using namespace tessera;

inline constexpr auto layers = conv<8, 3, same, no_bias> >> batch_norm >> relu >> max_pool<2> >>
                               conv<16, 3, same, no_bias> >> batch_norm >> relu >> max_pool<2> >> flatten >>
                               dense<256> >> batch_norm >> relu >> dense<10>;

struct net : network<layers, shape<28, 28, 1>> {};

// learning curves, confusion matrix, and the mistakes that the network was surest of
static void draw(const fashion::settings& o, const fashion::trained<net>& t, const dataset& test) {
    line_chart chart{.title = "Fashion-MNIST: loss", .x_label = "epoch", .y_label = "cross-entropy"};
    chart_line training{.name = "training"}, testing{.name = "test"};
    for (const epoch_report& e : t.history.epochs) {
        training.x.push_back(e.epoch + 1);
        training.y.push_back(e.loss);
        testing.x.push_back(e.epoch + 1);
        testing.y.push_back(e.validation_loss);
    }
    chart.lines = {training, testing};
    write_png(o.out + "/learning_curves.png", chart.draw());
    write_png(o.out + "/confusion.png",
              confusion_picture(t.result.confusion, test.class_names, "Fashion-MNIST: test set"));

    struct mistake {
        std::size_t sample;
        int given;
        float margin;
    };
    std::vector<mistake> mistakes;
    for (std::size_t i = 0; i < test.size(); ++i) {
        const auto logits = (*t.net)(test.image(i));
        const int given = logits.largest();
        const auto truth = static_cast<std::size_t>(test.labels[i]);
        if (given != test.labels[i])
            mistakes.push_back({i, given, logits[static_cast<std::size_t>(given)] - logits[truth]});
    }
    std::ranges::sort(mistakes, std::greater{}, &mistake::margin);
    image_grid grid{.title = "Mistakes, the surest first", .height = 28, .width = 28, .channels = 1, .columns = 8};
    const auto [low, high] = std::ranges::minmax(test.images);
    grid.low = low;
    grid.high = high;
    for (std::size_t k = 0; k < std::min<std::size_t>(mistakes.size(), 40); ++k) {
        const mistake& m = mistakes[k];
        const auto name = [&](int c) { return test.class_names[static_cast<std::size_t>(c)]; };
        const auto pixels = test.image(m.sample);
        grid.tiles.push_back({pixels, {"true " + name(test.labels[m.sample]), "given " + name(m.given)}});
    }
    write_png(o.out + "/mistakes.png", grid.draw());
}

static void run(const fashion::settings& o) {
    const auto data = fashion::load(o);
    const auto t = fashion::train<net>(o, data, sgd{.momentum = 0.9, .weight_decay = 5e-4});
    draw(o, t, data.test);
    std::printf("pictures in %s: learning_curves.png, confusion.png, mistakes.png\n\n", o.out.c_str());
    fashion::print_figures(t);
}

int main(int count, char** arguments) {
    return fashion::run("fashion_mnist", "Trains a small convolutional network on Fashion-MNIST.", {}, run, count,
                        arguments);
}
