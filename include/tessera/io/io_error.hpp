// io_error: an error about a file with the system's own reason, "path: expected wanted, found <text of errno>".
#pragma once
#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>
#include <tessera/error/error.hpp>

namespace tessera::detail {

inline error io_error(const std::filesystem::path& path, const std::string& wanted, int reason = errno) {
    return error(path.string(), wanted, std::generic_category().message(reason));
}

}  // namespace tessera::detail
