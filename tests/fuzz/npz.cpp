// Any bytes are either read or refused with tessera::error.
#include <cstddef>
#include <cstdint>
#include <span>
#include <tessera/data/npz.hpp>
#include <tessera/error/error.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    try {
        const tessera::npz_arrays arrays = tessera::parse_npz(bytes, "input");
        const auto deflated = tessera::npz_bytes(arrays, tessera::npz_compression::deflated);
        const tessera::npz_arrays again = tessera::parse_npz(deflated, "again");
        if (again.size() != arrays.size() || !again.unread.empty()) __builtin_trap();
    } catch (const tessera::error&) {}
    return 0;
}
