// save, load: the parameters and states of a model as a safetensors file, each under its path.
//
//     save(net, "digits.safetensors");                       32-bit floats
//     save(net, "small.safetensors", dtype::bf16);
//     load(net, "digits.safetensors");
//
// save   dtype::f32, f64, f16, bf16 or i8; conversions as in element_conversion.hpp: to nearest, ties to even. i8 is
//        the plain number, rounded and cut at -128 and 127, without a scale: for weights that are whole numbers.
//        Written crash-safe; the same values give the same bytes.
// load   any type of the format, converted. Every parameter and state must be there with its shape; further tensors
//        only with allow_surplus. A model and a file that do not fit leave the model as it was.
// Both are of the network's variables: of a model that streams, the carries are not among them.
//
// Cost    a copy of the values each way.
// Errors  tessera::error naming the file and what is missing, surplus or of another shape; a type that cannot be
//         saved; NaN for i8; two variables of one path; what reading and writing files throws.
#pragma once
#include <filesystem>
#include <string_view>
#include <tessera/io/bound_tensor.hpp>
#include <tessera/io/element_conversion.hpp>
#include <tessera/io/safetensors/read_safetensors.hpp>
#include <tessera/io/safetensors/write_safetensors.hpp>
#include <tessera/io/tensor_match.hpp>
#include <type_traits>
#include <vector>

namespace tessera {

struct load_options {
    bool allow_surplus = false;  // tensors that the model has no use for
};

namespace detail {

// Names, shapes and encoded values of a list; the entries view the bytes.
class encoded_tensors {
  public:
    template <class Real> void add(const std::vector<bound_tensor<Real>>& list, dtype type) {
        for (const bound_tensor<Real>& t : list) {
            const std::span<const std::remove_const_t<Real>> values = t.values;
            add(t.name, t.shape, type, encode_floats(values, type));
        }
    }
    void add(std::string name, std::vector<std::int64_t> shape, dtype type, std::vector<std::byte> bytes) {
        bytes_.push_back(std::move(bytes));
        entries_.push_back({std::move(name), type, std::move(shape), bytes_.back()});
    }
    std::span<const tensor_entry> entries() const { return entries_; }

  private:
    std::vector<std::vector<std::byte>> bytes_;  // each keeps its memory when the list grows
    std::vector<tensor_entry> entries_;
};

template <class Real> void copy_values(const tensor_file& file, const std::vector<bound_tensor<Real>>& to) {
    for (const bound_tensor<Real>& t : to) copy_as_float(file.at(t.name), t.values);
}

}  // namespace detail

template <class Model>
    requires requires { typename Model::network_type; }
void save(const Model& model, const std::filesystem::path& path, dtype type = dtype::f32) {
    detail::encoded_tensors tensors;
    tensors.add(variables_of(model), type);
    write_safetensors(path, tensors.entries());
}

template <class Model>
    requires requires { typename Model::network_type; }
void load(Model& model, const std::filesystem::path& path, load_options options = {}) {
    const tensor_file file = read_safetensors(path);
    const auto variables = variables_of(model);
    tensor_match match(file);
    for (const auto& v : variables) match.expect(v.name, v.shape);
    match.check([&](std::string_view) { return options.allow_surplus; });
    detail::copy_values(file, variables);
}

}  // namespace tessera
