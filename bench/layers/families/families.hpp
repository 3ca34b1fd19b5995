// What a call of a network takes, and a step of its training, forward and back: on one thread, in its CPU time, the least
// of several turns, in milliseconds. A row is printed as families.py prints its own.
#pragma once
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <tessera/train/training.hpp>

#include "../../passes/turns.hpp"

namespace families {

using namespace tessera;

inline const char* wanted = "";  // rows whose names hold this

template <class F> double least_seconds(F f) {
    double least = turns::seconds_of_calls(f, 1);
    const int calls = 1 + static_cast<int>(5e-3 / least);
    double spent = 0;
    for (int turn = 0; turn < 5 || (turn < 200 && spent < 0.25); ++turn) {
        const double once = turns::seconds_of_calls(f, calls);
        spent += once * calls;
        least = std::min(least, once);
    }
    return least;
}

template <class Net, int Batch, class Mode> struct one_call {
    using program_type = program<Net, backend::simd, batch<Batch>, Mode>;
    std::vector<float> gradients = std::vector<float>(Net::parameter_elements + 16), x = turns::images<Net>(Batch);
    std::vector<float> weights = std::vector<float>(1 << 24, 0.5f);
    model<Net, backend::simd> start{1};
    detail::buffer<float, program_type::workspace_bytes / 4 + 16, true> workspace;
    detail::buffer<float, Net::state_elements + 16, true> states;

    void operator()() {
        detail::memory<float> m;
        m.count = Batch;
        m.real_inputs[0] = x.data();
        m.real_inputs[1] = weights.data();
        m.parameters = start.parameters().data();
        m.gradients = gradients.data();
        m.states = states.data();
        m.workspace = workspace.data();
        backend::simd::template run<program_type>(m);
    }
};

template <class Net, int Batch = 32, bool Trains = true> void row(const char* name) {
    if (std::strstr(name, wanted) == nullptr) return;
    const auto forward = std::make_unique<model<Net, backend::simd, batch<Batch>>>(1);
    const std::vector<float> x = turns::images<Net>(Batch);
    std::printf("%-28s %9.3f", name, 1e3 * least_seconds([&] { (*forward)(x); }));
    if constexpr (Trains) {
        const auto step = std::make_unique<one_call<Net, Batch, training<weighted_outputs>>>();
        std::printf(" %9.3f", 1e3 * least_seconds([&] { (*step)(); }));
    }
    std::printf("\n");
    std::fflush(stdout);
}

}  // namespace families
