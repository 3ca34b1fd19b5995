// What the Fashion-MNIST examples have in common: options, data, a training run that proves the file it saves, figures.
//
//     static void run(const fashion::settings& o) {
//         auto data = fashion::load(o);
//         fashion::print_figures(fashion::train<net>(o, data, adamw{.weight_decay = 0.05}));
//     }
//     int main(int count, char** arguments) {
//         return fashion::run("fashion_vit", "Trains a small vision transformer.", {.epochs = 4}, run, count, arguments);
//     }
//
// The batch capacity is a constant of the program; how many samples a batch holds is an option, up to it.
#pragma once
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <tessera/data.hpp>
#include <tessera/inspect.hpp>
#include <tessera/io.hpp>
#include <tessera/tessera.hpp>
#include <thread>
#include <utility>

namespace fashion {

using namespace tessera;

inline constexpr int largest_batch = 256;

struct settings {
    int epochs = 8, batch = 128;
    double rate = 0.2;
    int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    std::string data = {}, out = {};
    std::uint64_t seed = 1;
    // what the options may be at most; how far a batch may be filled
    double largest_rate = 10;
    int capacity = largest_batch;
};

inline double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

inline fashion_mnist load(const settings& o) {
    auto data = o.data.empty() ? load_fashion_mnist() : load_fashion_mnist(o.data);
    const auto normalise = normalise_channels::of(data.train);
    normalise(data.train);
    normalise(data.test);
    return data;
}

template <class Net> struct trained {
    using classifier = model<Net, backend::simd, batch<largest_batch>>;

    std::unique_ptr<classifier> net;
    fit_result history;
    evaluation result;
    double seconds;
    std::string file;
    int threads;
    std::span<const float> test_images;
};

// trains, saves, and has a fresh model load what was saved; `data` must outlive the result
template <class Net, class Optimiser>
trained<Net> train(const settings& o, const fashion_mnist& data, const Optimiser& optimiser) {
    using classifier = typename trained<Net>::classifier;
    using learner = trainer<classifier, cross_entropy, Optimiser>;
    detail::simd::threads::set_count(o.threads);
    std::cout << summary<learner>() << std::endl;

    auto net = std::make_unique<classifier>(o.seed);
    learner learn(*net, optimiser, {.seed = o.seed});
    const data_loader loader(
        data.train, {.size = static_cast<std::size_t>(o.batch), .seed = o.seed, .augment = augment(random_flip{})});
    const one_cycle schedule{.peak = o.rate, .total = static_cast<long>(loader.size()) * o.epochs};
    std::filesystem::create_directories(o.out);  // refused now, not after the training
    const auto start = std::chrono::steady_clock::now();
    fit_result history = fit(learn, loader, data.test, schedule, {.epochs = o.epochs}, progress_bar{});
    const double seconds = seconds_since(start);

    const std::string file = o.out + "/fashion.safetensors";
    save(*net, file);
    classifier again(o.seed + 1);
    tessera::load(again, file);
    evaluation result = evaluate(*net, data.test);
    const evaluation loaded = evaluate(again, data.test);
    if (result.accuracy != loaded.accuracy)
        throw error(file, "the accuracy of the trained model", std::to_string(100 * loaded.accuracy) + " %");
    std::printf("\nsaved to %s; a fresh model loaded from it has the same test accuracy\n", file.c_str());
    return {std::move(net), std::move(history), std::move(result), seconds, file, o.threads, data.test.images};
}

template <class Net> void print_figures(const trained<Net>& t) {
    using single = model<Net, backend::simd>;
    constexpr auto pixels = static_cast<std::size_t>(Net::table.inputs[0].shape.size());
    // one image at a time, by one thread: the fastest of several rounds, since other programs run here too
    auto alone = std::make_unique<single>();
    tessera::load(*alone, t.file);
    detail::simd::threads::set_count(1);
    double latency = 1;
    for (int round = 0; round < 20; ++round) {
        constexpr std::size_t calls = 500;
        const auto begin = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < calls; ++i) (*alone)(t.test_images.subspan(i * pixels, pixels));
        latency = std::min(latency, seconds_since(begin) / calls);
    }
    detail::simd::threads::set_count(t.threads);
    const auto full = t.test_images.first(largest_batch * pixels);
    double per_batch = 1;
    for (int round = 0; round < 50; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        (*t.net)(full);
        per_batch = std::min(per_batch, seconds_since(begin));
    }
    std::printf("test_accuracy: %.2f\n", 100 * t.result.accuracy);
    std::printf("train_seconds: %.1f\n", t.seconds);
    std::printf("parameters: %ld\n", Net::parameter_count);
    std::printf("workspace_bytes: %ld\n", single::workspace_bytes);
    std::printf("model_bytes: %ld\n", single::memory_bytes);
    std::printf("latency_us: %.1f\n", latency * 1e6);
    std::printf("throughput_per_s: %.0f\n", largest_batch / per_batch);
}

// reads the options, whose defaults are given, and runs the example with them
template <class Run>
int run(const std::string& name, const std::string& about, settings o, const Run& example, int count,
        char** arguments) {
    if (o.out.empty()) o.out = name;
    CLI::App app(about);
    app.add_option("--epochs", o.epochs, "epochs of training")->check(CLI::Range(1, 1000))->capture_default_str();
    app.add_option("--batch", o.batch, "samples in a batch")->check(CLI::Range(1, o.capacity))->capture_default_str();
    app.add_option("--lr", o.rate, "largest learning rate of the cycle")
        ->check(CLI::Range(1e-6, o.largest_rate))
        ->capture_default_str();
    app.add_option("--threads", o.threads, "threads")->check(CLI::Range(1, 256))->capture_default_str();
    app.add_option("--data", o.data, "folder with the four IDX files; TESSERA_DATA or the system's package otherwise");
    app.add_option("--out", o.out, "folder for what is written")->capture_default_str();
    app.add_option("--seed", o.seed, "seed of everything random")->capture_default_str();
    CLI11_PARSE(app, count, arguments);
    try {
        example(o);
    } catch (const std::exception& e) {
        std::cerr << name << ": " << e.what() << '\n';
        return 1;
    }
    return 0;
}

}  // namespace fashion
