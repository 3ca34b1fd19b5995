// mapped_weights<net>: the parameters of a network where a safetensors file has them, for models that borrow.
//
//     save_for_mapping(trained, "net.safetensors");
//     const mapped_weights<net> weights("net.safetensors");          // float; mapped_weights<net, double>
//     model<net, borrowed> classify(weights);                        // any number of them, and of processes
//
// Parameters are not copied: a page of the file is in memory once it is read, and processes share it. States, such as
// running statistics, are copied and converted.
//
// save_for_mapping   a safetensors file as any other, to be loaded too, whose parameters have the places of
//                    parameters(): in the order of the network, each on a line of 64 bytes, with zeros between, which are
//                    tensors of names that begin with "__padding__.". The numbers have the type of the model.
//
// Lifetime  weights outlive the models that borrow them; moved, the numbers stay where they are. The file may be replaced
//           or removed meanwhile, not written into: see mapped_file.hpp.
// Threads   any number of models, a thread each, may read one mapping.
// Cost      the header, a page of each parameter to see that it is padded by zeros, and the states.
// Errors    tessera::error naming the file and what is missing, surplus or of another shape or type; a file that does not
//           say that it is ours; parameters that are not where parameters() has them. Such a file is for load.
//           Compile time: a machine whose numbers do not have the order of the file, little-endian.
#pragma once
#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <filesystem>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <tessera/io/mapped_file.hpp>
#include <tessera/io/model_file.hpp>
#include <tessera/model/variable_called.hpp>
#include <utility>
#include <vector>

namespace tessera {

namespace detail {

inline constexpr std::size_t line_of_memory = 64;

struct mapped_parameter {
    std::string name;
    std::size_t offset, size;  // in elements, of the flat buffer
};

// in the order of the buffer
template <class Net> std::vector<mapped_parameter> parameters_in_order() {
    std::vector<mapped_parameter> list;
    for (int i = 0; i < Net::table.parameter_count; ++i) {
        const variable_info& v = Net::table.parameters[i];
        list.push_back({std::string(Net::table.path_of(v).view()), static_cast<std::size_t>(v.offset),
                        static_cast<std::size_t>(v.shape.size())});
    }
    std::ranges::sort(list, {}, &mapped_parameter::offset);
    return list;
}

// Where the flat buffer of so many elements of a size begins in a file that was found to have the tensors.
inline std::size_t place_of_parameters(const tensor_file& file, std::span<const std::byte> bytes,
                                       const std::vector<mapped_parameter>& parameters, std::size_t elements,
                                       std::size_t each) {
    const std::string hint = ", as save_for_mapping writes it (load takes a file of any order)";
    const auto place = [&](const mapped_parameter& p) {
        return static_cast<std::size_t>(file.at(p.name).bytes.data() - bytes.data());
    };
    const std::size_t begin = place(parameters.front());
    if (begin % line_of_memory != 0)
        throw error(tensor_place(file.name(), parameters.front().name),
                    "data from a multiple of 64 bytes of the file on" + hint, "byte " + std::to_string(begin));
    for (const mapped_parameter& p : parameters)
        if (const std::size_t wanted = begin + p.offset * each; place(p) != wanted)
            throw error(tensor_place(file.name(), p.name), "data from byte " + std::to_string(wanted) + " on" + hint,
                        "byte " + std::to_string(place(p)));
    if (elements * each > bytes.size() - begin)
        throw error(file.name(), std::to_string(elements * each) + " bytes of parameters" + hint,
                    std::to_string(bytes.size() - begin) + " bytes to the end of the file");
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const std::size_t from = parameters[i].offset + parameters[i].size;
        const std::size_t to = i + 1 < parameters.size() ? parameters[i + 1].offset : elements;
        const auto gap = bytes.subspan(begin + from * each, (to - from) * each);
        const auto other = std::ranges::find_if(gap, [](std::byte b) { return b != std::byte{0}; });
        if (other != gap.end())
            throw error(tensor_place(file.name(), parameters[i].name), "zeros behind it" + hint,
                        "another at byte " +
                            std::to_string(begin + from * each + static_cast<std::size_t>(other - gap.begin())));
    }
    return begin;
}

}  // namespace detail

