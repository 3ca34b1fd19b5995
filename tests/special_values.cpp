// docs/special_values.md says what functions do with NaN and infinities: its tables are read, computed on both backends
// in float, and compared cell by cell, values and gradients.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <vector>

namespace {

using namespace tessera;

template <class Backend> struct special_values : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(special_values, backends);

// --- the page

using cells = std::vector<std::string>;

std::string trimmed(const std::string& s) {
    const auto first = s.find_first_not_of(" `"), last_one = s.find_last_not_of(" `");
    return first == std::string::npos ? "" : s.substr(first, last_one - first + 1);
}

// the rows of the table under a heading, without its head
std::vector<cells> table_under(const std::string& heading) {
    std::ifstream page(TESSERA_REFERENCE_CASES "/../../../docs/special_values.md");
    std::vector<cells> rows;
    std::string line;
    while (std::getline(page, line) && line != "## " + heading) {}
    while (std::getline(page, line) && !line.starts_with("## ")) {
        if (!line.starts_with("| `")) continue;
        cells row;
        std::istringstream parts(line.substr(1));
        for (std::string cell; std::getline(parts, cell, '|');) row.push_back(trimmed(cell));
        rows.push_back(row);
    }
    EXPECT_FALSE(rows.empty()) << heading;
    return rows;
}

std::string written(float v) {
    if (std::isnan(v)) return "NaN";
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.4g", static_cast<double>(v == 0 ? 0 : v));
    return buffer;
}
std::string written(std::span<const float> row) {
    std::string list;
    for (float v : row) list += (list.empty() ? "" : ", ") + written(v);
    return list;
}

// `name(1, NaN)`
struct expression {
    std::string name;
    std::vector<float> numbers;

