// read_case: a file of tests/reference/cases, by its name without the ending. Of a unit of its own, since a JSON parser
// costs seconds to compile.
#pragma once
#include <string>
#include <tessera/io/safetensors/tensor_file.hpp>

namespace reference {

tessera::tensor_file read_case(const std::string& name);

}  // namespace reference
