// Any bytes are either read or refused with tessera::error. The first byte chooses the options.
#include <cstddef>
#include <cstdint>
#include <span>
#include <tessera/data/csv.hpp>
#include <tessera/error.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    tessera::csv_options options{.delimiter = data[0] & 1 ? ';' : ',', .header = (data[0] & 2) != 0};
    if (data[0] & 4) options.label_column = data[0] >> 4;
    try {
        const tessera::csv_table table =
            tessera::parse_csv(std::as_bytes(std::span(data + 1, size - 1)), "input", options);
        if (table.values.size() != table.rows * table.columns) __builtin_trap();
    } catch (const tessera::error&) {}
    return 0;
}
