// Models that read their parameters where a file has them.
#include "../message_of.hpp"
#include "../temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/folded.hpp>
#include <tessera/io/mapped_weights.hpp>
#include <tessera/io/read_file.hpp>
#include <tessera/io/write_file.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/weights_of.hpp>
#include <utility>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;
using tests::message_of;
namespace fs = std::filesystem;

// odd sizes, so that there is padding behind each
struct net : network<(conv<3, 3> >> batch_norm >> relu >> flatten >> dense<5>), shape<5, 5, 1>> {};
struct other : network<(conv<3, 3> >> batch_norm >> relu >> flatten >> dense<4>), shape<5, 5, 1>> {};
struct single_matrix : network<dense<16, no_bias>, shape<4>> {};
struct small : network<dense<1, no_bias>, shape<3>> {};
static_assert(small::parameter_elements == 16);
struct bare : network<relu, shape<4>> {};

std::vector<float> image() {
    std::vector<float> x(25);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 7) - 3;
    return x;
}
template <class Range> std::vector<float> copy_of(const Range& r) { return {r.begin(), r.end()}; }

struct mapped : testing::Test {
    const tests::temporary_folder own;
    const fs::path file = own.path() / "net.safetensors";

    template <class Weights> std::string message() const {
        const std::string text = message_of([&] { Weights w(file); });
        return text.starts_with(file.string()) ? text.substr(file.string().size()) : text;
    }
    // of a file: the whole of the header in the place of what is there
    void replace_header(std::vector<std::byte> bytes, const std::string& header) const {
        const auto length = static_cast<std::size_t>(load_little<std::uint64_t>(bytes.data()));
        std::vector<std::byte> out(8);
        store_little(static_cast<std::uint64_t>(header.size()), out.data());
        for (const char c : header) out.push_back(static_cast<std::byte>(c));
        out.insert(out.end(), bytes.begin() + 8 + static_cast<std::ptrdiff_t>(length), bytes.end());
        write_file(file, out);
    }
    static std::string header_of(const std::vector<std::byte>& bytes) {
        const auto length = static_cast<std::size_t>(load_little<std::uint64_t>(bytes.data()));
        return {reinterpret_cast<const char*>(bytes.data()) + 8, length};
    }
};

template <class Backend, class Net = net> void expect_equal_to_its_owner(const fs::path& file) {
    model<Net, Backend> owner(3);
    for (int s = 0; s < Net::table.state_count; ++s)  // not those that it starts with
        for (int i = 0; i < Net::table.states[s].shape.size(); ++i)
            owner.states()[static_cast<std::size_t>(Net::table.states[s].offset + i)] = 0.5F + static_cast<float>(i);
    save_for_mapping(owner, file);
    const mapped_weights<Net> weights(file);
    model<Net, Backend, borrowed> m(weights);
    EXPECT_EQ(std::as_const(m).parameters().data(), weights.parameters().data());  // no copy
    EXPECT_EQ(copy_of(m(image())), copy_of(owner(image())));
    EXPECT_EQ(copy_of(weights.parameters()), copy_of(owner.parameters()));
    EXPECT_EQ(copy_of(weights.parameter(Net::table.path_of(Net::table.parameters[0]).view())),
              copy_of(owner.parameter(Net::table.path_of(Net::table.parameters[0]).view())));
    model<Net, Backend> loaded(4);  // the file is one as any other
    load(loaded, file);
    EXPECT_EQ(copy_of(loaded.parameters()), copy_of(owner.parameters()));
    EXPECT_EQ(copy_of(loaded.states()), copy_of(owner.states()));
}

struct plain : folded<net> {};

TEST_F(mapped, models_are_equal_to_their_owner) {
    expect_equal_to_its_owner<backend::scalar>(file);
    expect_equal_to_its_owner<backend::simd>(file);
    expect_equal_to_its_owner<backend::simd, plain>(file);
}

TEST_F(mapped, parameters_in_double_and_of_weights) {
    weights_of<net, double> w(5);
    save_for_mapping(w, file);
    const mapped_weights<net, double> weights(file);
    EXPECT_TRUE(std::ranges::equal(weights.parameters(), w.parameters()));
    model<net, backend::simd, double, borrowed> m(weights);
    model<net, backend::simd, double> owner(5);
    const std::vector<double> x(25, 0.25);
    EXPECT_TRUE(std::ranges::equal(m(x), owner(x)));
    EXPECT_NE(message<mapped_weights<net>>().find("unfit ('0.weight' F64 (3, 3, 1, 3) for F32 (3, 3, 1, 3)"),
              std::string::npos)
        << message<mapped_weights<net>>();
}

TEST_F(mapped, numbers_stay_where_they_are) {
    save_for_mapping(model<net, backend::scalar>(3), file);
    mapped_weights<net> first(file);
    model<net, backend::simd, borrowed> m(first);
    const std::vector<float> wanted = copy_of(m(image()));
    const mapped_weights<net> moved = std::move(first);
    save_for_mapping(model<net, backend::scalar>(9), file);  // renamed over it
    EXPECT_EQ(copy_of(m(image())), wanted);
    fs::remove(file);
    EXPECT_EQ(copy_of(m(image())), wanted);
    EXPECT_EQ(moved.parameters().data(), std::as_const(m).parameters().data());
}