    explicit expression(const std::string& cell) : name(cell.substr(0, cell.find('('))) {
        std::istringstream list(cell.substr(cell.find('(') + 1));
        for (std::string number; std::getline(list, number, ',');) numbers.push_back(std::stof(number));
    }
};

// --- what the page is about

template <class F> struct named_function {
    std::string_view name;
    F of;
};
using unary = named_function<value (*)(value)>;

template <std::size_t N, class F> int number_of(const std::array<named_function<F>, N>& list, const std::string& name) {
    for (std::size_t i = 0; i < N; ++i)
        if (list[i].name == name) return static_cast<int>(i);
    ADD_FAILURE() << "the page names " << name;
    return 0;
}

// function i of row i, all in one network
template <auto& List>
inline constexpr auto row_by_row = [](value x) {
    std::vector<value> rows;
    for (int i = 0; i < static_cast<int>(List.size()); ++i)
        rows.push_back(List[static_cast<std::size_t>(i)].of(slice(x, 0, i, 1)));
    return concatenate(rows, 0);
};

inline constexpr std::array of_one_number = {
    unary{"abs(x)", [](value x) { return abs(x); }},
    unary{"sign(x)", [](value x) { return sign(x); }},
    unary{"square(x)", [](value x) { return square(x); }},
    unary{"sqrt(x)", [](value x) { return sqrt(x); }},
    unary{"rsqrt(x)", [](value x) { return rsqrt(x); }},
    unary{"reciprocal(x)", [](value x) { return reciprocal(x); }},
    unary{"exp(x)", [](value x) { return exp(x); }},
    unary{"log(x)", [](value x) { return log(x); }},
    unary{"log1p(x)", [](value x) { return log1p(x); }},
    unary{"sin(x)", [](value x) { return sin(x); }},
    unary{"cos(x)", [](value x) { return cos(x); }},
    unary{"tanh(x)", [](value x) { return tanh(x); }},
    unary{"erf(x)", [](value x) { return erf(x); }},
    unary{"floor(x)", [](value x) { return floor(x); }},
    unary{"ceil(x)", [](value x) { return ceil(x); }},
    unary{"round(x)", [](value x) { return round(x); }},
    unary{"asin(x)", [](value x) { return asin(x); }},
    unary{"acos(x)", [](value x) { return acos(x); }},
    unary{"atan(x)", [](value x) { return atan(x); }},
    unary{"clamp(x, -1, 2)", [](value x) { return clamp(x, -1, 2); }},
    unary{"sigmoid", [](value x) { return sigmoid(x); }},
    unary{"relu", [](value x) { return relu(x); }},
    unary{"relu6", [](value x) { return relu6(x); }},
    unary{"leaky_relu<0.1>", [](value x) { return leaky_relu<0.1>(x); }},
    unary{"leaky_relu<0>", [](value x) { return leaky_relu<0.0>(x); }},
    unary{"prelu", [](value x) { return prelu(x); }},
    unary{"elu<>", [](value x) { return elu<>(x); }},
    unary{"selu", [](value x) { return selu(x); }},
    unary{"softplus", [](value x) { return softplus(x); }},
    unary{"hard_sigmoid", [](value x) { return hard_sigmoid(x); }},
    unary{"hard_swish", [](value x) { return hard_swish(x); }},
    unary{"silu", [](value x) { return silu(x); }},
    unary{"gelu", [](value x) { return gelu(x); }},
    unary{"gelu_tanh", [](value x) { return gelu_tanh(x); }},
    unary{"mish", [](value x) { return mish(x); }},
    unary{"minimum(6, maximum(x, 0))", [](value x) { return minimum(6, maximum(x, 0)); }},
    unary{"sqrt(relu(x))", [](value x) { return sqrt(relu(x)); }},
};
constexpr int one_number_rows = static_cast<int>(of_one_number.size()), places = 8;
struct functions_of_one_number : network<row_by_row<of_one_number>, shape<one_number_rows, places>> {};

template <class Net, class Backend>
using differentiated = model<Net, Backend, batch<1>, float, gradients_of<weighted_outputs>>;

TYPED_TEST(special_values, of_functions_of_one_number) {
    constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    const std::array<float, places> at{nan, inf, -inf, 0, 3e38F, -3e38F, 1e-40F, -1e20F};
    std::vector<float> x, ones(one_number_rows * places, 1.0F);
    for (int r = 0; r < one_number_rows; ++r) x.insert(x.end(), at.begin(), at.end());
    differentiated<functions_of_one_number, TypeParam> m(1);
    m(x, ones);
    const auto y = m.output(0), dy = m.gradient();
    const std::vector<cells> table = table_under("Functions of one number");
    EXPECT_EQ(table.size(), of_one_number.size());
    for (const cells& row : table) {
        const auto first = static_cast<std::size_t>(number_of(of_one_number, row[0]) * places);
        ASSERT_EQ(row.size(), 9U) << row[0];
        for (std::size_t k = 0; k < 4; ++k) {
            EXPECT_EQ(written(y[first + k]), row[1 + k]) << row[0] << " at " << at[k];
            EXPECT_EQ(written(dy[first + k]), row[5 + k]) << "gradient of " << row[0] << " at " << at[k];
        }
    }
}

// what is finite and has a finite result is no special case, however large or small
TYPED_TEST(special_values, are_not_extreme_ones) {
    const std::array<float, places> at{3e38F, -3e38F, 1e20F, -1e20F, 1e-40F, -1e-40F, 89, -104};
    std::vector<float> x, ones(one_number_rows * places, 1.0F);
    for (int r = 0; r < one_number_rows; ++r) x.insert(x.end(), at.begin(), at.end());
    differentiated<functions_of_one_number, TypeParam> m(1);
    model<functions_of_one_number, backend::scalar, batch<1>, double, gradients_of<weighted_outputs>> oracle(1);
    m(x, ones);
    oracle(std::vector<double>(x.begin(), x.end()), std::vector<double>(ones.begin(), ones.end()));
    const auto expect_near = [&](float found, double wanted, std::size_t i, const char* what) {
        const auto f = static_cast<double>(found);
        const std::string_view name = of_one_number[i / places].name;
        if (std::isnan(wanted))
            EXPECT_TRUE(std::isnan(f)) << what << name << " at " << x[i];
        else if (std::abs(wanted) > static_cast<double>(std::numeric_limits<float>::max()))
            EXPECT_EQ(f, std::copysign(std::numeric_limits<double>::infinity(), wanted))
                << what << name << " at " << x[i];
        else
            EXPECT_NEAR(f, wanted, 1e-5 * std::abs(wanted) + 1e-37) << what << name << " at " << x[i];
    };
    for (std::size_t i = 0; i < x.size(); ++i) {
        expect_near(m.output(0)[i], oracle.output(0)[i], i, "");
        expect_near(m.gradient()[i], oracle.gradient()[i], i, "gradient of ");
    }
}

using of_three = named_function<value (*)(value, value, value)>;
inline constexpr std::array of_several_numbers = {
    of_three{"minimum", [](value a, value b, value) { return minimum(a, b); }},
    of_three{"maximum", [](value a, value b, value) { return maximum(a, b); }},
    of_three{"less", [](value a, value b, value) { return less(a, b); }},
    of_three{"equal", [](value a, value b, value) { return equal(a, b); }},
    of_three{"pow", [](value a, value b, value) { return pow(a, b); }},
    of_three{"atan2", [](value a, value b, value) { return atan2(a, b); }},
    of_three{"clamp", [](value a, value b, value c) { return clamp(a, b, c); }},
    of_three{"divide", [](value a, value b, value) { return a / b; }},
    of_three{"multiply", [](value a, value b, value) { return a * b; }},
    of_three{"masked", [](value a, value b, value) { return masked(a, b); }},
    of_three{"select", [](value a, value b, value c) { return select(a, b, c); }},
    of_three{"straight_through", [](value a, value b, value) { return straight_through(a, b); }},
};
constexpr int several_rows = static_cast<int>(of_several_numbers.size()), most_rows = 12;
inline constexpr auto several = [](value a, value b, value c) {
    std::vector<value> rows;
    for (int i = 0; i < several_rows; ++i) {
        const auto row = [&](value x) { return slice(x, 0, i, 1); };
        rows.push_back(of_several_numbers[static_cast<std::size_t>(i)].of(row(a), row(b), row(c)));
    }
    return concatenate(rows, 0);
};
struct functions_of_several_numbers
    : network<several, shape<several_rows, most_rows>, shape<several_rows, most_rows>, shape<several_rows, most_rows>> {
};

TYPED_TEST(special_values, of_functions_of_several_numbers) {
    const std::vector<cells> table = table_under("Functions of several numbers");
    std::array<std::vector<float>, 3> x;
    for (auto& v : x) v.assign(several_rows * most_rows, 1.0F);
    std::vector<std::size_t> place;
    std::array<int, several_rows> used{};
    for (const cells& row : table) {
        const expression e(row[0]);
        const int f = number_of(of_several_numbers, e.name), column = used[static_cast<std::size_t>(f)]++;
        ASSERT_LT(column, most_rows) << e.name;
        place.push_back(static_cast<std::size_t>(f * most_rows + column));
        for (std::size_t k = 0; k < e.numbers.size(); ++k) x[k][place.back()] = e.numbers[k];
    }
    for (std::size_t f = 0; f < used.size(); ++f) EXPECT_GT(used[f], 0) << of_several_numbers[f].name;
    differentiated<functions_of_several_numbers, TypeParam> m;
    m(x[0], x[1], x[2], std::vector<float>(several_rows * most_rows, 1.0F));
    for (std::size_t i = 0; i < table.size(); ++i) {
        const cells& row = table[i];
        ASSERT_EQ(row.size(), 4U) << row[0];
        EXPECT_EQ(written(m.output(0)[place[i]]), row[1]) << row[0];
        EXPECT_EQ(written(m.gradient(0)[place[i]]), row[2]) << row[0] << ", first gradient";
        EXPECT_EQ(written(m.gradient(1)[place[i]]), row[3]) << row[0] << ", second gradient";
    }
}

// of rows of three (rows, 3) to rows of three, or to a number each, which stands first
constexpr value alone(value y) { return padded(reshape(y, {most_rows, 1}), {0, 0}, {0, 2}, 0); }
constexpr value as_channels(value x) { return permute(x, {1, 0}); }  // (3, rows)
inline constexpr std::array of_rows = {
    unary{"softmax", [](value x) { return softmax(x); }},
    unary{"log_softmax", [](value x) { return log_softmax(x); }},
    unary{"sum", [](value x) { return alone(sum(x, last)); }},
    unary{"mean", [](value x) { return alone(mean(x, last)); }},
    unary{"max", [](value x) { return alone(max(x, last)); }},
    unary{"min", [](value x) { return alone(min(x, last)); }},
    unary{"cumulative_sum", [](value x) { return cumulative_sum(x, -1); }},
    unary{"global_max_pool", [](value x) { return alone(global_max_pool(as_channels(x))); }},
    unary{"max_pool<3>", [](value x) { return alone(max_pool<3>(as_channels(x))); }},
    unary{"adaptive_max_pool<1>", [](value x) { return alone(adaptive_max_pool<1>(as_channels(x))); }},
    unary{"layer_norm", [](value x) { return layer_norm(x); }},
};
constexpr int row_rows = static_cast<int>(of_rows.size());
inline constexpr auto over_rows = [](value x) {  // (functions, rows, 3)
    std::vector<value> parts;
    for (int i = 0; i < row_rows; ++i) {
        const value rows = reshape(slice(x, 0, i, 1), {most_rows, 3});
        parts.push_back(reshape(of_rows[static_cast<std::size_t>(i)].of(rows), {1, most_rows, 3}));
    }
    return concatenate(parts, 0);
};
struct functions_of_rows : network<over_rows, shape<row_rows, most_rows, 3>> {};

TYPED_TEST(special_values, of_functions_of_rows) {
    constexpr std::size_t size = row_rows * most_rows * 3;
    const std::vector<cells> table = table_under("Functions of rows");
    std::vector<float> x(size, 1.0F), first_of_row(size, 0.0F);
    for (std::size_t i = 0; i < size; i += 3) first_of_row[i] = 1;
    std::vector<std::size_t> place;
    std::array<int, row_rows> used{};
    for (const cells& row : table) {
        const expression e(row[0]);
        const int f = number_of(of_rows, e.name), column = used[static_cast<std::size_t>(f)]++;
        ASSERT_LT(column, most_rows) << e.name;
        place.push_back(static_cast<std::size_t>((f * most_rows + column) * 3));
        ASSERT_EQ(e.numbers.size(), 3U) << row[0];
        std::ranges::copy(e.numbers, x.begin() + static_cast<std::ptrdiff_t>(place.back()));
    }
    for (std::size_t f = 0; f < used.size(); ++f) EXPECT_GT(used[f], 0) << of_rows[f].name;
    differentiated<functions_of_rows, TypeParam> m(1);
    m(x, first_of_row);
    for (std::size_t i = 0; i < table.size(); ++i) {
        const cells& row = table[i];
        ASSERT_EQ(row.size(), 3U) << row[0];
        const std::size_t values = row[1].find(',') == std::string::npos ? 1 : 3;
        EXPECT_EQ(written(m.output(0).subspan(place[i], values)), row[1]) << row[0];
        EXPECT_EQ(written(m.gradient().subspan(place[i], 3)), row[2]) << row[0] << ", gradient";
    }
}

}  // namespace
