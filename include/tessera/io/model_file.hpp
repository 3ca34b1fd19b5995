// save, load: the parameters and states of a model as a safetensors file, each under its path.
//
//     save(net, "digits.safetensors");                       32-bit floats
//     save(net, "small.safetensors", dtype::bf16);
//     load(net, "digits.safetensors");
//     load(net, "state_dict.safetensors", {.layout = weight_layout::pytorch});
//     load(net, "other.safetensors", {.layout = weight_layout::pytorch, .map = {{"encoder.*", "stem.*"}}});
//     load(net, "whole.safetensors", {.from = "backbone", .to = "stages.0"});     a part of the file, a part of the model
//     load(shared, "digits.safetensors");                    weights_of<digits>, for many models: weights_of.hpp
//
// save   dtype::f32, f64, f16, bf16 or i8; conversions as in element_conversion.hpp: to nearest, ties to even. i8 is
//        the plain number, rounded and cut at -128 and 127, without a scale: for weights that are whole numbers.
//        Written crash-safe; the same values give the same bytes. The metadata says "format": "tessera".
// load   any type that element_conversion.hpp reads, converted. Every parameter and state must be there with its
//        shape; further tensors, of whatever type, only with allow_surplus. A model and a file that do not fit leave
//        the model as it was. `layout` says whose order of axes the file has, where it does not say so itself: see
//        weight_layout.hpp and pytorch_layout.hpp. A PyTorch file's num_batches_tracked are passed over. `map` says what
//        the file calls a variable, where not by its path, and in which order it has the axes; `from` and `to`, which
//        part of the file is for which part of the model: name_rule.hpp. Names in rules are the file's or the layout's:
//        with PyTorch's, those of pytorch_layout.hpp. The padding of a file for mapping is passed over.
// Both are of the network's variables: of a model that streams, the carries are not among them.
//
// Cost    a copy of the values each way.
// Errors  tessera::error naming the file and all that is missing, surplus or of another shape; a rule without sense, or
//         that no variable has; a part that the model has not; a file that is not ours, or does not say so; a type
//         that cannot be saved; NaN for i8; two variables of one path; what reading and writing files throws.
#pragma once
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tessera/io/bound_tensor.hpp>
#include <tessera/io/element_conversion.hpp>
#include <tessera/io/name_rule.hpp>
#include <tessera/io/pytorch_layout.hpp>
#include <tessera/io/safetensors/read_safetensors.hpp>
#include <tessera/io/safetensors/write_safetensors.hpp>
#include <tessera/io/tensor_match.hpp>
#include <tessera/io/tensor_part.hpp>
#include <tessera/io/weight_layout.hpp>
#include <tessera/model.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tessera {

struct load_options {
    bool allow_surplus = false;  // tensors that the model has no use for
    weight_layout layout = weight_layout::as_stated;
    std::vector<name_rule> map{};  // what the file calls differently; see name_rule.hpp
    std::string from{}, to{};      // the part of the file and the part of the model: all below a path; empty: the whole
};