TEST_F(mapped, networks_without_parameters_and_files_that_happen_to_fit) {
    save_for_mapping(model<bare, backend::scalar>(), file);
    EXPECT_EQ(mapped_weights<bare>(file).parameters().size(), 0U);
    EXPECT_EQ(message<mapped_weights<net>>().substr(0, 38), ": expected 8 tensors that fit the mode");
}

TEST_F(mapped, files_that_do_not_fit_are_refused) {
    const model<net, backend::scalar> m(1);
    EXPECT_EQ(message<mapped_weights<net>>(), ": expected a file, found none");
    write_file(file, {});
    EXPECT_EQ(message<mapped_weights<net>>(), ": expected at least 8 bytes of a safetensors file, found 0 bytes");
    save_for_mapping(m, file);
    EXPECT_EQ(
        message<mapped_weights<other>>(),
        ": expected 8 tensors that fit the model, found 2 unfit ('4.weight' F32 (27, 5) for F32 (27, 4), '4.bias' F32 "
        "(5) for F32 (4))");
    save(m, file);  // no padding, and in the order of the format
    EXPECT_NE(message<mapped_weights<net>>().find("as save_for_mapping writes it (load takes a file of any order)"),
              std::string::npos)
        << message<mapped_weights<net>>();
    save(m, file, dtype::bf16);
    EXPECT_NE(message<mapped_weights<net>>().find("BF16"), std::string::npos);
    fs::remove(file);
    fs::create_directory(file);
    EXPECT_EQ(message<mapped_weights<net>>(), ": expected a file, found a folder");
}

// tensors at another place than the network's, and numbers in the padding
TEST_F(mapped, places_are_checked) {
    const model<net, backend::scalar> m(1);
    save_for_mapping(m, file);
    const std::vector<std::byte> good = read_file(file);
    std::string header = header_of(good);
    const auto data = 8 + header.size();
    ASSERT_EQ(data % 64, 0U);
    EXPECT_EQ(message<mapped_weights<net>>(), "");

    replace_header(good, header + "  ");
    EXPECT_EQ(
        message<mapped_weights<net>>(),
        ": tensor '0.weight': expected data from a multiple of 64 bytes of the file on, as save_for_mapping writes it "
        "(load takes a file of any order), found byte " +
            std::to_string(data + 2));
    model<net, backend::scalar> loaded(7);
    load(loaded, file);  // is read by load
    EXPECT_EQ(copy_of(loaded.parameters()), copy_of(m.parameters()));

    // two parameters of one shape exchanged
    std::string swapped = header;
    const auto gamma = swapped.find("\"1.weight\""), beta = swapped.find("\"1.bias\"");
    ASSERT_NE(gamma, std::string::npos);
    ASSERT_LT(gamma, beta);
    swapped.replace(beta, 8, "\"1.weight\"");
    swapped.replace(gamma, 10, "\"1.bias\"");
    replace_header(good, swapped);
    EXPECT_NE(message<mapped_weights<net>>().find(": expected data from byte "), std::string::npos)
        << message<mapped_weights<net>>();

    auto dirty = good;
    dirty[data + 27 * sizeof(float) + 2] = std::byte{1};
    write_file(file, dirty);
    EXPECT_EQ(message<mapped_weights<net>>(),
              ": tensor '0.weight': expected zeros behind it, as save_for_mapping writes it (load takes a file of any "
              "order), found another at byte " +
                  std::to_string(data + 27 * sizeof(float) + 2));
}

// the last parameter ends with the file, and its padding is not there
TEST_F(mapped, parameters_beyond_the_file_are_refused) {
    encoded_tensors list;
    const auto floats = [&](std::size_t n) { return std::vector<std::byte>(n * sizeof(float)); };
    list.add("weight", {3, 1}, dtype::f32, floats(3));
    write_safetensors(file, list.entries(), own_metadata(), 64);
    EXPECT_EQ(
        message<mapped_weights<small>>(),
        ": expected 64 bytes of parameters, as save_for_mapping writes it (load takes a file of any order), found 12 "
        "bytes to the end of the file");
}

// every cut, and every byte of the header changed: an error, or weights that can be read to the last number
TEST_F(mapped, hostile_files_are_refused_or_read) {
    save_for_mapping(model<single_matrix, backend::scalar>(1), file);
    const std::vector<std::byte> good = read_file(file);
    const auto try_it = [&](std::span<const std::byte> bytes) {
        write_file(file, bytes);
        try {
            const mapped_weights<single_matrix> w(file);
            float sum = 0;
            for (const float x : w.parameters()) sum += x;
            EXPECT_EQ(sum, sum);
            return true;
        } catch (const error&) {
            return false;
        }
    };
    ASSERT_TRUE(try_it(good));
    for (std::size_t cut = 0; cut < good.size(); cut += cut < 16 ? 1 : 13)
        EXPECT_FALSE(try_it(std::span(good).first(cut))) << cut;
    const std::size_t header = good.size() - 64 * sizeof(float);
    int read = 0;
    for (std::size_t at = 0; at < header; ++at)
        for (const int to : {0x00, 0x39, 0x22, 0xFF}) {  // zero, a digit, a quote, no UTF-8
            auto bad = good;
            bad[at] = static_cast<std::byte>(to);
            read += try_it(bad);
        }
    EXPECT_LT(read, static_cast<int>(header));
}

}  // namespace
