// recipe: what a random network is made from: its inputs and a list of steps, each a handful of numbers that the writer
// reads as it needs them, modulo what is possible. Any numbers give a network, so a recipe can be made smaller at will.
//
//   recipe_of(seed)      every seed has one
//   without changing the numbers of other steps, a step can be dropped: what it would make is then its first operand
#pragma once
#include <cstdint>
#include <tessera/ir/random_block.hpp>

namespace tessera::random_networks {

using detail::random_block;

struct step_recipe {
    static constexpr int length = 16;
    bool dropped = false;
    int numbers[length] = {};

    constexpr bool operator==(const step_recipe&) const = default;
};

struct input_recipe {
    bool whole_numbers = false;  // indices, all below `recipe::indices`
    int rank = 1;
    int size_of[4] = {1, 1, 1, 1};

    constexpr bool operator==(const input_recipe&) const = default;
};

struct recipe {
    static constexpr int most_steps = 24, most_inputs = 3, most_outputs = 3, indices = 3;
    bool temporal = false;  // every value has time as its leading axis, and no step looks along it but a scan
    int input_count = 1;
    input_recipe inputs[most_inputs];
    int step_count = 0;
    step_recipe steps[most_steps];
    int output_count = 1;
    int outputs[most_outputs] = {};  // how far after the last value

    constexpr bool operator==(const recipe&) const = default;
};

class draws {
  public:
    constexpr draws(std::uint64_t seed, std::uint64_t stream) : seed_(seed), stream_(stream) {}
    // 0 <= number < n
    constexpr int below(int n) {
        const auto word = random_block::at(seed_, stream_, at_ / 4).word[at_ % 4];
        ++at_;
        return static_cast<int>(word % static_cast<std::uint32_t>(n));
    }

  private:
    std::uint64_t seed_, stream_, at_ = 0;
};

// extents of 1 are what most mistakes are made with
constexpr int random_extent(draws& d, bool large) {
    constexpr int usual[] = {1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8}, wide[] = {1, 1, 3, 8, 9, 12, 16, 17, 24, 33};
    return large ? wide[d.below(10)] : usual[d.below(12)];
}

// most_steps bounds the steps; large: some extents are those of small real networks
constexpr recipe recipe_of(std::uint64_t seed, int most_steps = 12, bool large = false) {
    draws d(seed, 0x7e55);
    recipe r;
    r.temporal = d.below(6) == 0;
    const int time = 2 + d.below(4);
    const int inputs[] = {1, 1, 1, 2, 2, 3};
    r.input_count = inputs[d.below(6)];
    for (int i = 0; i < r.input_count; ++i) {
        input_recipe& in = r.inputs[i];
        in.whole_numbers = i > 0 && !r.temporal && d.below(2) == 0;
        const int ranks[] = {0, 1, 1, 2, 2, 2, 3, 3, 3, 4};
        in.rank = in.whole_numbers ? d.below(3) : ranks[d.below(10)];
        for (int a = 0; a < in.rank; ++a) in.size_of[a] = random_extent(d, large && in.rank < 4);
        if (r.temporal) {
            in.rank = in.rank < 1 ? 1 : in.rank > 3 ? 3 : in.rank;
            in.size_of[0] = time;
        }
    }
    r.step_count = 1 + d.below(most_steps < recipe::most_steps ? most_steps : recipe::most_steps);
    for (int k = 0; k < r.step_count; ++k)
        for (int& n : r.steps[k].numbers) n = d.below(1 << 20);
    r.output_count = d.below(3) == 0 ? 2 + d.below(2) : 1;
    for (int i = 0; i < r.output_count; ++i) r.outputs[i] = i == 0 ? 0 : d.below(1 << 10);
    return r;
}

}  // namespace tessera::random_networks
