// The safetensors format: read, parse, write. Needs nlohmann-json.
#pragma once
#include <tessera/io/element_conversion.hpp>
#include <tessera/io/safetensors/dtype.hpp>
#include <tessera/io/safetensors/parse_safetensors.hpp>
#include <tessera/io/safetensors/read_safetensors.hpp>
#include <tessera/io/safetensors/safetensors_layout.hpp>
#include <tessera/io/safetensors/tensor_entry.hpp>
#include <tessera/io/safetensors/tensor_file.hpp>
#include <tessera/io/safetensors/write_safetensors.hpp>
