// pytorch_layout: where a PyTorch state_dict keeps the parameters and states of a network.
//
// Paths are those of the network, so `conv<4, 3> >> relu >> dense<2>` reads what nn.Sequential(Conv2d, ReLU, Linear)
// wrote, and named<"fc">(dense<2>) what a module with an attribute fc did.
//
//   layer                       ours                                     PyTorch's
//   dense                       weight (in, out)                         weight (out, in)
//   conv, depthwise_conv        weight (kernel..., in / groups, out)     weight (out, in / groups, kernel...)
//   conv_transpose              weight (kernel..., out / groups, in)     weight (in, out / groups, kernel...)
//   rnn, gru, lstm              weight_ih (in, gates H), ...             weight_ih_l0 (gates H, in), ..., or of a cell
//                                                                        weight_ih, ...; the gates' order is the same
//   bidirectional               forward.weight_ih, backward.weight_ih    weight_ih_l0, weight_ih_l0_reverse
//   multi_head_attention        query, key, value (D, H, K)              in_proj_weight (3 H K, D), or q_proj_weight,
//                               query_bias, ... (H, K)                   k_proj_weight, v_proj_weight; in_proj_bias
//                               out (H, K, D), out_bias                  out_proj.weight (D, H K), out_proj.bias
//   embedding, norms, prelu     the same
//
// Where an image, or what a convolution or a pooling made of it, is flattened, PyTorch has the channels first: the
// features that a dense layer, a batch_norm, a layer_norm, an rms_norm or a prelu takes from there are brought in our
// order. What a state_dict does not tell is refused: matrices of functions of your own, layer_norm_over several axes,
// and reshapes after which the order of features in PyTorch's program is anybody's guess.
//
// Errors  tessera::error naming the file, the layer and what it does.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <tessera/error/error.hpp>
#include <tessera/io/tensor_part.hpp>
#include <tessera/ir/graph.hpp>
#include <utility>
#include <vector>

namespace tessera::pytorch {

using detail::permuted_part;
using detail::tensor_part;

// What the conversion looks at of a traced network.
struct network_view {
    std::span<const detail::node> nodes;
    detail::graph_view graph;
    std::span<const detail::scope> scopes;
    std::string whole;  // how the expression as a whole is written

    std::string path_of(int s) const {
        if (s <= 0) return {};
        const detail::scope& own = scopes[static_cast<std::size_t>(s)];
        const std::string above = path_of(own.parent);
        return above + (above.empty() ? "" : ".") + std::string(own.name.view());
    }
    // "conv" of conv<16, 5>; empty for a function
    std::string layer_of(int s) const {
        const std::string written = s == 0 ? whole : std::string(scopes[static_cast<std::size_t>(s)].layer.view());
        return written.substr(0, written.find('<'));
    }
};

inline bool one_of(std::string_view name, std::initializer_list<std::string_view> list) {
    return std::ranges::find(list, name) != list.end();
}

// The order of the features on the last axis of every value, followed through the network.
class feature_orders {
  public:
    feature_orders(const network_view& net, const std::string& file) : net_(net), file_(file) {
        facts_.resize(net.nodes.size());
        for (std::size_t i = 0; i < facts_.size(); ++i) facts_[i] = {order_of(net.nodes[i]), place_of(net.nodes[i])};
    }

    // How many positions the features that an application takes are flattened from; 1 where they have one order only.
    int positions_taken_by(int s) const {
        order taken = fits_any;
        for (const detail::node& n : net_.nodes)
            for (int k = 0; n.scope == s && k < n.argument_count; ++k)
                if (at(argument(n, k)).scope != s) taken = joined(n, taken, stretched(argument(n, k)));
        return std::max(taken, plain);
    }

    [[noreturn]] void refuse(int s, const std::string& what) const {
        const std::string path = net_.path_of(s), layer = net_.layer_of(s);
        throw error(file_, "a network whose features have one order in PyTorch",
                    (path.empty() ? "the outermost layer" : "'" + path + "'") +
                        (layer.empty() ? "" : " (" + layer + ")") + ", " + what +
                        "; convert the file yourself and load it with weight_layout::tessera");
    }

  private:
    using order = int;  // 0 fits any, 1 plain, else the number of positions that were flattened
    static constexpr order fits_any = 0, plain = 1;
    // Where PyTorch has the channels of a value.
    enum class place { any, first, last, unknown };
    struct facts {
        order features;
        place channels;
    };

    const detail::node& at(int i) const { return net_.nodes[static_cast<std::size_t>(i)]; }
    int argument(const detail::node& n, int k) const { return net_.graph.argument(n, k); }
    const facts& fact_of(int i) const { return facts_[static_cast<std::size_t>(i)]; }

    // of an operand: a single number goes with any order
    order stretched(int i) const {
        const detail::node& n = at(i);
        return n.shape.rank == 0 || n.shape[-1] == 1 || n.type != element::real ? fits_any : fact_of(i).features;
    }
    order joined(const detail::node& n, order a, order b) const {
        if (a == fits_any || a == b) return b;
        if (b == fits_any) return a;
        refuse(n.scope, "which mixes flattened features with others");
    }

