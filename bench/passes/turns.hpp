// A network on two backends that differ in one pass, in turns within one run on one thread: what a call takes, the median
// of the ratios and the middle half of them, and the workspace.
#pragma once
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>
#include <tessera/model.hpp>
#include <vector>

namespace turns {

inline double thread_seconds() {
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}
template <class F> double seconds_of_calls(F& f, int calls) {
    const double begin = thread_seconds();
    for (int k = 0; k < calls; ++k) f();
    return (thread_seconds() - begin) / calls;
}

inline void print_heading() {
    std::printf("%-24s %5s %11s %8s %14s %12s %10s\n", "network", "batch", "us a call", "faster", "half of them",
                "KiB before", "KiB after");
}

// a function with the pass and one without, which need so many bytes
template <class With, class Without>
void alternate(const char* name, int batch, double enough, With with, Without without, long kept, long before) {
    const int calls = 1 + static_cast<int>(2e-3 / seconds_of_calls(with, 2));
    std::vector<double> ratio, seconds;
    for (double spent = 0; spent < enough || ratio.size() < 9;) {
        const double a = seconds_of_calls(without, calls), b = seconds_of_calls(with, calls);
        spent += calls * (a + b);
        ratio.push_back(a / b);
        seconds.push_back(b);
    }
    std::ranges::sort(ratio);
    std::ranges::sort(seconds);
    const std::size_t turns = ratio.size();
    std::printf("%-24s %5d %11.1f %8.2f %5.2f to %4.2f %12.1f %10.1f\n", name, batch, seconds[turns / 2] * 1e6,
                ratio[turns / 2], ratio[turns / 4], ratio[turns * 3 / 4], static_cast<double>(before) / 1024,
                static_cast<double>(kept) / 1024);
}

template <class Net> std::vector<float> images(int count) {
    std::vector<float> x(static_cast<std::size_t>(Net::table.inputs[0].shape.size() * count));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 2654435761u % 4096) / 1024 - 2;
    return x;
}

// With: the backend as it is; Without: with the pass off
template <class Net, int Batch, class With, class Without> void compare(const char* name, double enough) {
    using tessera::batch, tessera::model;
    const auto with = std::make_unique<model<Net, With, batch<Batch>>>(1);
    const auto without = std::make_unique<model<Net, Without, batch<Batch>>>(1);
    const std::vector<float> x = images<Net>(Batch);
    constexpr long kept = model<Net, With, batch<Batch>>::program_type::workspace_bytes;
    constexpr long before = model<Net, Without, batch<Batch>>::program_type::workspace_bytes;
    alternate(name, Batch, enough, [&] { (*with)(x); }, [&] { (*without)(x); }, kept, before);
}

}  // namespace turns
