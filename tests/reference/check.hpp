// check: one case of tests/reference/cases against one backend and one number type: outputs, gradients, states.
//
// The gradients that a case of a layer holds are those of sum(output * seed), so that sum is the loss. A labelled case
// holds logits, labels, and their mean cross-entropy with its gradients. In double the values must agree to 1e-11; in
// float to 1e-5 of the largest value of the tensor, or of 0.5: the gradients of some biases are zero but for rounding.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/io/element_conversion.hpp>
#include <tessera/model.hpp>
#include <tessera/train/all_gradients.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <vector>

#include "read_case.hpp"

namespace reference {

using namespace tessera;
using namespace tessera::detail;

struct seeded_sum {
    static constexpr value apply(graph& g, const values& y) {
        return sum(y[0] * losses::target(g, text("seed"), y[0].shape(), element::real));
    }
};

// as T; none where the file has no such tensor
template <class T> std::vector<T> numbers(const tensor_file& file, const std::string& name) {
    const tensor_entry* entry = file.find(name);
    if (entry == nullptr) return {};
    std::vector<double> exact(entry->size());
    copy_as_float(*entry, std::span<double>(exact));
    std::vector<T> list;
    for (double v : exact) list.push_back(static_cast<T>(v));
    return list;
}

template <class T> void expect_close(const std::vector<T>& wanted, std::span<const T> found, const std::string& what) {
    ASSERT_EQ(wanted.size(), found.size()) << what;
    double largest = 0;
    for (T w : wanted) largest = std::max(largest, std::abs(static_cast<double>(w)));
    const double allowed = sizeof(T) == 4 ? 1e-5 * std::max(largest, 0.5) : 1e-11 * (1 + largest);
    for (std::size_t i = 0; i < wanted.size(); ++i)
        ASSERT_NEAR(static_cast<double>(wanted[i]), static_cast<double>(found[i]), allowed) << what << " [" << i << "]";
}

template <class Case, class Backend, class T> class comparison {
    static constexpr const auto& table = Case::table;
    // a state that is not trained with has no gradients to compare
    static constexpr bool backward = Case::purpose == phase::training || table.state_count == 0;
    using loss = std::conditional_t<Case::labelled, cross_entropy, seeded_sum>;
    using program_type =
        program<Case, Backend, batch<4>, T, std::conditional_t<backward, all_gradients<loss>, inference>>;

  public:
    void run() {
        ASSERT_NO_FATAL_FAILURE(read_inputs());
        ASSERT_NO_FATAL_FAILURE(read("parameter.", table.parameters, table.parameter_count, parameters_.data()));
        ASSERT_NO_FATAL_FAILURE(read("state.", table.states, table.state_count, states_.data()));
        Backend::template run<program_type>(memory_);
        compare_outputs();
        if constexpr (backward) compare_gradients();
    }

  private:
    static std::size_t at(long i) { return static_cast<std::size_t>(i); }
    std::string place(const std::string& tensor) const { return std::string(Case::file) + " " + tensor; }
    std::string input_name(int i) const {
        return file_.find("input") != nullptr ? std::string("input") : "input" + std::to_string(i);
    }

    void read_inputs() {
        for (int i = 0; i < table.input_count; ++i) {
            real_[at(i)] = numbers<T>(file_, input_name(i));
            whole_[at(i)] = numbers<std::int32_t>(file_, input_name(i));
            const int values = static_cast<int>(real_[at(i)].size()), sample = table.inputs[i].shape.size();
            ASSERT_EQ(values % sample, 0) << place(input_name(i));
            memory_.count = values / sample;
            ASSERT_TRUE(memory_.count >= 1 && memory_.count <= program_type::capacity) << place(input_name(i));
        }
        const std::size_t target = at(table.input_count);
        whole_[target] = numbers<std::int32_t>(file_, "target");
        real_[target] = numbers<T>(file_, "seed");
        // the loss is divided by the number of samples; that of a seeded case is not
        for (T& s : real_[target]) s *= static_cast<T>(memory_.count);
        for (std::size_t i = 0; i <= target; ++i) {
            memory_.real_inputs[i] = real_[i].data();
            memory_.index_inputs[i] = whole_[i].data();
        }
    }
    template <class List> void read(const std::string& prefix, const List& list, int count, T* to) {
        for (int i = 0; i < count; ++i) {
            const std::string name = prefix + std::string(table.path_of(list[i]).view());
            const std::vector<T> start = numbers<T>(file_, name);
            ASSERT_EQ(start.size(), at(list[i].shape.size())) << place(name);
            std::ranges::copy(start, to + list[i].offset);
        }
    }

    std::span<const T> output(int i) const {
        return calls::view_of<program_type>(memory_, program_type::graph.outputs[i]);
    }
    void compare_outputs() const {
        if constexpr (Case::labelled) {
            expect_close(numbers<T>(file_, "logits"), output(0), place("logits"));
            const auto each = calls::view_of<program_type>(memory_, program_type::graph.losses[0]);
            T mean = 0;
            for (T l : each) mean += l / static_cast<T>(each.size());
            expect_close(numbers<T>(file_, "output"), std::span<const T>(&mean, 1), place("output"));
        } else {
            expect_close(numbers<T>(file_, "output"), output(0), place("output"));
        }
    }
    void compare_gradients() const {
        int next = table.output_count;
        for (int i = 0; i < table.input_count; ++i)
            if (table.inputs[i].type == element::real) compare("gradient." + input_name(i), output(next++));
        compare("gradient.", table.parameters, table.parameter_count, gradients_.data());
        compare("updated.", table.states, table.state_count, states_.data());
    }
    template <class List> void compare(const std::string& prefix, const List& list, int count, const T* from) const {
        for (int i = 0; i < count; ++i)
            compare(prefix + std::string(table.path_of(list[i]).view()),
                    std::span<const T>(from + list[i].offset, at(list[i].shape.size())));
    }
    void compare(const std::string& tensor, std::span<const T> found) const {
        expect_close(numbers<T>(file_, tensor), found, place(tensor));
    }

    tensor_file file_ = read_case(Case::file);
    std::vector<T> real_[memory<T>::max_inputs];
    std::vector<std::int32_t> whole_[memory<T>::max_inputs];
    buffer<T, Case::parameter_elements, true> parameters_, gradients_;
    buffer<T, Case::state_elements, true> states_;
    buffer<T, program_type::workspace_bytes / static_cast<long>(sizeof(T)), true> workspace_;
    memory<T> memory_ = [this] {
        memory<T> m;
        m.parameters = parameters_.data();
        m.gradients = gradients_.data();
        m.states = states_.data();
        m.workspace = workspace_.data();
        return m;
    }();
};

template <class Case, class Backend, class T> void check() { comparison<Case, Backend, T>().run(); }

}  // namespace reference
