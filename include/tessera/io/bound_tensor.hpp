// bound_tensor: a name, a shape, and the memory where the values are: what a file is written from and read into.
//
// variables_of(model)   the parameters, then the states, by path; those of a const model, and the parameters of a folded
//                       network, for reading
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <tessera/ir/extents.hpp>
#include <tessera/model/state_numbers.hpp>
#include <utility>
#include <vector>

namespace tessera {

template <class Real> struct bound_tensor {
    std::string name;
    std::vector<std::int64_t> shape;
    std::span<Real> values;
    std::span<detail::other_numbers<Real>> others = {};  // in place of values: of a state of another width

    // f(values), whichever they are
    template <class F> void visit(F f) const {
        if (others.data() != nullptr)
            f(others);
        else
            f(values);
    }
};

namespace detail {

// every variable of a table but the carries of a stream, its name after the prefix, its values in a flat buffer of the
// table's layout
template <class Real, class Table, class List>
void bind_variables(std::vector<bound_tensor<Real>>& to, const Table& table, const List& list, int count,
                    std::span<Real> flat, const std::string& prefix) {
    for (int i = 0; i < count; ++i) {
        if (list[i].carried) continue;
        const auto offset = static_cast<std::size_t>(list[i].offset);
        const extents& shape = list[i].shape;
        to.push_back({prefix + std::string(table.path_of(list[i]).view()),
                      {shape.size_of, shape.size_of + shape.rank},
                      flat.subspan(offset, static_cast<std::size_t>(shape.size()))});
        if (is_of_other_width<Real>(list[i])) {
            auto* const first = reinterpret_cast<other_numbers<Real>*>(flat.data() + offset);
            to.back().others = {first, static_cast<std::size_t>(shape.size())};
            to.back().values = {};
        }
    }
}

// one value for each parameter: optimiser slots, averages
template <class Net, class Real>
void bind_like_parameters(std::vector<bound_tensor<Real>>& to, std::span<Real> flat, const std::string& prefix) {
    bind_variables(to, Net::table, Net::table.parameters, Net::table.parameter_count, flat, prefix);
}

template <class Net, class Real>
std::vector<bound_tensor<Real>> bind_network(std::span<Real> parameters, std::span<Real> states) {
    std::vector<bound_tensor<Real>> list;
    bind_like_parameters<Net>(list, parameters, "");
    bind_variables(list, Net::table, Net::table.states, Net::table.state_count, states, "");
    return list;
}

// Model may be const: so are the values then.
template <class Model> auto variables_of(Model& model) {
    using number = typename decltype(model.parameters())::element_type;
    return bind_network<typename Model::network_type, number>(model.parameters(), model.states());
}

}  // namespace detail

}  // namespace tessera
