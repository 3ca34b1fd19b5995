// Any bytes are either read or refused with tessera::error.
#include <cstddef>
#include <cstdint>
#include <span>
#include <tessera/data/npy.hpp>
#include <tessera/error/error.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    try {
        const tessera::npy_array array = tessera::parse_npy(bytes, "input");
        const tessera::npy_array again =
            tessera::parse_npy(tessera::npy_bytes(array, tessera::npy_order::fortran), "again");
        if (again.bytes != array.bytes || again.extents != array.extents) __builtin_trap();
        (void)array.converted<double>();
        try {
            (void)array.converted<float>();
        } catch (const tessera::error&) {}
        (void)array.converted<std::int16_t>();
    } catch (const tessera::error&) {}
    return 0;
}
