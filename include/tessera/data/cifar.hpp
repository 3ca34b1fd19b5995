// read_cifar10, read_cifar100, load_cifar10, load_cifar100: the CIFAR sets in their binary version, 32 x 32 x 3.
//
//   record of CIFAR-10    label byte, then 1,024 red, 1,024 green, 1,024 blue bytes, each row-major
//   record of CIFAR-100   coarse label byte, fine label byte, then the same
//
//   read_*(file)     one file of any number of records
//   load_*(folder)   data_batch_1..5.bin and test_batch.bin; train.bin and test.bin; record counts are checked
//   parse_*(bytes)   the same from memory
//
// Planes are interleaved to the library's (H, W, C), values scaled to [0, 1].
//
// Errors  empty, not a whole number of records, label out of range: tessera::error with file and byte offset.
// Source  Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images".
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <tessera/data/cifar_names.hpp>
#include <tessera/data/dataset.hpp>
#include <tessera/error/error.hpp>
#include <tessera/io/read_file.hpp>
#include <utility>
#include <vector>

namespace tessera {

// Which of CIFAR-100's two labels to use: 100 fine classes or 20 coarse ones.
enum class cifar_labels { fine, coarse };

struct cifar {
    dataset train;
    dataset test;
};

namespace detail {

namespace cifar_format {

inline constexpr std::size_t pixels = 32 * 32;

struct layout {
    std::size_t label_bytes;  // before the pixels
    std::size_t label_byte;   // the one to use
    std::vector<std::string> class_names;

    std::size_t record_bytes() const { return label_bytes + 3 * pixels; }
};

inline layout cifar10() { return {1, 0, cifar10_names()}; }
inline layout cifar100(cifar_labels labels) {
    return labels == cifar_labels::fine ? layout{2, 1, cifar100_names()} : layout{2, 0, cifar100_coarse_names()};
}

inline void append_record(dataset& data, std::span<const std::byte> record, const layout& form) {
    data.labels.push_back(std::to_integer<std::int32_t>(record[form.label_byte]));
    const std::span<const std::byte> planes = record.subspan(form.label_bytes);
    for (std::size_t pixel = 0; pixel < pixels; ++pixel)
        for (std::size_t channel = 0; channel < 3; ++channel)
            data.images.push_back(static_cast<float>(std::to_integer<int>(planes[channel * pixels + pixel])) / 255.0F);
}

inline dataset parse(std::span<const std::byte> file, const std::string& name, layout form) {
    const std::size_t bytes = form.record_bytes();
    if (file.empty() || file.size() % bytes != 0)
        throw error(name, "a positive whole number of records of " + std::to_string(bytes) + " bytes",
                    std::to_string(file.size()) + " bytes");
    dataset data{{}, {}, {32, 32, 3}, std::move(form.class_names)};
    data.images.reserve(file.size() / bytes * 3 * pixels);
    for (std::size_t start = 0; start < file.size(); start += bytes) {
        append_record(data, file.subspan(start, bytes), form);
        if (static_cast<std::size_t>(data.labels.back()) >= data.classes())
            throw error(name + ", byte " + std::to_string(start + form.label_byte),
                        "a label in 0.." + std::to_string(data.classes() - 1), std::to_string(data.labels.back()));
    }
    return data;
}

inline dataset load(const std::filesystem::path& path, std::size_t count, const layout& form) {
    dataset data = parse(read_file(path), path.string(), form);
    if (data.size() != count)
        throw error(path.string(), std::to_string(count) + " records", std::to_string(data.size()));
    return data;
}

}  // namespace cifar_format

}  // namespace detail

inline dataset parse_cifar10(std::span<const std::byte> file, const std::string& name) {
    return detail::cifar_format::parse(file, name, detail::cifar_format::cifar10());
}

inline dataset parse_cifar100(std::span<const std::byte> file, const std::string& name,
                              cifar_labels labels = cifar_labels::fine) {
    return detail::cifar_format::parse(file, name, detail::cifar_format::cifar100(labels));
}

inline dataset read_cifar10(const std::filesystem::path& path) {
    return parse_cifar10(detail::read_file(path), path.string());
}

inline dataset read_cifar100(const std::filesystem::path& path, cifar_labels labels = cifar_labels::fine) {
    return parse_cifar100(detail::read_file(path), path.string(), labels);
}

inline cifar load_cifar10(const std::filesystem::path& folder) {
    const detail::cifar_format::layout form = detail::cifar_format::cifar10();
    dataset train{{}, {}, {32, 32, 3}, form.class_names};
    for (int part = 1; part <= 5; ++part) {
        const dataset data =
            detail::cifar_format::load(folder / ("data_batch_" + std::to_string(part) + ".bin"), 10000, form);
        train.images.insert(train.images.end(), data.images.begin(), data.images.end());
        train.labels.insert(train.labels.end(), data.labels.begin(), data.labels.end());
    }
    return {std::move(train), detail::cifar_format::load(folder / "test_batch.bin", 10000, form)};
}

inline cifar load_cifar100(const std::filesystem::path& folder, cifar_labels labels = cifar_labels::fine) {
    const detail::cifar_format::layout form = detail::cifar_format::cifar100(labels);
    return {detail::cifar_format::load(folder / "train.bin", 50000, form),
            detail::cifar_format::load(folder / "test.bin", 10000, form)};
}

}  // namespace tessera
