// weight_layout: whose order of axes the weights of a file have.
//
//   as_stated   what the file's metadata says: "format": "tessera", which save writes; anything else is refused, since
//               a square matrix of another layout would be taken transposed without a word
//   tessera     the file's tensors are in our layout, whatever it says
//   pytorch     they are a PyTorch state_dict's, and are converted (pytorch_layout.hpp); a file that says that it is
//               ours is refused
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/io/safetensors/header_reader.hpp>
#include <tessera/io/safetensors/tensor_file.hpp>

namespace tessera {

enum class weight_layout : std::uint8_t { as_stated, tessera, pytorch };

namespace detail {

inline constexpr const char *format_key = "format", *own_format = "tessera";

// what a file of ours says
inline std::map<std::string, std::string> own_metadata() { return {{format_key, own_format}}; }

inline void require_layout(const tensor_file& file, weight_layout layout) {
    const auto stated = file.metadata().find(format_key);
    const bool none = stated == file.metadata().end(), ours = !none && stated->second == own_format;
    const std::string found = none ? "none" : "\"format\": " + in_quotes(stated->second);
    if (layout == weight_layout::pytorch && ours) throw error(file.name(), "weights in PyTorch's layout", found);
    if (layout == weight_layout::as_stated && !ours)
        throw error(file.name(), "metadata that says \"format\": 'tessera'",
                    found +
                        " (load(model, path, {.layout = weight_layout::pytorch}) converts a PyTorch state_dict, "
                        "weight_layout::tessera takes the weights as they stand)");
}

}  // namespace detail

}  // namespace tessera
