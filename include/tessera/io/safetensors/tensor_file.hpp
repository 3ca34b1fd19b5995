// tensor_file: the tensors of one safetensors file and the bytes that they view.
//
//   entries()   every tensor, by name
//   find(name)  the tensor, or a null pointer
//   at(name)    the tensor, or an error that names file and tensor
//   metadata()  the free strings of __metadata__
//   unread()    the names of further tensors, by name, whose dtype is not one of dtype.hpp, such as F8_E4M3
//
// Movable, not copyable: entries view the bytes owned here and die with them, or, of parse_safetensors_in_place, bytes
// of somebody else. Made by parse_safetensors.
#pragma once
#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tessera/error/error.hpp>
#include <tessera/io/safetensors/tensor_entry.hpp>
#include <utility>
#include <vector>

namespace tessera {

struct unread_tensor {
    std::string name, type;
};

class tensor_file {
  public:
    // `entries` view `bytes`, or what outlives this, are sorted by name and differ in name.
    tensor_file(std::string name, std::vector<std::byte> bytes, std::vector<tensor_entry> entries,
                std::map<std::string, std::string> metadata, std::vector<unread_tensor> unread = {})
        : name_(std::move(name)),
          bytes_(std::move(bytes)),
          entries_(std::move(entries)),
          metadata_(std::move(metadata)),
          unread_(std::move(unread)) {}
    tensor_file(tensor_file&&) = default;
    tensor_file& operator=(tensor_file&&) = default;

    const std::string& name() const noexcept { return name_; }
    std::span<const tensor_entry> entries() const noexcept { return entries_; }
    const std::map<std::string, std::string>& metadata() const noexcept { return metadata_; }
    std::span<const unread_tensor> unread() const noexcept { return unread_; }

    const tensor_entry* find(std::string_view name) const noexcept {
        const auto place = std::ranges::lower_bound(
            entries_, name, {}, [](const tensor_entry& entry) { return std::string_view(entry.name); });
        return place != entries_.end() && place->name == name ? &*place : nullptr;
    }

    const tensor_entry& at(std::string_view name) const {
        if (const tensor_entry* entry = find(name)) return *entry;
        for (const unread_tensor& t : unread_)
            if (t.name == name)
                throw error(name_ + ": tensor '" + t.name + "'", "a dtype that is read", "'" + t.type + "'");
        throw error(name_, "a tensor '" + std::string(name) + "'", std::to_string(entries_.size()) + " others");
    }

  private:
    std::string name_;
    std::vector<std::byte> bytes_;
    std::vector<tensor_entry> entries_;
    std::map<std::string, std::string> metadata_;
    std::vector<unread_tensor> unread_;
};

}  // namespace tessera
