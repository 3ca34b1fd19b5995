// in_turns: what a call takes in two ways, so many calls of the one and so many of the other in turns in one benchmark, by
// the time of the thread. `ratio` is the time of the other over that of the first.
#pragma once
#include <benchmark/benchmark.h>

#include <string>

#include "peak.hpp"

namespace bench {

template <class First, class Other>
void in_turns(benchmark::State& state, int calls, const std::string& name, First first, const std::string& other_name,
              Other other) {
    double of_first = 0, of_other = 0;
    long rounds = 0;
    for (auto _ : state) {
        const double start = thread_seconds();
        for (int k = 0; k < calls; ++k) first();
        const double middle = thread_seconds();
        for (int k = 0; k < calls; ++k) other();
        of_other += thread_seconds() - middle;
        of_first += middle - start;
        ++rounds;
        state.SetIterationTime(middle - start);
    }
    const double all = double(rounds) * calls;
    state.counters["ns_" + name] = 1e9 * of_first / all;
    state.counters["ns_" + other_name] = 1e9 * of_other / all;
    state.counters["ratio"] = of_other / of_first;
}

}  // namespace bench
