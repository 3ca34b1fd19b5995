// Any bytes are either read or refused with tessera::error.
#include <cstddef>
#include <cstdint>
#include <span>
#include <tessera/data/idx.hpp>
#include <tessera/error/error.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    try {
        const tessera::idx_array array = tessera::parse_idx(bytes, "input");
        std::size_t count = 1;
        for (const std::size_t extent : array.extents) count *= extent;
        if (count != array.size()) __builtin_trap();
    } catch (const tessera::error&) {}
    return 0;
}