    // layers that move features inside in the same way as PyTorch's do
    bool is_known(int s) const {
        return one_of(net_.layer_of(s), {"group_norm",
                                         "instance_norm",
                                         "batch_norm",
                                         "layer_norm",
                                         "layer_norm_over",
                                         "rms_norm",
                                         "pixel_shuffle",
                                         "multi_head_attention",
                                         "rnn",
                                         "gru",
                                         "lstm",
                                         "bidirectional",
                                         "resize_bilinear",
                                         "upsample_nearest",
                                         "upsample_bilinear",
                                         "adaptive_avg_pool",
                                         "adaptive_max_pool",
                                         "global_avg_pool",
                                         "global_max_pool",
                                         "zero_pad",
                                         "reflect_pad",
                                         "replicate_pad",
                                         "circular_pad"});
    }
    bool takes_channels_first(int s) const {
        return one_of(net_.layer_of(s), {"conv", "depthwise_conv", "conv_transpose", "max_pool", "avg_pool",
                                         "adaptive_avg_pool", "adaptive_max_pool", "pixel_shuffle", "resize_bilinear",
                                         "upsample_nearest", "upsample_bilinear"});
    }

    order order_of(const detail::node& n) const {
        if (n.kind == detail::op::input) return plain;
        if (is_source(n.kind) || n.type != element::real) return fits_any;
        if (n.kind == detail::op::reshape && !is_known(n.scope)) return reshaped(n);
        order all = fits_any;
        for (int k = 0; k < n.argument_count; ++k) all = joined(n, all, stretched(argument(n, k)));
        if (all <= plain) return n.kind == detail::op::pointwise || n.kind == detail::op::relayout ? all : plain;
        // a flattened value has one axis
        if (net_.layer_of(n.scope) == "dense" && n.kind == detail::op::einsum) return plain;
        if (n.kind == detail::op::pointwise || n.kind == detail::op::relayout || n.kind == detail::op::softmax ||
            n.kind == detail::op::log_softmax)
            return all;
        if (n.kind == detail::op::sum || n.kind == detail::op::maximum) return fits_any;
        refuse(n.scope, "which takes flattened features");
    }

    order reshaped(const detail::node& n) const {
        const extents &from = at(argument(n, 0)).shape, &to = n.shape;
        const order before = fact_of(argument(n, 0)).features;
        const int was = from.rank == 0 ? 1 : from[-1], is = to.rank == 0 ? 1 : to[-1];
        if (before == fits_any || was == is) return before;
        if (before != plain) refuse(n.scope, "which reshapes flattened features");
        const int most = is > was ? last_axes(from, is) : last_axes(to, was);
        if (most < 0) refuse(n.scope, "which cuts features apart");
        const extents& longer = is > was ? from : to;
        const int channels = longer[-1], positions = longer.product(longer.rank - most, longer.rank - 1);
        if (channels == 1 || positions == 1) return plain;
        if (is < was) refuse(n.scope, "which makes several axes of features");
        switch (fact_of(argument(n, 0)).channels) {
            case place::any:
            case place::last: return plain;
            case place::first:
                if (most == from.rank && to.rank == 1) return positions;
                break;
            case place::unknown: break;
        }
        refuse(n.scope, "which flattens what PyTorch may hold in another order");
    }
    // how many last axes make up that many elements; -1: no number of them
    static int last_axes(const extents& shape, int elements) {
        for (int k = 1; k <= shape.rank; ++k)
            if (shape.product(shape.rank - k, shape.rank) == elements) return k;
        return -1;
    }

    place place_of(const detail::node& n) const {
        if (n.kind == detail::op::input) return n.shape.rank >= 3 ? place::first : place::last;
        if (is_source(n.kind)) return place::any;
        if (takes_channels_first(n.scope) && n.shape.rank >= 2) return place::first;
        if (one_of(net_.layer_of(n.scope), {"batch_norm", "group_norm", "instance_norm"}) && n.shape.rank >= 2)
            return place_of_arguments(n) == place::first ? place::first : place::unknown;
        if (facts_of(n.kind).windowed) return place::first;
        switch (n.kind) {
            case detail::op::resample: return place::first;
            case detail::op::pointwise:
            case detail::op::softmax:
            case detail::op::log_softmax:
            case detail::op::sum:
            case detail::op::maximum:
            case detail::op::relayout:
            case detail::op::pad:
            case detail::op::slice:
            case detail::op::concatenate: return place_of_arguments(n);
            case detail::op::reshape:
            case detail::op::permute: {
                const place before = place_of_arguments(n);
                const bool kept = n.kind == detail::op::reshape && before == place::last;
                return is_known(n.scope) || kept ? before : place::unknown;
            }
            case detail::op::unfold: return place_of_arguments(n) == place::last ? place::last : place::unknown;
            default: return place::last;
        }
    }
    place place_of_arguments(const detail::node& n) const {
        place all = place::any;
        for (int k = 0; k < n.argument_count; ++k) {
            const place one = fact_of(argument(n, k)).channels;
            if (one == place::any || one == all) continue;
            all = all == place::any ? one : place::unknown;
        }
        return all;
    }

