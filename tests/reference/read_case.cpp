#include "read_case.hpp"

#include <tessera/io/safetensors/read_safetensors.hpp>

namespace reference {

tessera::tensor_file read_case(const std::string& name) {
    return tessera::read_safetensors(std::string(TESSERA_REFERENCE_CASES) + "/" + name + ".safetensors");
}

}  // namespace reference
