// Trains a convolutional network of splines on Fashion-MNIST: two layers whose weights are functions, and a dense one.
// Of 9,935 parameters; the network KANC MLP (medium) with 10 intervals of Bodner, Tepsich, Spolski, Pourteau 2024,
// "Convolutional Kolmogorov-Arnold Networks", who report 88.99 %. Trained as there: AdamW, batches of 64, a rate that falls
// to four fifths after each epoch. The splines' grid is [-1, 1], and so are the pixels. Twelve epochs gave 89.22 % in 219 s
// of processor time; with half the rate 88.84 %.
#include "fashion.hpp"

#include <tessera/layers/kan/kan_conv.hpp>

using namespace tessera;

inline constexpr auto layers =
    kan_conv<5, 3, b_spline<10>> >> max_pool<2> >> kan_conv<10, 3, b_spline<10>> >> max_pool<2> >> flatten >> dense<10>;

struct splines : network<layers, shape<28, 28, 1>> {};
static_assert(splines::parameter_count == 9935);

inline constexpr int largest_batch = 64;
using classifier = model<splines, backend::simd, batch<largest_batch>>;
using learner = trainer<classifier, cross_entropy, adamw>;

static void run(const fashion::settings& o) {
    detail::simd::threads::set_count(o.threads);
    auto data = o.data.empty() ? load_fashion_mnist() : load_fashion_mnist(o.data);
    for (auto* images : {&data.train.images, &data.test.images})
        for (float& pixel : *images) pixel = 2 * pixel - 1;

    classifier net(o.seed);
    learner train(net, adamw{.weight_decay = 1e-4}, {.seed = o.seed});
    const data_loader loader(data.train, {.size = static_cast<std::size_t>(o.batch), .seed = o.seed});
    const step_decay schedule{.base = o.rate, .every = static_cast<long>(loader.size()), .factor = 0.8};
    const double start = fashion::processor_seconds();
    fit(train, loader, data.test, schedule, {.epochs = o.epochs}, progress_bar{});
    const double seconds = fashion::processor_seconds() - start;

    std::printf("test_accuracy: %.2f\n", 100 * evaluate(net, data.test).accuracy);
    std::printf("train_cpu_seconds: %.1f\n", seconds);
    std::printf("parameters: %ld\n", splines::parameter_count);
    std::printf("workspace_bytes: %ld\n", model<splines, backend::simd>::workspace_bytes);
}

int main(int count, char** arguments) {
    return fashion::run(
        "fashion_kan", "Trains a convolutional network of splines on Fashion-MNIST.",
        {.epochs = 12, .batch = largest_batch, .rate = 4e-3, .largest_rate = 1, .capacity = largest_batch}, run, count,
        arguments);
}
