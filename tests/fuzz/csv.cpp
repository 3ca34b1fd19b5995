// Any bytes are either read or refused with tessera::error. The first two bytes choose the options.
#include <cstddef>
#include <cstdint>
#include <span>
#include <tessera/data/csv.hpp>
#include <tessera/error/error.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    tessera::csv_options options{.delimiter = data[0] & 1 ? ';' : ','};
    if (data[0] & 2) options.header = (data[0] & 8) != 0;
    if (data[0] & 4) options.label_column = data[0] >> 4;
    if (data[1] & 4) options.class_names = {"a", "b", "1"};
    options.missing = static_cast<tessera::csv_missing>(data[1] % 4 % 3);
    try {
        const tessera::csv_table table =
            tessera::parse_csv(std::as_bytes(std::span(data + 2, size - 2)), "input", options);
        if (table.values.size() != table.rows * table.columns) __builtin_trap();
        if (table.labels.size() != (options.label_column ? table.rows : 0)) __builtin_trap();
        if (!table.class_names.empty() && options.label_column) (void)tessera::to_dataset(table, "input");
    } catch (const tessera::error&) {}
    return 0;
}
