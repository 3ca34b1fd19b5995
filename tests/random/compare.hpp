// compare: a random network under every configuration against the oracle. One fault is told by name; how much was
// compared is counted, and how much nothing could be said of.
//
// Of a unit of its own, since the oracle and the passes at run time cost half a minute to compile.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "recipe.hpp"
#include "run_time/run_time_program.hpp"

namespace tessera::random_networks {

using namespace detail;

struct report {
    std::string fault;  // empty: none was found
    long compared = 0, unknown = 0, differences = 0, skipped_differences = 0, streams = 0, refused_streams = 0,
         changed = 0, multiplied = 0;

    bool failed() const { return !fault.empty(); }
    void fail(const std::string& what) {
        if (fault.empty()) fault = what;
    }
    void add(const report& other) {
        compared += other.compared;
        unknown += other.unknown;
        differences += other.differences;
        skipped_differences += other.skipped_differences;
        streams += other.streams;
        refused_streams += other.refused_streams;
        multiplied += other.multiplied;
    }
    std::string summary() const;
};

// What a fifth of the numbers of inputs are.
enum class mood { ordinary, zeros, large, tiny, negative_infinity, nan, infinities, mixed };
inline constexpr int moods = 8;

// a program that was made elsewhere, and what it runs
struct made_elsewhere {
    graph of;
    std::unique_ptr<run_time_program<float>> program;
};

report compare(const recipe& r, std::uint64_t seed, mood m);

// the same of programs of this recipe: two of capacity 5, of which `of_training` may be missing, and one of capacity 1
report compare(const recipe& r, std::uint64_t seed, mood m, made_elsewhere of_inference, made_elsewhere of_training,
               made_elsewhere of_one_sample);

// the same of a program whose graph was changed in secret: change(graph) says whether it did
report compare_changed(const recipe& r, std::uint64_t seed, const std::function<bool(graph&)>& change);

}  // namespace tessera::random_networks
