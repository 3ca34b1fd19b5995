// reference_case: one file of tests/reference/cases, its tensors as vectors.
#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "../reference/read_case.hpp"

namespace tessera {

class reference_case {
  public:
    explicit reference_case(const std::string& name) : file_(reference::read_case(name)) {}

    std::vector<double> numbers(const std::string& name) const { return read<double>(name, dtype::f64); }
    std::vector<std::int32_t> integers(const std::string& name) const { return read<std::int32_t>(name, dtype::i32); }

  private:
    template <class T> std::vector<T> read(const std::string& name, dtype type) const {
        const tensor_entry& entry = file_.at(name);
        EXPECT_EQ(entry.type, type) << name;
        std::vector<T> list(entry.bytes.size() / sizeof(T));
        std::memcpy(list.data(), entry.bytes.data(), entry.bytes.size());
        return list;
    }

    tensor_file file_;
};

inline void expect_near(const std::vector<double>& found, const std::vector<double>& wanted, double tolerance = 1e-12) {
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i)
        EXPECT_NEAR(found[i], wanted[i], tolerance * (1 + std::abs(wanted[i]))) << "element " << i;
}

}  // namespace tessera
