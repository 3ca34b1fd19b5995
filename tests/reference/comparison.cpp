#include "comparison.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
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

template <class T>
void expect_close(const std::vector<T>& wanted, std::span<const T> found, const std::string& what, double float_error) {
    ASSERT_EQ(wanted.size(), found.size()) << what;
    double largest = 0;
    for (T w : wanted) largest = std::max(largest, std::abs(static_cast<double>(w)));
    const double allowed = sizeof(T) == 4 ? float_error * std::max(largest, 0.5) : 1e-11 * (1 + largest);
    for (std::size_t i = 0; i < wanted.size(); ++i)
        ASSERT_NEAR(static_cast<double>(wanted[i]), static_cast<double>(found[i]), allowed) << what << " [" << i << "]";
}

template <class T> class comparison {
  public:
    explicit comparison(const subject<T>& s) : of_(s) {}

    void run() {
        ASSERT_NO_FATAL_FAILURE(read_inputs());
        ASSERT_NO_FATAL_FAILURE(read("parameter.", program_.parameters, run_.parameters()));
        ASSERT_NO_FATAL_FAILURE(read("state.", program_.states, run_.states()));
        run_.run(samples_);
        compare_outputs();
        if (of_.gradients) compare_gradients();
    }

  private:
    std::string place(const std::string& tensor) const { return std::string(of_.file) + " " + tensor; }
    std::string input_name(std::size_t i) const {
        return file_.find("input") != nullptr ? std::string("input") : "input" + std::to_string(i);
    }
    std::string path(const variable_info& v) const { return std::string(path_of(program_.scopes, v).view()); }

    void read_inputs() {
        const std::size_t target = program_.inputs.size();
        for (std::size_t i = 0; i < target; ++i) {
            real_[i] = numbers<T>(file_, input_name(i));
            whole_[i] = numbers<std::int32_t>(file_, input_name(i));
            const int values = static_cast<int>(real_[i].size()), sample = program_.inputs[i].shape.size();
            ASSERT_EQ(values % sample, 0) << place(input_name(i));
            samples_ = values / sample;
            ASSERT_TRUE(samples_ >= 1 && samples_ <= program_.capacity) << place(input_name(i));
        }
        whole_[target] = numbers<std::int32_t>(file_, "target");
        real_[target] = numbers<T>(file_, "seed");
        // the loss is divided by the number of samples; that of a seeded case is not
        for (T& s : real_[target]) s *= static_cast<T>(samples_);
        for (std::size_t i = 0; i <= target; ++i) {
            run_.set_input(static_cast<int>(i), real_[i]);
            run_.set_input(static_cast<int>(i), whole_[i]);
        }
    }
    void read(const std::string& prefix, std::span<const variable_info> list, std::span<T> to) {
        for (const variable_info& v : list) {
            const std::string name = prefix + path(v);
            const std::vector<T> start = numbers<T>(file_, name);
            ASSERT_EQ(start.size(), static_cast<std::size_t>(v.shape.size())) << place(name);
            std::ranges::copy(start, to.begin() + v.offset);
        }
    }

    void compare_outputs() const {
        if (of_.labelled) {
            expect_close(numbers<T>(file_, "logits"), run_.output(), place("logits"), of_.float_error);
            const std::span<const T> each = run_.loss();
            T mean = 0;
            for (T l : each) mean += l / static_cast<T>(each.size());
            expect_close(numbers<T>(file_, "output"), std::span<const T>(&mean, 1), place("output"), of_.float_error);
        } else {
            expect_close(numbers<T>(file_, "output"), run_.output(), place("output"), of_.float_error);
        }
    }
    void compare_gradients() const {
        int next = of_.output_count;
        for (std::size_t i = 0; i < program_.inputs.size(); ++i)
            if (program_.inputs[i].type == element::real) compare("gradient." + input_name(i), run_.output(next++));
        compare("gradient.", program_.parameters, run_.gradients());
        compare("updated.", program_.states, run_.states());
    }
    void compare(const std::string& prefix, std::span<const variable_info> list, std::span<const T> from) const {
        for (const variable_info& v : list)
            compare(prefix + path(v),
                    from.subspan(static_cast<std::size_t>(v.offset), static_cast<std::size_t>(v.shape.size())));
    }
    void compare(const std::string& tensor, std::span<const T> found) const {
        expect_close(numbers<T>(file_, tensor), found, place(tensor), of_.float_error);
    }

    const subject<T>& of_;
    const erased::program<T>& program_ = of_.program;
    erased::run_of<T> run_{of_.program};
    tensor_file file_ = read_case(of_.file);
    std::vector<T> real_[memory<T>::max_inputs];
    std::vector<std::int32_t> whole_[memory<T>::max_inputs];
    int samples_ = 0;
};

}  // namespace

void compare(const subject<float>& s) { comparison<float>(s).run(); }
void compare(const subject<double>& s) { comparison<double>(s).run(); }

}  // namespace reference