    const network_view& net_;
    const std::string& file_;
    std::vector<facts> facts_;
};

// A variable of ours, and the application that it belongs to.
struct variable_view {
    int scope = 0;
    std::string name;
    std::vector<std::int64_t> shape;
};

class state_dict {
  public:
    state_dict(const network_view& net, const std::string& file) : net_(net), orders_(net, file) {}

    // where the file has it, or would have it; has(name) says whether there is a tensor
    template <class Has> tensor_part part_of(const variable_view& v, Has has) const {
        const std::vector<tensor_part> places = places_of(v);
        for (const tensor_part& p : places)
            if (has(p.name)) return p;
        return places.front();
    }

  private:
    std::vector<tensor_part> places_of(const variable_view& v) const {
        const std::string layer = net_.layer_of(v.scope), path = net_.path_of(v.scope);
        const std::string prefix = path.empty() ? "" : path + ".";
        const int rank = static_cast<int>(v.shape.size()), positions = orders_.positions_taken_by(v.scope);
        if (layer == "multi_head_attention" && positions == 1) return attention_part(v, prefix);
        tensor_part part = permuted_part(prefix + v.name, v.shape, axes_of(layer, rank));
        const bool per_feature = rank == 1 && one_of(layer, {"batch_norm", "layer_norm", "rms_norm", "prelu"});
        if (positions > 1 && (per_feature || (layer == "dense" && rank == 2)))
            take_flattened(part, positions);
        else if (positions > 1 && layer != "dense")
            orders_.refuse(v.scope, "which has '" + v.name + "' and takes flattened features");
        const bool known = layer == "embedding" || !axes_of(layer, rank).empty();
        if (rank > 1 && !known) orders_.refuse(v.scope, "whose '" + v.name + "' belongs to no layer of PyTorch's");
        if (!one_of(layer, {"rnn", "gru", "lstm"})) return {part};
        if (const int above = net_.scopes[static_cast<std::size_t>(v.scope)].parent;
            v.scope > 0 && net_.layer_of(above) == "bidirectional") {
            const std::string outer = net_.path_of(above);
            const bool backward = net_.scopes[static_cast<std::size_t>(v.scope)].name.view() == "backward";
            part.name = outer + (outer.empty() ? "" : ".") + v.name + (backward ? "_l0_reverse" : "_l0");
            return {part};
        }
        tensor_part of_cell = part;
        part.name += "_l0";
        return {part, of_cell};
    }

    // PyTorch's axes, by their place in ours; none where they are the same
    static std::vector<int> axes_of(const std::string& layer, int rank) {
        if (rank == 2 && one_of(layer, {"dense", "rnn", "gru", "lstm"})) return {1, 0};
        std::vector<int> axes;
        if (rank < 3 || !one_of(layer, {"conv", "depthwise_conv", "conv_transpose"})) return axes;
        axes = {rank - 1, rank - 2};
        for (int a = 0; a < rank - 2; ++a) axes.push_back(a);
        return axes;
    }

    // our first axis is (positions, channels), PyTorch's the same elements as (channels, positions)
    static void take_flattened(tensor_part& part, std::int64_t positions) {
        const auto [extent, step] = part.axes[0];
        part.axes[0] = {positions, step};
        part.axes.insert(part.axes.begin() + 1, {extent / positions, step * positions});
    }

    static std::vector<tensor_part> attention_part(const variable_view& v, const std::string& prefix) {
        const auto& shape = v.shape;
        if (v.name == "out_bias") return {permuted_part(prefix + "out_proj.bias", shape, {})};
        if (v.name == "out") {
            const std::int64_t inner = shape[0] * shape[1];
            return {{prefix + "out_proj.weight",
                     {shape[2], inner},
                     0,
                     {{shape[0], shape[1]}, {shape[1], 1}, {shape[2], inner}}}};
        }
        const std::int64_t which = v.name[0] == 'q' ? 0 : v.name[0] == 'k' ? 1 : 2;
        if (v.name.ends_with("_bias")) {
            const std::int64_t inner = shape[0] * shape[1];
            return {{prefix + "in_proj_bias", {3 * inner}, which * inner, {{shape[0], shape[1]}, {shape[1], 1}}}};
        }
        const std::int64_t features = shape[0], inner = shape[1] * shape[2];
        tensor_part packed{prefix + "in_proj_weight",
                           {3 * inner, features},
                           which * inner * features,
                           {{features, 1}, {shape[1], shape[2] * features}, {shape[2], features}}};
        tensor_part alone = packed;
        alone.name = prefix + v.name.substr(0, 1) + "_proj_weight";
        alone.shape[0] = inner;
        alone.first = 0;
        return {packed, alone};
    }

    const network_view& net_;
    feature_orders orders_;
};

// counters of batch norms that choose their momentum by them, which ours do not
inline bool is_counter(std::string_view name) {
    return name == "num_batches_tracked" || name.ends_with(".num_batches_tracked");
}

}  // namespace tessera::pytorch
