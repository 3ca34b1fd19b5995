// Any bytes: either a tessera::error, or tensors that can be read to the last byte, written and read again.
//
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -Iinclude tests/fuzz/safetensors.cpp
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <tessera/error/error.hpp>
#include <tessera/io/safetensors.hpp>
#include <utility>
#include <vector>

namespace {

std::vector<std::byte> written(const tessera::tensor_file& file) {
    const tessera::detail::safetensors_layout layout(file.entries(), file.metadata(), "again");
    const auto prefix = std::as_bytes(std::span(layout.prefix));
    std::vector<std::byte> bytes(prefix.begin(), prefix.end());
    for (const tessera::tensor_entry* entry : layout.order) {
        bytes.insert(bytes.end(), entry->bytes.begin(), entry->bytes.end());
    }
    return bytes;
}

void require(bool condition) {
    if (!condition) std::abort();
}

void check(const tessera::tensor_file& file) {
    for (const tessera::tensor_entry& entry : file.entries()) {
        require(file.find(entry.name) == &entry);
        std::vector<float> floats(entry.size());
        tessera::detail::copy_as_float(entry, std::span(floats));
        std::vector<double> doubles(entry.size());
        tessera::detail::copy_as_float(entry, std::span(doubles));
    }
    const std::vector<std::byte> once = written(file);
    const tessera::tensor_file again = tessera::parse_safetensors(once, "again");
    require(again.entries().size() == file.entries().size() && again.metadata() == file.metadata());
    require(written(again) == once);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    try {
        check(tessera::parse_safetensors({bytes.begin(), bytes.end()}, "input"));
    } catch (const tessera::error&) {}
    return 0;
}
