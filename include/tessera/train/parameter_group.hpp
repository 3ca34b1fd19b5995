// parameter_group: what a trainer does otherwise with the parameters of a path and below it.
//
//     train.group<"stage1">({.rate = 0.1});                    // a tenth of the step's rate
//     train.group<"encoder.*.bias">({.rate = 2});              // a pattern, as in path_pattern.hpp
//     train.group<"head">({.weight_decay = 0});
//     train.group<"head.bias">({.weight_decay = 0.01, .spares = false});
//
//   rate           times the rate of the step; 0: the parameters stay, while the optimiser goes on watching them
//   weight_decay   instead of the optimiser's, where given
//   spares         biases and scales are not decayed, as everywhere; false: they are
//
// Which parameters a path names is a table that the compiler makes. A step asks for each parameter once, not for each
// of its elements.
//
// Errors  compile time: this_call_does_not_fit<...> for a path that no parameter has, with the nearest that there are.
#pragma once
#include <array>
#include <optional>
#include <tessera/ir/diagnosis.hpp>
#include <tessera/train/training.hpp>

namespace tessera {

struct parameter_group {
    double rate = 1;
    std::optional<double> weight_decay{};
    bool spares = true;
};

// which parameters of a network a path names
template <class Net, fixed_text Path> struct grouped_parameters {
    static constexpr auto covers = [] {
        std::array<bool, static_cast<std::size_t>(Net::table.parameter_count) + 1> list{};
        for (int i = 0; i < Net::table.parameter_count; ++i)
            list[static_cast<std::size_t>(i)] =
                freeze<Path>::covers(Net::table.path_of(Net::table.parameters[i]).view());
        return list;
    }();
    static constexpr bool failed = [] {
        for (bool c : covers)
            if (c) return false;
        return Net::table.parameter_count > 0;
    }();
    static constexpr detail::fault problem = [] {
        detail::fault none{.where = text(Path.view()),
                           .layer = "group of a trainer",
                           .expected = "a parameter of that path, or below it",
                           .found = text(),
                           .hint = "nearest first; * stands for any letters"};
        if (failed) none.found = detail::paths_like(Path.view(), Net::table, Net::table.parameter_count);
        return none;
    }();

    static_assert(detail::diagnosis::says_what_is_wrong<this_call_does_not_fit, grouped_parameters>);
};

}  // namespace tessera
