// Any bytes are either read or refused with tessera::error. Checksums of PNG chunks are put right first, for no change
// would get past them otherwise.
#include <zlib.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tessera/data/byte_order.hpp>
#include <tessera/data/image_file.hpp>
#include <tessera/error/error.hpp>
#include <vector>

namespace {

void repair_checksums(std::vector<std::byte>& file) {
    if (!tessera::detail::image_format::opens_with(file, tessera::detail::png_magic)) return;
    for (std::size_t at = 8; at + 12 <= file.size();) {
        const std::size_t length = tessera::detail::load_bytes<std::uint32_t>(file.data() + at, std::endian::big);
        if (length > file.size() - at - 12) return;
        const auto sum = crc32_z(0, reinterpret_cast<const Bytef*>(file.data() + at + 4), length + 4);
        tessera::detail::store_bytes(static_cast<std::uint32_t>(sum), file.data() + at + 8 + length, std::endian::big);
        at += length + 12;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    std::vector<std::byte> file(bytes.begin(), bytes.end());
    repair_checksums(file);
    try {
        const tessera::image picture = tessera::parse_image(file, "input", 3);
        if (picture.values.size() != picture.extents.size()) __builtin_trap();
    } catch (const tessera::error&) {}
    return 0;
}
