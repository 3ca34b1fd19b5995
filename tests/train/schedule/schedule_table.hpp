// schedule_table: the columns of tests/reference/cases/schedules.csv.
#pragma once
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace tessera {

inline std::vector<double> schedule_column(const std::string& name) {
    std::ifstream file(std::string(TESSERA_REFERENCE_CASES) + "/schedules.csv");
    std::string line, cell;
    std::getline(file, line);
    int column = -1, found = -1;
    for (std::istringstream cells(line); std::getline(cells, cell, ',');)
        if (++column; cell == name) found = column;
    std::vector<double> numbers;
    while (std::getline(file, line)) {
        std::istringstream cells(line);
        for (int i = 0; i <= found; ++i) std::getline(cells, cell, ',');
        numbers.push_back(std::stod(cell));
    }
    EXPECT_GE(found, 0) << "no column " << name;
    EXPECT_EQ(numbers.size(), 50u);
    return numbers;
}

template <class Schedule> void expect_rates(const std::string& name, const Schedule& schedule) {
    const auto wanted = schedule_column(name);
    for (std::size_t k = 0; k < wanted.size(); ++k)
        EXPECT_NEAR(schedule.rate(static_cast<long>(k)), wanted[k], 1e-14) << "step " << k;
}

}  // namespace tessera