namespace detail {

// Names, shapes and encoded values of a list; the entries view the bytes.
class encoded_tensors {
  public:
    template <class Real> void add(const std::vector<bound_tensor<Real>>& list, dtype type) {
        for (const bound_tensor<Real>& t : list) {
            t.visit([&]<class Number>(std::span<Number> of_tensor) {
                const std::span<const std::remove_const_t<Number>> values = of_tensor;
                const dtype as = t.others.data() == nullptr ? type : exact_dtype<std::remove_const_t<Number>>;
                add(t.name, t.shape, as, encode_floats(values, as));
            });
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

// of tensors of zeros between those of a file for mapping: mapped_weights.hpp
inline constexpr std::string_view padding_prefix = "__padding__.";
inline bool is_padding(std::string_view name) { return name.starts_with(padding_prefix); }

template <class Real> void copy_values(const tensor_file& file, const std::vector<bound_tensor<Real>>& to) {
    for (const bound_tensor<Real>& t : to) t.visit([&](auto values) { copy_as_float(file.at(t.name), values); });
}

// where a file in PyTorch's layout has the variables of a network, in the order of variables_of; of those that are not
// wanted, nothing
template <class Net>
std::vector<tensor_part> pytorch_parts(const tensor_file& file, const file_names& names = file_names()) {
    const auto& table = Net::table;
    const auto of = [](const auto& list, int count) { return std::span(&list[0], static_cast<std::size_t>(count)); };
    const pytorch::network_view net{of(table.nodes, table.node_count), table.view(),
                                    of(table.scopes, table.scope_count), std::string(table.layer.view())};
    const pytorch::state_dict source(net, file.name());
    std::vector<tensor_part> parts;
    const auto add = [&](std::span<const variable_info> list) {
        for (const variable_info& v : list) {
            if (v.carried) continue;
            parts.emplace_back();
            if (names.wants(table.path_of(v).view()))
                parts.back() = source.part_of(
                    {v.scope, std::string(v.name.view()), {v.shape.size_of, v.shape.size_of + v.shape.rank}},
                    [&](const std::string& name) { return names.wants(name) && file.find(names.of(name).name); });
        }
    };
    add(of(table.parameters, table.parameter_count));
    add(of(table.states, table.state_count));
    return parts;
}

// Reads variables from the parts of a file; nothing where not all of it fits.
template <class Real>
void load_parts(const tensor_file& file, const std::vector<bound_tensor<Real>>& variables,
                const std::vector<tensor_part>& parts, const file_names& names, const load_options& options) {
    struct source {
        std::size_t variable;
        file_names::place place;
        tensor_part in_file;  // the layout's tensor in the file's
    };
    std::vector<source> sources;
    std::set<std::size_t> used;
    std::set<std::pair<std::string, std::vector<std::int64_t>>> asked;  // several variables may share a tensor
    tensor_match match(file);
    for (std::size_t i = 0; i < variables.size(); ++i) {
        if (!names.wants(variables[i].name)) continue;
        const tensor_part& part = parts[i];
        if (!names.wants(part.name))
            throw error(file.name(), "a part of the model that has tensors of its own",
                        in_quotes(variables[i].name) + ", which is in " + in_quotes(part.name));
        source s{i, names.of(part.name), {}};
        if (s.place.rule) used.insert(*s.place.rule);
        const std::string note =
            s.place.name == part.name ? std::string() : " (for " + in_quotes(variables[i].name) + ")";
        if (!s.place.axes.empty() && s.place.axes.size() != part.shape.size()) {
            match.add_unfit(in_quotes(variables[i].name) + " " + shape_text(part.shape) + " for " +
                            std::to_string(s.place.axes.size()) + " axes of a rule");
            continue;
        }
        std::vector<int> axes(s.place.axes.size());
        for (std::size_t k = 0; k < axes.size(); ++k)
            axes[static_cast<std::size_t>(s.place.axes[k])] = static_cast<int>(k);
        s.in_file = permuted_part(s.place.name, part.shape, axes);
        if (asked.emplace(s.place.name, s.in_file.shape).second) match.expect(s.place.name, s.in_file.shape, {}, note);
        sources.push_back(std::move(s));
    }
    if (sources.empty() && !options.to.empty())
        throw error(file.name(), "variables below " + in_quotes(options.to) + " in the model", "none");
    for (std::size_t r = 0; r < names.rules().size(); ++r)
        if (!used.contains(r)) match.add_unfit("no variable of the rule " + rule_text(names.rules()[r]));
    match.check([&](std::string_view name) {
        return options.allow_surplus || !names.reads(name) || is_padding(name) ||
               (options.layout == weight_layout::pytorch && pytorch::is_counter(name));
    });
    for (const source& s : sources) {
        const tensor_entry& entry = file.at(s.place.name);
        variables[s.variable].visit([&]<class Number>(std::span<Number> to) {
            if (s.place.axes.empty() && is_whole(parts[s.variable])) return copy_as_float(entry, to);
            std::vector<Number> whole(entry.size());
            copy_as_float(entry, std::span(whole));
            if (!s.place.axes.empty()) {
                std::vector<Number> in_order(whole.size());
                copy_part(std::span<const Number>(whole), s.in_file, std::span(in_order));
                whole.swap(in_order);
            }
            copy_part(std::span<const Number>(whole), parts[s.variable], to);
        });
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
        const detail::file_names names(options.map, options.from, options.to);
        detail::change_of_parameters change(model);
        const auto variables = detail::bind_network<typename Model::network_type>(change.parameters(), model.states());
        std::vector<detail::tensor_part> parts;
        if (options.layout == weight_layout::pytorch)
            parts = detail::pytorch_parts<typename Model::network_type>(file, names);
        else
            for (const auto& v : variables) parts.push_back(detail::whole_part(v.name, v.shape));
        detail::load_parts(file, variables, parts, names, options);
    }
}

}  // namespace tessera
