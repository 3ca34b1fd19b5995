#include "../message_of.hpp"
#include "../temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/folded.hpp>
#include <tessera/io/model_file.hpp>
#include <tessera/io/read_file.hpp>
#include <tessera/io/write_file.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/model.hpp>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;
using tests::message_of;
namespace fs = std::filesystem;

struct net : network<(dense<4> >> batch_norm >> dense<3>), shape<5>> {};
struct wider : network<(dense<4> >> batch_norm >> dense<2>), shape<5>> {};
struct shorter : network<(dense<4> >> batch_norm), shape<5>> {};
inline constexpr auto many_layers = dense<2> >> dense<2> >> dense<2> >> dense<2> >> dense<2> >> dense<2> >> dense<2>;
struct many : network<many_layers, shape<2>> {};
using single = model<net, backend::scalar>;
using twice = model<net, backend::scalar, batch<1>, double>;

template <class Span> auto copy_of(const Span& s) {
    return std::vector<std::remove_cvref_t<decltype(s[0])>>(s.begin(), s.end());
}

struct model_file : testing::Test {
    const tests::temporary_folder own;
    const fs::path folder = own.path(), file = folder / "model.safetensors";

    void write(const std::vector<std::pair<std::string, std::vector<std::int64_t>>>& tensors) const {
        detail::encoded_tensors list;
        for (const auto& [name, shape] : tensors)
            list.add(name, shape, dtype::u8, std::vector<std::byte>(static_cast<std::size_t>(*element_count(shape))));
        write_safetensors(file, list.entries(), detail::own_metadata());
    }
};

TEST_F(model_file, comes_back_bit_for_bit) {
    single a(1), b(2);
    a.states()[1] = 7.5F;
    save(a, file);
    load(b, file);
    EXPECT_EQ(copy_of(a.parameters()), copy_of(b.parameters()));
    EXPECT_EQ(copy_of(a.states()), copy_of(b.states()));
    twice c(1), d(2);
    save(c, file, dtype::f64);
    load(d, file);
    EXPECT_EQ(copy_of(c.parameters()), copy_of(d.parameters()));
}

// a file of a folded network that streams has its parameters alone; what a stream has heard is the model's
struct hearing : network<(dense<9> >> batch_norm >> gru<3>), shape<4, 2>> {};
struct listening : folded<hearing, streaming> {};

template <class Backend> void expect_folded_stream_comes_back(const fs::path& file) {
    using stream = model<listening, Backend, streaming>;
    const model<hearing, Backend> trained(3);
    stream a, b;
    fold(trained, a);
    const std::vector<float> frame{0.5F, -1.0F};
    a(frame);
    save(a, file);
    for (const auto& v : variables_of(a)) EXPECT_EQ(v.name.find("carry"), std::string::npos) << v.name;
    load(b, file);
    EXPECT_EQ(copy_of(a.parameters()), copy_of(b.parameters()));
    EXPECT_NE(copy_of(a.states()), copy_of(b.states()));
    a.reset();
    EXPECT_EQ(copy_of(a(frame)), copy_of(b(frame)));
}

TEST_F(model_file, folded_streams_come_back) {
    expect_folded_stream_comes_back<backend::scalar>(file);
    expect_folded_stream_comes_back<backend::simd>(file);
}

TEST_F(model_file, has_every_parameter_and_state_under_its_path) {
    const single a(1);
    save(a, file);
    const tensor_file f = read_safetensors(file);
    std::vector<std::string> names;
    for (const tensor_entry& t : f.entries()) names.push_back(t.name + " " + shape_text(t.shape));
    EXPECT_EQ(names, (std::vector<std::string>{"0.bias (4)", "0.weight (5, 4)", "1.bias (4)", "1.running_mean (4)",
                                               "1.running_var (4)", "1.weight (4)", "2.bias (3)", "2.weight (4, 3)"}));
    EXPECT_EQ(f.at("0.weight").type, dtype::f32);
    std::vector<float> weight(20);
    copy_as_float(f.at("0.weight"), std::span(weight));
    EXPECT_EQ(weight, std::vector<float>(a.parameters().begin(), a.parameters().begin() + 20));
}

TEST_F(model_file, narrower_types_round) {
    single a(1), b(2);
    const double units[] = {0x1p-11, 0x1p-8};
    const dtype types[] = {dtype::f16, dtype::bf16};
    for (int k = 0; k < 2; ++k) {
        save(a, file, types[k]);
        EXPECT_EQ(read_safetensors(file).at("2.weight").type, types[k]);
        load(b, file);
        for (std::size_t i = 0; i < a.parameters().size(); ++i) {
            const double x = a.parameters()[i];
            EXPECT_LE(std::abs(x - b.parameters()[i]), std::max(units[k] * std::abs(x), 0x1p-25));
        }
        EXPECT_NE(copy_of(a.parameters()), copy_of(b.parameters()));
    }
}

