// dtype: the element types of safetensors files that the library reads, in the order in which the format lays tensors
// out. Others, such as eight-bit floats, are named and passed over (tensor_file.hpp).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tessera {

enum class dtype : std::uint8_t { boolean, u8, i8, i16, u16, f16, bf16, i32, u32, f32, f64, i64, u64 };

namespace detail {

struct dtype_row {
    dtype type;
    std::string_view name;
    std::size_t bytes;
};

inline constexpr std::array<dtype_row, 13> dtypes{{{dtype::boolean, "BOOL", 1},
                                                   {dtype::u8, "U8", 1},
                                                   {dtype::i8, "I8", 1},
                                                   {dtype::i16, "I16", 2},
                                                   {dtype::u16, "U16", 2},
                                                   {dtype::f16, "F16", 2},
                                                   {dtype::bf16, "BF16", 2},
                                                   {dtype::i32, "I32", 4},
                                                   {dtype::u32, "U32", 4},
                                                   {dtype::f32, "F32", 4},
                                                   {dtype::f64, "F64", 8},
                                                   {dtype::i64, "I64", 8},
                                                   {dtype::u64, "U64", 8}}};

constexpr std::size_t byte_size(dtype type) { return detail::dtypes[static_cast<std::size_t>(type)].bytes; }

// As written in the file: "F32".
constexpr std::string_view name_of(dtype type) { return detail::dtypes[static_cast<std::size_t>(type)].name; }

// that of a float or double, bit for bit
template <class Real> inline constexpr dtype exact_dtype = sizeof(Real) == 8 ? dtype::f64 : dtype::f32;

constexpr std::optional<dtype> dtype_named(std::string_view name) {
    for (const auto& row : detail::dtypes) {
        if (row.name == name) return row.type;
    }
    return std::nullopt;
}

}  // namespace detail

}  // namespace tessera
