// Trains a convolutional network of splines on Fashion-MNIST: two layers whose weights are functions, and a dense one.
// Of 9,935 parameters; the network KANC MLP (medium) with 10 intervals of Bodner, Tepsich, Spolski, Pourteau 2024,
// "Convolutional Kolmogorov-Arnold Networks", who report 88.99 %. Trained as there: AdamW, batches of 64, a rate that falls
// to four fifths after each epoch. The splines' grid is [-1, 1], and so are the pixels.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <tessera/data.hpp>
#include <tessera/layers/kan/kan_conv.hpp>
#include <tessera/tessera.hpp>
#include <thread>

using namespace tessera;

inline constexpr auto layers =
    kan_conv<5, 3, b_spline<10>> >> max_pool<2> >> kan_conv<10, 3, b_spline<10>> >> max_pool<2> >> flatten >> dense<10>;

struct fashion : network<layers, shape<28, 28, 1>> {};
static_assert(fashion::parameter_count == 9935);

using classifier = model<fashion, backend::simd, batch<64>>;
using learner = trainer<classifier, cross_entropy, adamw>;

struct settings {
    int epochs = 12, threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    double rate = 2e-3, decay = 0.8;
    std::string data;
    std::uint64_t seed = 1;
};

static void run(const settings& o) {
    detail::simd::threads::set_count(o.threads);
    auto data = o.data.empty() ? load_fashion_mnist() : load_fashion_mnist(o.data);
    for (auto* images : {&data.train.images, &data.test.images})
        for (float& pixel : *images) pixel = 2 * pixel - 1;

    classifier net(o.seed);
    learner train(net, adamw{.weight_decay = 1e-4}, {.seed = o.seed});
    const data_loader loader(data.train, {.size = 64, .seed = o.seed});
    const step_decay schedule{.base = o.rate, .every = static_cast<long>(loader.size()), .factor = o.decay};
    const std::clock_t start = std::clock();
    fit(train, loader, data.test, schedule, {.epochs = o.epochs}, progress_bar{});
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;

    std::printf("test_accuracy: %.2f\n", 100 * evaluate(net, data.test).accuracy);
    std::printf("train_cpu_seconds: %.1f\n", seconds);
    std::printf("parameters: %ld\n", fashion::parameter_count);
    std::printf("workspace_bytes: %ld\n", model<fashion, backend::simd>::workspace_bytes);
}

int main(int count, char** arguments) {
    settings o;
    CLI::App app("Trains a convolutional network of splines on Fashion-MNIST.");
    app.add_option("--epochs", o.epochs, "epochs of training")->check(CLI::Range(1, 1000))->capture_default_str();
    app.add_option("--lr", o.rate, "rate of the first epoch")->check(CLI::Range(1e-6, 1.0))->capture_default_str();
    app.add_option("--decay", o.decay, "factor from epoch to epoch")
        ->check(CLI::Range(0.1, 1.0))
        ->capture_default_str();
    app.add_option("--threads", o.threads, "threads")->check(CLI::Range(1, 256))->capture_default_str();
    app.add_option("--data", o.data, "folder with the four IDX files; TESSERA_DATA or the system's package otherwise");
    app.add_option("--seed", o.seed, "seed of everything random")->capture_default_str();
    CLI11_PARSE(app, count, arguments);
    try {
        run(o);
    } catch (const std::exception& e) {
        std::cerr << "fashion_kan: " << e.what() << '\n';
        return 1;
    }
    return 0;
}
