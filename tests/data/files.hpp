// What the tests of data files share: a folder to write files to, bytes, and the message of an error.
#pragma once
#include "../message_of.hpp"
#include "../temporary_folder.hpp"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

using bytes = std::vector<std::byte>;

inline bytes bytes_of(std::string_view text) {
    const auto* first = reinterpret_cast<const std::byte*>(text.data());
    return {first, first + text.size()};
}

inline bytes bytes_of(std::initializer_list<int> values) {
    bytes result;
    for (const int value : values) result.push_back(static_cast<std::byte>(value));
    return result;
}

inline bytes operator+(bytes a, const bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

inline bytes from_hex(std::string_view hex) {
    bytes result;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        result.push_back(static_cast<std::byte>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    return result;
}

inline bytes without_last(bytes all) {
    all.pop_back();
    return all;
}

class folder : public temporary_folder {
  public:
    std::filesystem::path write(const std::string& name, const bytes& content) const {
        const std::filesystem::path file = path() / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary)
            .write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
        return file;
    }
};

}  // namespace tests
