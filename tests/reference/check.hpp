// check: one case of tests/reference/cases against one backend and one number type: outputs, gradients, states.
//
// The gradient that a case holds is that of sum(output * seed), so that sum is the loss. In double the values must agree
// to 1e-11; in float to 1e-5 of the largest value of the tensor.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/io/element_conversion.hpp>
#include <tessera/io/safetensors.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/training.hpp>
#include <vector>

namespace reference {

using namespace tessera;

struct seeded_sum {
    static constexpr value apply(graph& g, const values& y) {
        return sum(y[0] * losses::target(g, text("seed"), y[0].shape(), element::real));
    }
};

inline std::string path_of(const std::string& name) { return std::string(TESSERA_REFERENCE) + "/" + name + ".safetensors"; }

template <class T>
std::vector<T> numbers(const tensor_file& file, const std::string& name) {
    const tensor_entry* entry = file.find(name);
    if (entry == nullptr) return {};
    std::vector<double> exact(entry->size());
    copy_as_float(*entry, std::span<double>(exact));
    return {exact.begin(), exact.end()};
}

template <class T>
void expect_close(const std::vector<T>& wanted, std::span<const T> found, const std::string& what) {
    ASSERT_EQ(wanted.size(), found.size()) << what;
    double largest = 1e-3;
    for (T w : wanted) largest = std::max(largest, std::abs(static_cast<double>(w)));
    const double allowed = sizeof(T) == 4 ? 1e-5 * largest : 1e-11 * (1 + largest);
    for (std::size_t i = 0; i < wanted.size(); ++i)
        ASSERT_NEAR(static_cast<double>(wanted[i]), static_cast<double>(found[i]), allowed) << what << " [" << i << "]";
}

// Buffers of a program, and a call
template <class Program>
struct run_of {
    using T = typename Program::real_type;
    using Net = typename Program::network_type;
    std::vector<T> parameters, gradients, states;
    buffer<T, Program::workspace_bytes / static_cast<long>(sizeof(T)), true> workspace;
    memory<T> m;

    run_of()
        : parameters(static_cast<std::size_t>(Net::parameter_elements) + 16),
          gradients(parameters.size()),
          states(static_cast<std::size_t>(Net::state_elements) + 16) {
        m.parameters = parameters.data();
        m.gradients = gradients.data();
        m.states = states.data();
        m.workspace = workspace.data();
    }
    void operator()() { Program::backend_type::template run<Program>(m); }
    output_view<T> output(int i) const { return calls::view_of<Program>(m, Program::graph.outputs[i]); }
};

// the number of samples in a tensor: those of the batch where the case has one
inline int samples_of(const tensor_entry& entry, const extents& sample) {
    long n = 1;
    for (auto e : entry.shape) n *= e;
    return static_cast<int>(n / sample.size());
}

template <class Case, class Backend, class T>
void check() {
    const tensor_file file = read_safetensors(path_of(Case::file));
    constexpr int inputs = Case::table.input_count;
    constexpr bool backward = Case::purpose == phase::training || Case::table.state_count == 0;
    using mode = std::conditional_t<backward, gradients_of<seeded_sum>, inference>;
    using program_type = program<Case, Backend, batch<4>, T, mode>;
    auto run = std::make_unique<run_of<program_type>>();

    std::vector<std::vector<T>> real(inputs);
    std::vector<std::vector<std::int32_t>> whole(inputs);
    const auto input_name = [&](int i) {
        return file.find("input") != nullptr ? std::string("input") : "input" + std::to_string(i);
    };
    for (int i = 0; i < inputs; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const tensor_entry* entry = file.find(input_name(i));
        ASSERT_NE(entry, nullptr) << Case::file << " " << input_name(i);
        run->m.count = samples_of(*entry, Case::table.inputs[i].shape);
        ASSERT_LE(run->m.count, 4);
        real[at] = numbers<T>(file, input_name(i));
        for (T v : real[at]) whole[at].push_back(static_cast<std::int32_t>(v));
        run->m.real_inputs[i] = real[at].data();
        run->m.index_inputs[i] = whole[at].data();
    }
    const auto each = [&](const auto& list, int count, auto f) {
        for (int i = 0; i < count; ++i) {
            const text name = Case::table.path_of(list[i]);
            f(list[i], std::string(name.view()));
        }
    };
    each(Case::table.parameters, Case::table.parameter_count, [&](const variable_info& v, const std::string& name) {
        const auto values = numbers<T>(file, "parameter." + name);
        ASSERT_EQ(values.size(), static_cast<std::size_t>(v.shape.size())) << Case::file << " parameter." << name;
        std::ranges::copy(values, run->parameters.begin() + v.offset);
    });
    each(Case::table.states, Case::table.state_count, [&](const variable_info& v, const std::string& name) {
        const auto values = numbers<T>(file, "state." + name);
        ASSERT_EQ(values.size(), static_cast<std::size_t>(v.shape.size())) << Case::file << " state." << name;
        std::ranges::copy(values, run->states.begin() + v.offset);
    });
    std::vector<T> seed = numbers<T>(file, "seed");
    // the loss is divided by the number of samples; the case's is not
    for (T& s : seed) s *= static_cast<T>(run->m.count);
    run->m.real_inputs[inputs] = seed.data();

    (*run)();

    const std::string where = std::string(Case::file) + " ";
    expect_close(numbers<T>(file, "output"), std::span<const T>(run->output(0)), where + "output");
    if constexpr (backward) {
        int next = Case::table.output_count;
        for (int i = 0; i < inputs; ++i)
            if (Case::table.inputs[i].type == element::real)
                expect_close(numbers<T>(file, "gradient." + input_name(i)), std::span<const T>(run->output(next++)),
                             where + "gradient." + input_name(i));
        each(Case::table.parameters, Case::table.parameter_count, [&](const variable_info& v, const std::string& name) {
            expect_close(numbers<T>(file, "gradient." + name),
                         std::span<const T>(run->gradients).subspan(static_cast<std::size_t>(v.offset),
                                                                    static_cast<std::size_t>(v.shape.size())),
                         where + "gradient." + name);
        });
        each(Case::table.states, Case::table.state_count, [&](const variable_info& v, const std::string& name) {
            expect_close(numbers<T>(file, "updated." + name),
                         std::span<const T>(run->states).subspan(static_cast<std::size_t>(v.offset),
                                                                 static_cast<std::size_t>(v.shape.size())),
                         where + "updated." + name);
        });
    }
}

}  // namespace reference