template <class Model>
    requires requires { typename Model::network_type; }
void save_for_mapping(const Model& model, const std::filesystem::path& path) {
    using net = typename Model::network_type;
    using number = typename Model::real_type;
    constexpr dtype type = detail::exact_dtype<number>;
    const auto variables = detail::variables_of(model);
    const auto parameters = detail::parameters_in_order<net>();
    detail::encoded_tensors tensors;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const auto& p = parameters[i];
        const auto& v = *std::ranges::find(variables, p.name, [](const auto& b) { return b.name; });
        const std::span<const number> values = v.values;
        tensors.add(v.name, v.shape, type, detail::encode_floats(values, type));
        const std::size_t next =
            i + 1 < parameters.size() ? parameters[i + 1].offset : static_cast<std::size_t>(net::parameter_elements);
        const std::size_t gap = (next - p.offset - p.size) * sizeof(number);
        if (gap > 0)
            tensors.add(std::string(detail::padding_prefix) + std::to_string(i), {static_cast<std::int64_t>(gap)},
                        dtype::u8, std::vector<std::byte>(gap));
    }
    for (std::size_t i = parameters.size(); i < variables.size(); ++i) {
        variables[i].visit([&]<class Number>(std::span<Number> of_tensor) {
            constexpr dtype as = detail::exact_dtype<std::remove_const_t<Number>>;
            const std::span<const std::remove_const_t<Number>> values = of_tensor;
            tensors.add(variables[i].name, variables[i].shape, as, detail::encode_floats(values, as));
        });
    }
    write_safetensors(path, tensors.entries(), detail::own_metadata(), detail::line_of_memory);
}

template <a_network Net, std::floating_point Real = float> class mapped_weights {
    static_assert(std::endian::native == std::endian::little,
                  "tessera: mapped_weights: a file has little-endian numbers; this machine has others, so load it");

  public:
    using network_type = Net;
    using real_type = Real;
    static constexpr bool borrows = true;

    explicit mapped_weights(const std::filesystem::path& path)
        : file_(path), states_(static_cast<std::size_t>(Net::state_elements)) {
        const tensor_file file = parse_safetensors_in_place(file_.bytes(), path.string());
        detail::require_layout(file, weight_layout::as_stated);
        std::vector<bound_tensor<Real>> states;
        detail::bind_variables(states, Net::table, Net::table.states, Net::table.state_count, std::span(states_), "");
        detail::tensor_match match(file);
        for (int i = 0; i < Net::table.parameter_count; ++i) {
            const detail::variable_info& v = Net::table.parameters[i];
            const std::vector<std::int64_t> shape(v.shape.size_of, v.shape.size_of + v.shape.rank);
            match.expect(std::string(Net::table.path_of(v).view()), shape, detail::exact_dtype<Real>);
        }
        for (const auto& s : states) match.expect(s.name, s.shape);
        match.check([](std::string_view name) { return detail::is_padding(name); });
        constexpr auto elements = static_cast<std::size_t>(Net::parameter_elements);
        if constexpr (elements > 0) {
            const std::size_t begin = detail::place_of_parameters(
                file, file_.bytes(), detail::parameters_in_order<Net>(), elements, sizeof(Real));
            parameters_ = {reinterpret_cast<const Real*>(file_.bytes().data() + begin), elements};
        }
        detail::copy_values(file, states);
    }

    // those of the file, on a 64-byte boundary
    std::span<const Real> parameters() const noexcept { return parameters_; }
    std::span<const Real> states() const noexcept { return states_; }
    // one parameter by its path; one that is not there stops the program
    std::span<const Real> parameter(std::string_view path) const noexcept {
        constexpr const auto& table = Net::table;
        return detail::variable_called("parameter", path, table, table.parameters, table.parameter_count, parameters());
    }

  private:
    detail::mapped_file file_;
    std::span<const Real> parameters_;
    std::vector<Real> states_;
};

}  // namespace tessera
