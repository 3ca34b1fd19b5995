#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <tessera/data/npy.hpp>
#include <vector>

#include "files.hpp"

namespace {

using tessera::npy_array;
using tessera::parse_npy;
using tests::bytes;
using tests::bytes_of;
using tests::message_of;
using tests::operator+;

// A version 1 file with this header text and these bytes after it.
bytes file_of(const std::string& header, const bytes& payload, int version = 1) {
    const int length = static_cast<int>(header.size());
    bytes start = bytes_of(std::string_view("\x93NUMPY", 6)) + bytes_of({version, 0, length % 256, length / 256});
    if (version > 1) start = start + bytes_of({0, 0});
    return start + bytes_of(header) + payload;
}

const std::string two_shorts = "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }\n";
const bytes payload = bytes_of({1, 0, 255, 255});

// np.asfortranarray(np.arange(6, dtype='<i2').reshape(2, 3)), as NumPy wrote it.
const char* const fortran_by_numpy =
    "934e554d5059010076007b276465736372273a20273c6932272c2027666f727472616e5f6f72646572273a20547275652c20"
    "277368617065273a2028322c2033292c207d2020202020202020202020202020202020202020202020202020202020202020"
    "2020202020202020202020202020202020202020202020202020200a000003000100040002000500";

TEST(npy, reads_what_numpy_wrote_in_fortran_order) {
    const npy_array array = parse_npy(tests::from_hex(fortran_by_numpy), "f");
    EXPECT_EQ(array.extents, (std::vector<std::size_t>{2, 3}));
    EXPECT_EQ(array.as<std::int16_t>(), (std::vector<std::int16_t>{0, 1, 2, 3, 4, 5}));
}

TEST(npy, writes_what_numpy_writes) {
    const std::vector<std::int16_t> values{0, 1, 2, 3, 4, 5};
    const npy_array array = npy_array::of<std::int16_t>(values, {2, 3});
    EXPECT_EQ(tessera::npy_bytes(array, tessera::npy_order::fortran), tests::from_hex(fortran_by_numpy));
}

TEST(npy, reads_versions_1_to_3) {
    for (const int version : {1, 2, 3})
        EXPECT_EQ(parse_npy(file_of(two_shorts, payload, version), "f").as<std::int16_t>(),
                  (std::vector<std::int16_t>{1, -1}));
    EXPECT_EQ(message_of([] { parse_npy(file_of(two_shorts, payload, 4), "f"); }),
              "f, byte 6: expected version 1, 2 or 3, found 4");
}

template <class Element> void expect_round_trip(std::vector<Element> values) {
    const tests::folder folder;
    for (const auto order : {tessera::npy_order::c, tessera::npy_order::fortran}) {
        const npy_array array = npy_array::of<Element>(values, {2, 1, 2});
        tessera::write_npy(folder.path() / "a.npy", array, order);
        const npy_array again = tessera::read_npy(folder.path() / "a.npy");
        EXPECT_EQ(again.type, array.type);
        EXPECT_EQ(again.extents, array.extents);
        EXPECT_EQ(again.as<Element>(), values);
    }
}

TEST(npy, round_trips_every_type) {
    expect_round_trip<std::uint8_t>({0, 1, 128, 255});
    expect_round_trip<std::int8_t>({-128, -1, 0, 127});
    expect_round_trip<std::int16_t>({-32768, -1, 0, 32767});
    expect_round_trip<std::int32_t>({std::numeric_limits<std::int32_t>::min(), -1, 0, 7});
    expect_round_trip<std::int64_t>({std::numeric_limits<std::int64_t>::min(), -1, 0, 7});
    expect_round_trip<float>({-1.5F, 0, 1e-40F, 3e38F});
    expect_round_trip<double>({-1.5, 0, 1e-310, 1e308});
    expect_round_trip<std::uint16_t>({0, 1, 32768, 65535});
    expect_round_trip<std::uint32_t>({0, 1, 7, std::numeric_limits<std::uint32_t>::max()});
    expect_round_trip<std::uint64_t>({0, 1, 7, std::numeric_limits<std::uint64_t>::max()});
    using tessera::detail::npy_half;
    expect_round_trip<npy_half>({npy_half(-1.5F), npy_half(6e-8), npy_half(65504.0), npy_half(1e9F)});
}

TEST(npy, round_trips_bools_scalars_and_empty_arrays) {
    const npy_array flags{tessera::npy_type::boolean, {2}, bytes_of({1, 0})};
    EXPECT_EQ(parse_npy(tessera::npy_bytes(flags), "f").as<bool>(), (std::vector<bool>{true, false}));
    const std::vector<double> one{2.5};
    const npy_array scalar = parse_npy(tessera::npy_bytes(npy_array::of<double>(one, {})), "f");
    EXPECT_TRUE(scalar.extents.empty());
    EXPECT_EQ(scalar.as<double>(), one);
    const npy_array empty = parse_npy(tessera::npy_bytes(npy_array::of<float>({}, {3, 0})), "f");
    EXPECT_EQ(empty.extents, (std::vector<std::size_t>{3, 0}));
    EXPECT_EQ(empty.size(), 0U);
}

TEST(npy, reads_every_byte_order) {
    const auto read = [](const std::string& descr, const bytes& data) {
        return parse_npy(file_of("{'descr': '" + descr + "', 'fortran_order': False, 'shape': (1,)}", data), "f");
    };
    const bytes little = bytes_of({0, 0, 192, 63}), big = bytes_of({63, 192, 0, 0});
    EXPECT_EQ(read("<f4", little).as<float>()[0], 1.5F);
    EXPECT_EQ(read(">f4", big).as<float>()[0], 1.5F);
    const bytes native = std::endian::native == std::endian::little ? little : big;
    EXPECT_EQ(read("=f4", native).as<float>()[0], 1.5F);
    EXPECT_EQ(read("f4", native).as<float>()[0], 1.5F);
    for (const char* const descr : {"<u1", ">u1", "=u1", "|u1", "u1"})
        EXPECT_EQ(read(descr, bytes_of({200})).as<std::uint8_t>()[0], 200) << descr;
    EXPECT_EQ(read(">f2", bytes_of({0x3E, 0})).converted<float>()[0], 1.5F);
    EXPECT_EQ(read(">i8", bytes_of({255, 255, 255, 255, 255, 255, 255, 254})).as<std::int64_t>()[0], -2);
}

TEST(npy, white_space_in_the_header_is_any) {
    const std::string spread = "\t{\r\n'descr'\t:'<i2',\t'fortran_order':False,\v'shape':(\t2,\f),}\t\n";
    EXPECT_EQ(parse_npy(file_of(spread, payload), "f").as<std::int16_t>(), (std::vector<std::int16_t>{1, -1}));
    const std::string by_python_2 = "{'descr': '<i2', 'fortran_order': False, 'shape': (2L, 1L), }\n";
    EXPECT_EQ(parse_npy(file_of(by_python_2, payload), "f").extents, (std::vector<std::size_t>{2, 1}));
}

TEST(npy, data_start_at_a_multiple_of_64) {
    for (std::size_t rank = 0; rank < 20; ++rank)
        EXPECT_EQ(
            tessera::npy_bytes(npy_array::of<float>(std::vector<float>(1), std::vector<std::size_t>(rank, 1))).size() %
                64,
            4U);
}

TEST(npy, transposes_three_axes) {
    std::vector<float> values(24);
    for (std::size_t i = 0; i < 24; ++i) values[i] = static_cast<float>(i);
    bytes file = tessera::npy_bytes(npy_array::of<float>(values, {2, 3, 4}), tessera::npy_order::fortran);
    // The second stored element of a column-major array is (1, 0, 0).
    EXPECT_EQ(tessera::detail::load_bytes<float>(file.data() + file.size() - 23 * 4, std::endian::little), 12.0F);
    EXPECT_EQ(parse_npy(file, "f").as<float>(), values);
}

TEST(npy, refuses_a_wrong_magic_and_an_empty_file) {
    EXPECT_EQ(message_of([] { parse_npy({}, "f"); }),
              "f, byte 0: expected the magic text of a .npy file (6 bytes), found 0 bytes");
    EXPECT_EQ(message_of([] { parse_npy(bytes_of("PK345678"), "f"); }),
              "f, byte 0: expected the magic text \\x93NUMPY, found other bytes");
}

TEST(npy, refuses_every_shorter_file) {
    const bytes good = file_of(two_shorts, payload);
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_THROW(parse_npy(std::span(good).first(size), "f"), tessera::error) << size;
    EXPECT_EQ(message_of([&] { parse_npy(tests::without_last(good), "f"); }),
              "f, byte 68: expected the elements that the header promises, more than the file holds, found 3 bytes");
}

TEST(npy, refuses_trailing_bytes) {
    EXPECT_EQ(message_of([] { parse_npy(file_of(two_shorts, payload + bytes_of({0})), "f"); }),
              "f, byte 72: expected the end of the file, found 1 further bytes");
}

TEST(npy, refuses_absurd_extents_before_allocating) {
    const std::string huge = "{'descr': '<f8', 'fortran_order': True, 'shape': (4294967296, 4294967296)}";
    EXPECT_NE(message_of([&] { parse_npy(file_of(huge, payload), "f"); }).find("more than the file holds"),
              std::string::npos);
}

TEST(npy, refuses_element_types_that_it_does_not_know) {
    const auto message = [](const std::string& descr) {
        return message_of([&] {
            parse_npy(file_of("{'descr': " + descr + ", 'fortran_order': False, 'shape': (1,)}", payload), "f");
        });
    };
    EXPECT_EQ(message("'<c8'"),
              "f, byte 20: expected an element type among b1 u1 i1 u2 i2 u4 i4 u8 i8 f2 f4 f8, found '<c8'");
    EXPECT_NE(message("'|f4'").find("found '|f4'"), std::string::npos);
    EXPECT_NE(message("''").find("found ''"), std::string::npos);
    EXPECT_NE(message("'|O'").find("found '|O'"), std::string::npos);
    EXPECT_EQ(message("[('x', '<f4')]"), "f, byte 20: expected a plain element type, found a structured one");
}

TEST(npy, refuses_headers_that_are_no_such_dictionary) {
    const auto message = [](const std::string& header) {
        return message_of([&] { parse_npy(file_of(header, payload), "f"); });
    };
    EXPECT_EQ(message("{'descr': '<i2', 'shape': (2,)}"),
              "f, byte 10: expected the keys descr, fortran_order and shape, found a header without one of them");
    EXPECT_NE(message("{'descr': '<i2', 'descr': '<i2'}").find("each once"), std::string::npos);
    EXPECT_NE(message("{'other': 1}").find("found 'other'"), std::string::npos);
    EXPECT_NE(message("{'shape': (2, -1)}").find("an extent"), std::string::npos);
    EXPECT_NE(message("{'shape': (2 3)}").find("',' or ')'"), std::string::npos);
    EXPECT_NE(message("{'shape': (2)}").find("a tuple"), std::string::npos);
    EXPECT_NE(message("{'shape': (99999999999999999999,)}").find("an extent"), std::string::npos);
    EXPECT_NE(message("{'fortran_order': 1}").find("True or False"), std::string::npos);
    EXPECT_NE(message("{'descr").find("a closing quote"), std::string::npos);
    EXPECT_NE(message("[]").find("'{'"), std::string::npos);
    EXPECT_NE(message(two_shorts + "x").find("the end of the header"), std::string::npos);
}

TEST(npy, a_nul_is_not_the_end_of_the_header) {
    const std::string hiding = two_shorts + std::string(1, '\0') + "x";
    EXPECT_EQ(message_of([&] { parse_npy(file_of(hiding, payload), "f"); }),
              "f, byte 68: expected the end of the header, found '?x'");
}

TEST(npy, refuses_bools_other_than_0_and_1) {
    EXPECT_EQ(message_of([] {
                  parse_npy(file_of("{'descr': '|b1', 'fortran_order': False, 'shape': (2,)}", bytes_of({1, 2})), "f");
              }),
              "f, byte 66: expected a bool, 0 or 1, found 2");
}

TEST(npy, refuses_to_write_extents_and_bytes_that_do_not_agree) {
    const auto message = [](std::vector<std::size_t> extents, tessera::npy_order order = tessera::npy_order::c) {
        return message_of([&] { tessera::npy_bytes({tessera::npy_type::i16, std::move(extents), payload}, order); });
    };
    const std::string wanted =
        "npy_bytes: expected extents of 4 bytes, those of the array, for elements of <i2, found ";
    EXPECT_EQ(message({2}), "");
    EXPECT_EQ(message({1}), wanted + "(1,)");
    EXPECT_EQ(message({2, 3}), wanted + "(2, 3)");
    EXPECT_EQ(message({2, 3}, tessera::npy_order::fortran), wanted + "(2, 3)");
    EXPECT_EQ(message({0, 2}), wanted + "(0, 2)");
    const std::size_t half = std::size_t{1} << 32;
    EXPECT_EQ(message({half, half, 2}), wanted + "(4294967296, 4294967296, 2)");
}

TEST(npy, refuses_to_write_what_it_could_not_read) {
    const auto of_rank = [](std::size_t rank) {
        return npy_array{tessera::npy_type::u8, std::vector<std::size_t>(rank, 1), bytes_of({7})};
    };
    EXPECT_EQ(parse_npy(tessera::npy_bytes(of_rank(64)), "f").extents.size(), 64U);
    EXPECT_EQ(message_of([&] { tessera::npy_bytes(of_rank(65)); }),
              "npy_bytes: expected at most 64 dimensions, found 65");
}

TEST(npy, a_refused_array_leaves_the_old_file) {
    const tests::folder folder;
    const auto path = folder.write("a.npy", bytes_of("old"));
    EXPECT_THROW(tessera::write_npy(path, {tessera::npy_type::i16, {3}, payload}), tessera::error);
    EXPECT_EQ(tessera::detail::read_file(path), bytes_of("old"));
}

TEST(npy, names_the_missing_file) {
    const tests::folder folder;
    const auto path = folder.path() / "none.npy";
    EXPECT_EQ(message_of([&] { tessera::read_npy(path); }), path.string() + ": expected a file, found none");
}

TEST(npy_array, of_and_as_check_their_arguments) {
    const std::vector<float> values{1, 2};
    EXPECT_EQ(message_of([&] { npy_array::of<float>(values, {3}); }), "npy_array::of: expected 3 values, found 2");
    EXPECT_EQ(message_of([&] { npy_array::of<float>(values, {2}).as<double>(); }),
              "npy_array::as: expected elements of <f8, found <f4");
}

TEST(npy_array, a_number_beyond_a_smaller_float_is_named) {
    const auto converted = []<class To>(To, double value) {
        return npy_array::of<double>(std::vector<double>{1, value}, {2}).converted<To>()[1];
    };
    const double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(message_of([&] { converted(float{}, -1e300); }),
              "npy_array::converted, element 1: expected a value within <f4, found -1e+300");
    EXPECT_EQ(message_of([&] { converted(float{}, 3.4028235677973366e38); }),
              "npy_array::converted, element 1: expected a value within <f4, found 3.4028235677973366e+38");
    EXPECT_EQ(converted(float{}, 3.4028235677973362e38), std::numeric_limits<float>::max());
    EXPECT_EQ(converted(float{}, 1e-300), 0);
    EXPECT_EQ(converted(float{}, -infinity), -std::numeric_limits<float>::infinity());
    EXPECT_TRUE(std::isnan(converted(float{}, std::numeric_limits<double>::quiet_NaN())));
    EXPECT_EQ(converted(double{}, 1e300), 1e300);
    EXPECT_EQ(message_of([&] { converted(tessera::detail::npy_half{}, 65520); }),
              "npy_array::converted, element 1: expected a value within <f2, found 65520");
    EXPECT_EQ(converted(tessera::detail::npy_half{}, 65519), 65504.0F);
    const npy_array halves =
        npy_array::of<tessera::detail::npy_half>(std::vector{tessera::detail::npy_half(2.5F)}, {1});
    EXPECT_EQ(halves.converted<double>()[0], 2.5);
    EXPECT_THROW(halves.converted<std::int32_t>(), tessera::error);
    EXPECT_EQ(npy_array::of<std::int32_t>(std::vector<std::int32_t>{3}, {1}).converted<tessera::detail::npy_half>()[0],
              3.0F);
}

TEST(npy_array, converts_only_what_fits) {
    const std::vector<std::int32_t> integers{0, 255, -1};
    const npy_array array = npy_array::of<std::int32_t>(integers, {3});
    EXPECT_EQ(array.converted<float>(), (std::vector<float>{0, 255, -1}));
    EXPECT_EQ(array.converted<bool>(), (std::vector<bool>{false, true, true}));
    EXPECT_EQ(message_of([&] { array.converted<std::uint8_t>(); }),
              "npy_array::converted, element 2: expected a value that fits the integer type, found -1");
    const auto to_int = [](double value) {
        return npy_array::of<double>(std::vector<double>{value}, {1}).converted<std::int32_t>();
    };
    EXPECT_EQ(to_int(-2147483648.0)[0], std::numeric_limits<std::int32_t>::min());
    for (const double bad : {2147483648.0, 0.5, std::numeric_limits<double>::quiet_NaN(), 1e300})
        EXPECT_THROW(to_int(bad), tessera::error) << bad;
}

}  // namespace
