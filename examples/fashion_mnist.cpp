// Trains a small convolutional network on Fashion-MNIST, saves it, proves the saved file, and draws what it learned.
//
// The network is a type: its parameters, its memory and its kernels are constants of this program. The batch capacity
// is one of them; how many samples a batch holds is an option, up to it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <tessera/data.hpp>
#include <tessera/inspect.hpp>
#include <tessera/io.hpp>
#include <tessera/tessera.hpp>
#include <thread>

using namespace tessera;

inline constexpr auto layers = conv<8, 3, same, no_bias> >> batch_norm >> relu >> max_pool<2> >>
                               conv<16, 3, same, no_bias> >> batch_norm >> relu >> max_pool<2> >> flatten >>
                               dense<256> >> batch_norm >> relu >> dense<10>;

struct fashion : network<layers, shape<28, 28, 1>> {};

inline constexpr int largest_batch = 256;
using classifier = model<fashion, backend::simd, batch<largest_batch>>;
using single = model<fashion, backend::simd>;
using learner = trainer<classifier, cross_entropy, sgd>;

struct settings {
    int epochs = 8, batch = 128, threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    double rate = 0.2;
    std::string data, out = "fashion_mnist";
    std::uint64_t seed = 1;
};

static double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// learning curves, confusion matrix, and the mistakes that the network was surest of
static void draw(const settings& o, const std::vector<epoch_report>& epochs, const evaluation& result, classifier& net,
                 const dataset& test) {
    line_chart chart{.title = "Fashion-MNIST: loss", .x_label = "epoch", .y_label = "cross-entropy"};
    chart_line training{.name = "training"}, testing{.name = "test"};
    for (const epoch_report& e : epochs) {
        training.x.push_back(e.epoch + 1);
        training.y.push_back(e.loss);
        testing.x.push_back(e.epoch + 1);
        testing.y.push_back(e.validation_loss);
    }
    chart.lines = {training, testing};
    write_png(o.out + "/learning_curves.png", chart.draw());
    write_png(o.out + "/confusion.png",
              confusion_picture(result.confusion, test.class_names, "Fashion-MNIST: test set"));

    struct mistake {
        std::size_t sample;
        int given;
        float margin;
    };
    std::vector<mistake> mistakes;
    for (std::size_t i = 0; i < test.size(); ++i) {
        const auto logits = net(test.image(i));
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

static void run(const settings& o) {
    detail::simd::threads::set_count(o.threads);
    std::cout << summary<learner>() << std::endl;

    auto data = o.data.empty() ? load_fashion_mnist() : load_fashion_mnist(o.data);
    const auto normalise = normalise_channels::of(data.train);
    normalise(data.train);
    normalise(data.test);

    classifier net(o.seed);
    learner train(net, sgd{.momentum = 0.9, .weight_decay = 5e-4}, {.seed = o.seed});
    const data_loader loader(
        data.train, {.size = static_cast<std::size_t>(o.batch), .seed = o.seed, .augment = augment(random_flip{})});
    const one_cycle schedule{.peak = o.rate, .total = static_cast<long>(loader.size()) * o.epochs};
    std::filesystem::create_directories(o.out);  // refused now, not after the training
    const auto start = std::chrono::steady_clock::now();
    const fit_result history = fit(train, loader, data.test, schedule, {.epochs = o.epochs}, progress_bar{});
    const double train_seconds = seconds_since(start);

    const std::string file = o.out + "/fashion.safetensors";
    save(net, file);
    classifier again(o.seed + 1);
    load(again, file);
    const evaluation trained = evaluate(net, data.test), loaded = evaluate(again, data.test);
    if (trained.accuracy != loaded.accuracy)
        throw error(file, "the accuracy of the trained model", std::to_string(100 * loaded.accuracy) + " %");
    std::printf("\nsaved to %s; a fresh model loaded from it has the same test accuracy\n", file.c_str());
    draw(o, history.epochs, trained, net, data.test);
    std::printf("pictures in %s: learning_curves.png, confusion.png, mistakes.png\n\n", o.out.c_str());

    // one image at a time, by one thread: the fastest of several rounds, since other programs run here too
    auto alone = std::make_unique<single>();
    load(*alone, file);
    detail::simd::threads::set_count(1);
    double latency = 1;
    for (int round = 0; round < 20; ++round) {
        constexpr std::size_t calls = 500;
        const auto begin = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < calls; ++i) (*alone)(data.test.image(i));
        latency = std::min(latency, seconds_since(begin) / calls);
    }
    detail::simd::threads::set_count(o.threads);
    const auto full =
        std::span(data.test.images).first(static_cast<std::size_t>(largest_batch) * data.test.extents.size());
    double per_batch = 1;
    for (int round = 0; round < 50; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        net(full);
        per_batch = std::min(per_batch, seconds_since(begin));
    }
    std::printf("test_accuracy: %.2f\n", 100 * trained.accuracy);
    std::printf("train_seconds: %.1f\n", train_seconds);
    std::printf("parameters: %ld\n", fashion::parameter_count);
    std::printf("workspace_bytes: %ld\n", single::workspace_bytes);
    std::printf("model_bytes: %ld\n", single::memory_bytes);
    std::printf("latency_us: %.1f\n", latency * 1e6);
    std::printf("throughput_per_s: %.0f\n", largest_batch / per_batch);
}

int main(int count, char** arguments) {
    settings o;
    CLI::App app("Trains a small convolutional network on Fashion-MNIST.");
    app.add_option("--epochs", o.epochs, "epochs of training")->check(CLI::Range(1, 1000))->capture_default_str();
    app.add_option("--batch", o.batch, "samples in a batch")
        ->check(CLI::Range(1, largest_batch))
        ->capture_default_str();
    app.add_option("--lr", o.rate, "largest learning rate of the cycle")
        ->check(CLI::Range(1e-6, 10.0))
        ->capture_default_str();
    app.add_option("--threads", o.threads, "threads")->check(CLI::Range(1, 256))->capture_default_str();
    app.add_option("--data", o.data, "folder with the four IDX files; TESSERA_DATA or the system's package otherwise");
    app.add_option("--out", o.out, "folder for the model and the pictures")->capture_default_str();
    app.add_option("--seed", o.seed, "seed of everything random")->capture_default_str();
    CLI11_PARSE(app, count, arguments);
    try {
        run(o);
    } catch (const std::exception& e) {
        std::cerr << "fashion_mnist: " << e.what() << '\n';
        return 1;
    }
    return 0;
}
