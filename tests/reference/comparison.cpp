#include "comparison.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <tessera/io/element_conversion.hpp>
#include <vector>

#include "read_case.hpp"

namespace reference {

namespace {

using namespace tessera;
using namespace tessera::detail;

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

// zeroed memory that begins where a line does; a sanitizer sees what goes beyond its end
template <class T> class lines {
  public:
    explicit lines(long count)
        : at_(static_cast<T*>(::operator new(sizeof(T) * static_cast<std::size_t>(std::max(count, 1L)), alignment))) {
        std::uninitialized_value_construct_n(at_.get(), std::max(count, 1L));
    }
    T* data() const { return at_.get(); }

  private:
    static constexpr std::align_val_t alignment{line_bytes};
    struct release {
        void operator()(T* p) const { ::operator delete(p, alignment); }
    };
    std::unique_ptr<T, release> at_;
};

template <class T> class comparison {
  public:
    explicit comparison(const subject<T>& s) : of_(s) {}

    void run() {
        ASSERT_NO_FATAL_FAILURE(read_inputs());
        ASSERT_NO_FATAL_FAILURE(read("parameter.", of_.parameters, parameters_.data()));
        ASSERT_NO_FATAL_FAILURE(read("state.", of_.states, states_.data()));
        memory_.parameters = parameters_.data();
        memory_.gradients = gradients_.data();
        memory_.states = states_.data();
        memory_.workspace = workspace_.data();
        of_.run(memory_);
        compare_outputs();
        if (of_.gradients) compare_gradients();
    }

  private:
    std::string place(const std::string& tensor) const { return std::string(of_.file) + " " + tensor; }
    std::string input_name(std::size_t i) const {
        return file_.find("input") != nullptr ? std::string("input") : "input" + std::to_string(i);
    }
    std::string path(const variable_info& v) const { return std::string(path_of(of_.scopes, v).view()); }

    void read_inputs() {
        const std::size_t target = of_.inputs.size();
        for (std::size_t i = 0; i < target; ++i) {
            real_[i] = numbers<T>(file_, input_name(i));
            whole_[i] = numbers<std::int32_t>(file_, input_name(i));
            const int values = static_cast<int>(real_[i].size()), sample = of_.inputs[i].shape.size();
            ASSERT_EQ(values % sample, 0) << place(input_name(i));
            memory_.count = values / sample;
            ASSERT_TRUE(memory_.count >= 1 && memory_.count <= of_.capacity) << place(input_name(i));
        }
        whole_[target] = numbers<std::int32_t>(file_, "target");
        real_[target] = numbers<T>(file_, "seed");
        // the loss is divided by the number of samples; that of a seeded case is not
        for (T& s : real_[target]) s *= static_cast<T>(memory_.count);
        for (std::size_t i = 0; i <= target; ++i) {
            memory_.real_inputs[i] = real_[i].data();
            memory_.index_inputs[i] = whole_[i].data();
        }
    }
    void read(const std::string& prefix, std::span<const variable_info> list, T* to) {
        for (const variable_info& v : list) {
            const std::string name = prefix + path(v);
            const std::vector<T> start = numbers<T>(file_, name);
            ASSERT_EQ(start.size(), static_cast<std::size_t>(v.shape.size())) << place(name);
            std::ranges::copy(start, to + v.offset);
        }
    }

    std::span<const T> output(int i) const { return of_.value_of(memory_, of_.outputs[i]); }
    void compare_outputs() const {
        if (of_.labelled) {
            expect_close(numbers<T>(file_, "logits"), output(0), place("logits"));
            const std::span<const T> each = of_.value_of(memory_, of_.losses[0]);
            T mean = 0;
            for (T l : each) mean += l / static_cast<T>(each.size());
            expect_close(numbers<T>(file_, "output"), std::span<const T>(&mean, 1), place("output"));
        } else {
            expect_close(numbers<T>(file_, "output"), output(0), place("output"));
        }
    }
    void compare_gradients() const {
        int next = of_.output_count;
        for (std::size_t i = 0; i < of_.inputs.size(); ++i)
            if (of_.inputs[i].type == element::real) compare("gradient." + input_name(i), output(next++));
        compare("gradient.", of_.parameters, gradients_.data());
        compare("updated.", of_.states, states_.data());
    }
    void compare(const std::string& prefix, std::span<const variable_info> list, const T* from) const {
        for (const variable_info& v : list)
            compare(prefix + path(v),
                    std::span<const T>(from + v.offset, static_cast<std::size_t>(v.shape.size())));
    }
    void compare(const std::string& tensor, std::span<const T> found) const {
        expect_close(numbers<T>(file_, tensor), found, place(tensor));
    }

    const subject<T>& of_;
    tensor_file file_ = read_case(of_.file);
    std::vector<T> real_[memory<T>::max_inputs];
    std::vector<std::int32_t> whole_[memory<T>::max_inputs];
    lines<T> parameters_{of_.parameter_elements}, gradients_{of_.parameter_elements}, states_{of_.state_elements};
    lines<T> workspace_{of_.workspace_elements};
    memory<T> memory_;
};

}  // namespace

void compare(const subject<float>& s) { comparison<float>(s).run(); }
void compare(const subject<double>& s) { comparison<double>(s).run(); }

}  // namespace reference
