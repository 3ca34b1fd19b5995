// compiled<Seed>: the random network of a seed as any network is: a type, and programs that a compiler made of it.
#pragma once
#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/network.hpp>
#include <tessera/train/all_gradients.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>

#include "compare.hpp"
#include "random_network.hpp"

namespace tessera::random_networks {

using namespace detail;

namespace compiling {

template <input_recipe In, class Axes> struct shape_of;
template <input_recipe In, int... Axis> struct shape_of<In, std::integer_sequence<int, Axis...>> {
    using type = shape<In.size_of[Axis]...>;
};

template <int Number> constexpr auto input_name() {
    constexpr char letters[] = {'x', static_cast<char>('0' + Number), 0};
    return fixed_text<3>(letters);
}
template <recipe Recipe, int Number>
using input_of =
    in<input_name<Number>(),
       typename shape_of<Recipe.inputs[Number], std::make_integer_sequence<int, Recipe.inputs[Number].rank>>::type,
       std::conditional_t<Recipe.inputs[Number].whole_numbers, int32, real>>;

template <recipe Recipe> struct writes {
    constexpr values operator()(const values& x) const { return write(Recipe, *x.list[0].owner, x); }
    constexpr values operator()(value x) const { return (*this)(values{x}); }
};

template <recipe Recipe, class Inputs> struct network_of;
template <recipe Recipe, int... Number> struct network_of<Recipe, std::integer_sequence<int, Number...>> {
    struct type : network<writes<Recipe>{}, input_of<Recipe, Number>...> {};
};

}  // namespace compiling

template <recipe Recipe>
using network_of = typename compiling::network_of<Recipe, std::make_integer_sequence<int, Recipe.input_count>>::type;

// a program that a compiler made, as those that are made at run time
template <class Program> struct compiled_program : run_time_program<float> {
    void run(const memory<float>& m, const double*) const override { Program::backend_type::template run<Program>(m); }
    placed at(int i) const override { return Program::places.at[i]; }
    long workspace_bytes() const override { return Program::workspace_bytes; }
};

template <class Program> made_elsewhere made() {
    return {Program::graph.thaw(), std::make_unique<compiled_program<Program>>()};
}

// whether the compiler found the parameters of run time, in their order
template <class Net> bool has_parameters_of(const graph& g) {
    bool same = static_cast<int>(g.parameters.size()) == Net::table.parameter_count;
    for (int i = 0; same && i < Net::table.parameter_count; ++i) {
        const variable_info &one = g.parameters[static_cast<std::size_t>(i)], &other = Net::table.parameters[i];
        same = g.path_of(one) == Net::table.path_of(other) && one.shape == other.shape;
    }
    return same;
}

template <std::uint64_t Seed, int Steps, bool Trains> report compare_compiled(mood m) {
    constexpr recipe r = recipe_of(Seed, Steps);
    using net = network_of<r>;
    report result;
    if (!has_parameters_of<net>(written(r, phase::inference))) {
        result.fail("parameters are others when compiling than at run time");
        return result;
    }
    made_elsewhere of_training;
    if constexpr (Trains)
        of_training = made<program<net, backend::simd, batch<5>, float, all_gradients<weighted_outputs>>>();
    return compare(r, Seed, m, made<program<net, backend::simd, batch<5>>>(), std::move(of_training),
                   made<program<net, backend::simd>>());
}

}  // namespace tessera::random_networks
