// Any bytes are either read or refused with tessera::error.
#include <cstddef>
#include <cstdint>
#include <span>
#include <tessera/data/cifar.hpp>
#include <tessera/error/error.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    try {
        tessera::parse_cifar10(bytes, "input").check("input");
    } catch (const tessera::error&) {}
    for (const auto labels : {tessera::cifar_labels::fine, tessera::cifar_labels::coarse}) try {
            tessera::parse_cifar100(bytes, "input", labels).check("input");
        } catch (const tessera::error&) {}
    return 0;
}
