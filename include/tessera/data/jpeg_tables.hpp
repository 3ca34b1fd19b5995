// jpeg_tables: whether every table that a JPEG's scans use was there before them.
//
// A decoder may take whatever its memory holds for one that is missing.
//
//   quantisation(segment, place), huffman(...), frame(...), scan(...)   the contents of these segments, in their order
//
// Errors  tessera::error with `place`.
// Source  ITU-T T.81, annex B.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tessera/data/byte_reader.hpp>
#include <tessera/error/error.hpp>

namespace tessera::detail {

class jpeg_tables {
  public:
    void quantisation(std::span<const std::byte> segment, const std::string& place) {
        byte_reader reader(segment, place + ", quantisation tables", std::endian::big);
        while (reader.left() > 0) {
            const auto kind = reader.read<std::uint8_t>("the number of a table");
            reader.take(kind >> 4 ? 128 : 64, "a table");
            quantisers_[kind & 15] = true;
        }
    }

    void huffman(std::span<const std::byte> segment, const std::string& place) {
        byte_reader reader(segment, place + ", Huffman tables", std::endian::big);
        while (reader.left() > 0) {
            const auto kind = reader.read<std::uint8_t>("the number of a table");
            std::size_t codes = 0;
            for (const std::byte count : reader.take(16, "the counts of a table"))
                codes += std::to_integer<std::size_t>(count);
            if (codes > 256) throw error(reader.place(), "at most 256 codes", std::to_string(codes));
            reader.take(codes, "the codes of a table");
            huffman_[kind] = true;
        }
    }

    void frame(std::span<const std::byte> segment, const std::string& place, bool progressive) {
        byte_reader reader(segment, place + ", frame", std::endian::big);
        progressive_ = progressive;
        reader.take(5, "precision, height and width");
        const auto components = reader.read<std::uint8_t>("a number of components");
        for (int i = 0; i < components; ++i) {
            const auto id = reader.read<std::uint8_t>("a component");
            reader.take(1, "its sampling");
            quantiser_of_[id] = reader.read<std::uint8_t>("its quantisation table");
        }
    }

    void scan(std::span<const std::byte> segment, const std::string& place) const {
        byte_reader reader(segment, place + ", scan", std::endian::big);
        const auto components = reader.read<std::uint8_t>("a number of components");
        const std::span<const std::byte> used = reader.take(std::size_t{components} * 2, "components and their tables");
        const auto first = reader.read<std::uint8_t>("the first coefficient");
        reader.take(1, "the last coefficient");
        const bool refines = reader.read<std::uint8_t>("an approximation") >> 4 != 0;
        // of a progressive picture, a scan is of one kind of coefficients; one that refines the mean needs no table
        const bool means = progressive_ ? first == 0 && !refines : true, others = progressive_ ? first != 0 : true;
        for (std::size_t i = 0; i < components; ++i) {
            const auto id = std::to_integer<std::size_t>(used[2 * i]),
                       tables = std::to_integer<std::size_t>(used[2 * i + 1]);
            require(quantiser_of_[id] < 16 && quantisers_[quantiser_of_[id]], "quantisation table", place);
            if (means) require(huffman_[tables >> 4], "Huffman table", place);
            if (others) require(huffman_[16 + (tables & 15)], "Huffman table", place);
        }
    }

  private:
    static void require(bool there, const std::string& table, const std::string& place) {
        if (!there) throw error(place, "a scan whose tables the file has", "a " + table + " that is missing");
    }

    std::array<bool, 16> quantisers_{};
    std::array<bool, 256> huffman_{};  // by kind and number
    std::array<std::uint8_t, 256> quantiser_of_{};
    bool progressive_ = false;
};

}  // namespace tessera::detail
