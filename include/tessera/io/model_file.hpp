// save, load: the parameters and states of a model as a safetensors file, each under its path.
//
//     save(net, "digits.safetensors");                       32-bit floats
//     save(net, "small.safetensors", dtype::bf16);
//     load(net, "digits.safetensors");
//     load(net, "state_dict.safetensors", {.layout = weight_layout::pytorch});
//     load(shared, "digits.safetensors");                    weights_of<digits>, for many models: weights_of.hpp
//
// save   dtype::f32, f64, f16, bf16 or i8; conversions as in element_conversion.hpp: to nearest, ties to even. i8 is
//        the plain number, rounded and cut at -128 and 127, without a scale: for weights that are whole numbers.
//        Written crash-safe; the same values give the same bytes. The metadata says "format": "tessera".
// load   any type that element_conversion.hpp reads, converted. Every parameter and state must be there with its
//        shape; further tensors, of whatever type, only with allow_surplus. A model and a file that do not fit leave
//        the model as it was. `layout` says whose order of axes the file has, where it does not say so itself: see
//        weight_layout.hpp and pytorch_layout.hpp. A PyTorch file's num_batches_tracked are passed over.
// Both are of the network's variables: of a model that streams, the carries are not among them.
//
// Cost    a copy of the values each way.
// Errors  tessera::error naming the file and what is missing, surplus or of another shape; a file that is not ours, or
//         does not say so; a type that cannot be saved; NaN for i8; two variables of one path; what reading and writing
//         files throws.
#pragma once
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tessera/io/bound_tensor.hpp>
#include <tessera/io/element_conversion.hpp>
#include <tessera/io/pytorch_layout.hpp>
#include <tessera/io/safetensors/read_safetensors.hpp>
#include <tessera/io/safetensors/write_safetensors.hpp>
#include <tessera/io/tensor_match.hpp>
#include <tessera/io/weight_layout.hpp>
#include <tessera/model.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tessera {

struct load_options {
    bool allow_surplus = false;  // tensors that the model has no use for
    weight_layout layout = weight_layout::as_stated;
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

// where a PyTorch file has the variables of a network, in the order of variables_of
template <class Net> std::vector<pytorch::tensor_part> pytorch_parts(const tensor_file& file) {
    const auto& table = Net::table;
    const auto of = [](const auto& list, int count) { return std::span(&list[0], static_cast<std::size_t>(count)); };
    const pytorch::network_view net{of(table.nodes, table.node_count), table.view(),
                                    of(table.scopes, table.scope_count), std::string(table.layer.view())};
    const pytorch::state_dict source(net, file);
    std::vector<pytorch::tensor_part> parts;
    const auto add = [&](std::span<const variable_info> list) {
        for (const variable_info& v : list)
            if (!v.carried)
                parts.push_back(source.part_of(
                    {v.scope, std::string(v.name.view()), {v.shape.size_of, v.shape.size_of + v.shape.rank}}));
    };
    add(of(table.parameters, table.parameter_count));
    add(of(table.states, table.state_count));
    return parts;
}

template <class Model> void load_pytorch(Model& model, const tensor_file& file, bool allow_surplus) {
    change_of_parameters change(model);
    const auto variables = bind_network<typename Model::network_type>(change.parameters(), model.states());
    const std::vector<pytorch::tensor_part> parts = pytorch_parts<typename Model::network_type>(file);
    tensor_match match(file);
    std::set<std::string> asked;  // several variables may share a tensor
    for (const pytorch::tensor_part& p : parts)
        if (asked.insert(p.name).second) match.expect(p.name, p.shape);
    match.check([&](std::string_view name) { return allow_surplus || pytorch::is_counter(name); });
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const tensor_entry& entry = file.at(parts[i].name);
        std::vector<std::remove_cvref_t<decltype(variables[i].values[0])>> whole(entry.size());
        copy_as_float(entry, std::span(whole));
        pytorch::copy_part(std::span(std::as_const(whole)), parts[i], variables[i].values);
    }
}

}  // namespace detail

template <class Model>
    requires requires { typename Model::network_type; }
void save(const Model& model, const std::filesystem::path& path, dtype type = dtype::f32) {
    detail::encoded_tensors tensors;
    tensors.add(detail::variables_of(model), type);
    write_safetensors(path, tensors.entries(), detail::own_metadata());
}

template <class Model>
    requires requires { typename Model::network_type; }
void load(Model& model, const std::filesystem::path& path, load_options options = {}) {
    static_assert(detail::owns_parameters<Model>,
                  "tessera: load: a model that borrows does not write its parameters; load into the weights");
    if constexpr (detail::owns_parameters<Model>) {
        const tensor_file file = read_safetensors(path);
        detail::require_layout(file, options.layout);
        if (options.layout == weight_layout::pytorch) return detail::load_pytorch(model, file, options.allow_surplus);
        detail::change_of_parameters change(model);
        const auto variables = detail::bind_network<typename Model::network_type>(change.parameters(), model.states());
        detail::tensor_match match(file);
        for (const auto& v : variables) match.expect(v.name, v.shape);
        match.check([&](std::string_view) { return options.allow_surplus; });
        detail::copy_values(file, variables);
    }
}

}  // namespace tessera