TEST_F(model_file, i8_is_the_plain_number) {
    single a(1), b(2);
    auto weight = a.parameter("2.weight");
    weight[0] = 3, weight[1] = -2.5F, weight[2] = 400;
    save(a, file, dtype::i8);
    load(b, file);
    weight = b.parameter("2.weight");
    EXPECT_EQ(weight[0], 3);
    EXPECT_EQ(weight[1], -2);
    EXPECT_EQ(weight[2], 127);
    a.parameters()[0] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_THROW(save(a, file, dtype::i8), error);
    EXPECT_THROW(save(a, file, dtype::i32), error);
    load(b, file);  // the old file is still there
}

TEST_F(model_file, converts_between_float_and_double) {
    single a(1);
    twice b(2);
    save(a, file);
    load(b, file);
    for (std::size_t i = 0; i < a.parameters().size(); ++i)
        EXPECT_EQ(static_cast<double>(a.parameters()[i]), b.parameters()[i]);
}

TEST_F(model_file, names_what_does_not_fit_and_changes_nothing) {
    single b(2);
    const auto parameters = copy_of(b.parameters()), states = copy_of(b.states());
    const std::string place = file.string() + ": expected 8 tensors that fit the model, found ";

    save(model<shorter, backend::scalar>(1), file);
    EXPECT_EQ(message_of([&] { load(b, file); }), place + "2 missing ('2.weight', '2.bias')");

    save(model<wider, backend::scalar>(1), file);
    EXPECT_EQ(message_of([&] { load(b, file); }),
              place + "2 unfit ('2.weight' (4, 2) for (4, 3), '2.bias' (2) for (3))");

    write({{"0.weight", {4, 5}}, {"other", {1}}});
    EXPECT_EQ(message_of([&] { load(b, file); }),
              place + "7 missing ('0.bias', '1.weight', '1.bias', '2.weight', '2.bias', '1.running_mean', " +
                  "'1.running_var'); 1 surplus ('other'); 1 unfit ('0.weight' (4, 5) for (5, 4))");

    EXPECT_EQ(message_of([&] { load(b, folder / "none"); }),
              (folder / "none").string() + ": expected a file, found none");
    EXPECT_EQ(copy_of(b.parameters()), parameters);
    EXPECT_EQ(copy_of(b.states()), states);
}

TEST_F(model_file, all_that_is_missing_is_listed_and_a_hundred_that_are_surplus) {
    std::vector<std::pair<std::string, std::vector<std::int64_t>>> tensors;
    for (int i = 1000; i < 1200; ++i) tensors.push_back({std::to_string(i), {1}});
    write(tensors);
    model<many, backend::scalar> m(1);
    const std::string message = message_of([&] { load(m, file); });
    EXPECT_NE(message.find("14 missing ('0.weight', "), std::string::npos) << message;
    EXPECT_NE(message.find("'6.weight', '6.bias'); 200 surplus ('1000', "), std::string::npos) << message;
    EXPECT_TRUE(message.ends_with(", '1099', ...)")) << message;
}

TEST_F(model_file, surplus_tensors_need_leave) {
    const single a(1);
    save(a, file);
    model<shorter, backend::scalar> b(2);
    EXPECT_NE(message_of([&] { load(b, file); }).find("found 2 surplus ('2.bias', '2.weight')"), std::string::npos);
    load(b, file, {.allow_surplus = true});
    const auto mine = b.parameter("0.weight");
    EXPECT_TRUE(std::equal(mine.begin(), mine.end(), a.parameters().begin()));
}

TEST_F(model_file, tensors_of_other_dtypes_are_surplus_or_unfit) {
    const single a(1);
    save(a, file);
    const auto as_eight_bit_float = [&](const std::string& name) {
        std::vector<std::byte> bytes = read_file(file);
        const auto length = static_cast<std::size_t>(load_little<std::uint64_t>(bytes.data()));
        const auto* const text = reinterpret_cast<const char*>(bytes.data()) + 8;
        std::string header(text, length);
        const std::string entry = "\"" + name + "\":{\"dtype\":\"F32\"";
        header.replace(header.find(entry), entry.size(), "\"" + name + "\":{\"dtype\":\"F8_E4M3\"");
        std::vector<std::byte> prefix(8);
        store_little(static_cast<std::uint64_t>(header.size()), prefix.data());
        for (const char c : header) prefix.push_back(static_cast<std::byte>(c));
        prefix.insert(prefix.end(), bytes.begin() + 8 + static_cast<std::ptrdiff_t>(length), bytes.end());
        write_file(file, prefix);
    };
    as_eight_bit_float("2.weight");
    model<shorter, backend::scalar> b(2);
    EXPECT_NE(message_of([&] { load(b, file); }).find("found 2 surplus ('2.bias', '2.weight' of dtype 'F8_E4M3')"),
              std::string::npos);
    load(b, file, {.allow_surplus = true});
    EXPECT_EQ(b.parameter("0.weight")[3], a.parameters()[3]);
    single c(3);
    EXPECT_NE(message_of([&] {
                  load(c, file, {.allow_surplus = true});
              }).find("found 1 unfit ('2.weight' of dtype 'F8_E4M3')"),
              std::string::npos);
}

}  // namespace
