// print: a traced graph as C++ on values, to be pasted into a test, and a recipe as the numbers that it is made of.
#pragma once
#include <sstream>
#include <string>
#include <tessera/ir/operations.hpp>

#include "../nodes.hpp"
#include "recipe.hpp"

namespace tessera::random_networks {

using namespace detail;

class printer {
  public:
    explicit printer(const graph& g) : g_(g) {}

    std::string print() {
        find_needed();
        out_.precision(17);
        out_ << "inline constexpr auto shrunk = [](const values& x) {\n    graph& g = *x[0].owner;\n    (void)g;\n";
        for (int i = 0; i < static_cast<int>(g_.nodes.size()); ++i)
            if (needed_[at(i)]) line(i);
        out_ << "    return values{";
        for (std::size_t i = 0; i < g_.outputs.size(); ++i) out_ << (i > 0 ? ", " : "") << name(g_.outputs[i]);
        out_ << "};\n};\nstruct shrunk_network : network<shrunk";
        for (const input_info& in : g_.inputs) {
            out_ << ", in<\"" << in.name.view() << "\", shape<";
            for (int a = 0; a < in.shape.rank; ++a) out_ << (a > 0 ? ", " : "") << in.shape.size_of[a];
            out_ << ">" << (in.type == element::real ? "" : ", int32") << ">";
        }
        out_ << "> {};\n";
        return out_.str();
    }

  private:
    static std::size_t at(int i) { return static_cast<std::size_t>(i); }
    const node& of(int i) const { return g_.nodes[at(i)]; }

    void find_needed() {
        needed_.assign(g_.nodes.size(), false);
        for (int o : g_.outputs) needed_[at(o)] = true;
        for (int l : g_.losses) needed_[at(l)] = true;
        for (int i = static_cast<int>(g_.nodes.size()) - 1; i >= 0; --i) {
            const op k = of(i).kind;
            if (k == op::store || k == op::loop || k == op::loop_end || k == op::next) needed_[at(i)] = true;
            if (needed_[at(i)])
                for (int a : arguments_of(g_, of(i))) needed_[at(a)] = true;
        }
    }

    std::string name(int i) const {
        const node& n = of(i);
        if (n.kind == op::input) return "x[" + std::to_string(n.slot) + "]";
        return "v" + std::to_string(i);
    }
    std::string arg(int i, int k) const { return name(g_.argument(i, k)); }
    static std::string list(const extents& e) {
        std::string s = "{";
        for (int a = 0; a < e.rank; ++a) s += (a > 0 ? ", " : "") + std::to_string(e.size_of[a]);
        return s + "}";
    }
    static std::string list(const int* n, int count) {
        std::string s = "{";
        for (int a = 0; a < count; ++a) s += (a > 0 ? ", " : "") + std::to_string(n[a]);
        return s + "}";
    }
    static std::string view(const window& w) {
        return "{" + list(w.kernel, 3) + ", " + list(w.stride, 3) + ", " + list(w.dilation, 3) + ", " +
               list(w.before, 3) + ", " + list(w.after, 3) + "}";
    }
    static std::string number(double x) {
        std::ostringstream s;
        s.precision(17);
        s << x;
        return s.str();
    }
    static std::string flag(bool set) { return set ? "true" : "false"; }
    std::string over_batch(const node& n) const { return flag(g_.view().sums_batch(n)); }
    static const char* enumerator(scalar_function f) {
        constexpr const char* names[] = {"identity",       "stop_gradient", "negate",      "absolute",
                                         "sign",           "square",        "square_root", "reciprocal_root",
                                         "reciprocal",     "exponential",   "logarithm",   "log_one_plus",
                                         "sine",           "cosine",        "tangent_h",   "sigmoid",
                                         "error_function", "relu",          "positive",    "floor",
                                         "round",          "arc_sine",      "arc_cosine",  "add",
                                         "subtract",       "multiply",      "divide",      "minimum",
                                         "maximum",        "power",         "arc_tangent", "less",
                                         "equal",          "below",         "masked",      "straight_through",
                                         "select",         "normalise"};
        return names[static_cast<int>(f)];
    }

    void line(int i) {
        const node& n = of(i);
        if (n.kind == op::input) return;
        const std::string text = expression(i);
        const bool has_value = n.kind != op::loop && n.kind != op::loop_end && n.kind != op::store;
        out_ << "    " << (has_value ? "const value " + name(i) + " = " : "") << text << ";  // "
             << n.shape.describe().view() << (n.batched ? " a sample" : "") << "\n";
    }
    std::string expression(int i) const {
        const node& n = of(i);
        const std::string kind = "op::" + std::string(name_of(n.kind));
        switch (n.kind) {
            case op::parameter:
                return "parameter(\"" + name(i) + "\", " + list(n.shape) + ", initial::normal(0.5)).with(x[0])";
            case op::state:
                return "state(\"" + name(i) + "\", " + list(n.shape) + ", " +
                       number(g_.states[at(n.slot)].start.scale) + ").with(x[0])";
            case op::constant: {
                if (is_number(n)) return "constant(g, " + number(g_.number(n)) + ")";
                std::string s = "constant({";
                for (int k = 0; k < n.shape.size(); ++k) s += (k > 0 ? ", " : "") + number(g_.view().number(n, k));
                return s + "}, " + list(n.shape) + ").in(g)";
            }
            case op::pointwise: return pointwise(i);
            case op::einsum: {
                const auto own = g_.attributes<einsum_attributes>(n);
                const auto labels = [&](int k) { return std::string(own.of(k)); };
                return "einsum(\"" + labels(0) + "," + labels(1) + "->" + labels(2) + "\", " + arg(i, 0) + ", " +
                       arg(i, 1) + ")";
            }
            case op::sum:
            case op::maximum: {
                const auto own = g_.attributes<reduce_attributes>(n);
                return "reduce(" + kind + ", " + arg(i, 0) + ", " + std::to_string(own.axes) + "u, {" + over_batch(n) +
                       ", " + flag(own.divides_by_count) + ", " + number(own.factor) + "})";
            }
            case op::softmax:
            case op::log_softmax: return "softmax_over_last(" + kind + ", " + arg(i, 0) + ")";
            case op::attention: {
                const auto own = g_.attributes<attention_attributes>(n);
                return "attend(" + arg(i, 0) + ", " + arg(i, 1) + ", " + arg(i, 2) + ", {" + number(own.scale) + ", " +
                       flag(own.causal) + ", " + number(own.cap) + "}" +
                       (n.argument_count > 3 ? ", " + arg(i, 3) : "") + ")";
            }
            case op::convolution:
            case op::convolution_backward_data:
            case op::convolution_backward_filter: {
                const auto own = g_.attributes<convolution_attributes>(n);
                return "convolve(" + kind + ", " + arg(i, 0) + ", " + arg(i, 1) + ", " + view(own.view) + ", " +
                       std::to_string(own.groups) + ", " + list(n.shape) + ", " + over_batch(n) + ")";
            }
            case op::max_pool:
            case op::average_pool: {
                const auto own = g_.attributes<pooling_attributes>(n);
                return "pool_windows(" + kind + ", " + arg(i, 0) + ", " + view(own.view) + ", padding_counts{" +
                       flag(own.counted == padding_counts::yes) + "})";
            }
            case op::resample: {
                const auto own = g_.attributes<resample_attributes>(n);
                return "resample(" + arg(i, 0) + ", " + std::to_string(own.axis) + ", " +
                       std::to_string(n.shape.size_of[own.axis]) + ", resampling{" +
                       std::to_string(static_cast<int>(own.kind)) + "}, " + flag(own.transposed) + ")";
            }
            case op::sample:
                return "sample(" + arg(i, 0) + ", " + arg(i, 1) + ", around{" +
                       std::to_string(static_cast<int>(g_.attributes<sample_attributes>(n).image)) + "})";
            case op::reshape: return "reshape(" + arg(i, 0) + ", " + list(n.shape) + ")";
            case op::relayout: {
                const auto own = g_.attributes<relayout_attributes>(n);
                return "relayout(" + arg(i, 0) + ", " + list(own.order, n.shape.rank) + ", " +
                       std::to_string(own.multiple) + ")";
            }
            case op::permute:
                return "permute(" + arg(i, 0) + ", " + list(g_.attributes<permute_attributes>(n).order, n.shape.rank) +
                       ")";
            case op::slice:
            case op::pad: {
                const auto own = g_.attributes<slice_attributes>(n);
                const extents& read = of(g_.argument(i, 0)).shape;
                const extents& smaller = n.kind == op::slice ? n.shape : read;
                const extents& larger = n.kind == op::slice ? read : n.shape;
                return "place_box(" + kind + ", " + arg(i, 0) + ", {" + list(own.first, n.shape.rank) + ", " +
                       list(smaller) + ", " + list(own.step, n.shape.rank) + "}, " + list(larger) + ", " +
                       number(own.fill) + ")";
            }
            case op::unfold: return "unfold(" + arg(i, 0) + ", " + view(g_.attributes<unfold_attributes>(n).view) + ")";
            case op::concatenate: {
                std::string s = "concatenate({";
                for (int k = 0; k < n.argument_count; ++k) s += (k > 0 ? ", " : "") + arg(i, k);
                return s + "}, " + std::to_string(g_.attributes<concatenate_attributes>(n).axis) + ")";
            }
            case op::cast: return "cast<" + std::string(name_of(n.type)) + ">(" + arg(i, 0) + ")";
            case op::gather: return "gather(" + arg(i, 0) + ", " + arg(i, 1) + ")";
            case op::top_k: return "top_k_of_last(" + arg(i, 0) + ", " + std::to_string(n.shape[-1]) + ").values";
            case op::result:
                return "result_of(" + arg(i, 0) + ", " + std::to_string(n.slot) + ", " + list(n.shape) +
                       ", element::" + std::string(name_of(n.type)) + ")";
            case op::convert: {
                const auto own = g_.attributes<convert_attributes>(n);
                return "converted(" + arg(i, 0) + ", element::" + std::string(name_of(n.type)) + ", {" +
                       number(own.scale) + ", " + std::to_string(own.zero) + ", 0})";
            }
            case op::unpack_bits:
                return "unpacked({}, " + arg(i, 0) + ", element::" + std::string(name_of(n.type)) + ")";
            case op::sign_bits: return "sign_bits(" + arg(i, 0) + ")";
            case op::row_product:
                return "row_product({}, " + arg(i, 0) + ", " + arg(i, 1) + ", " +
                       (g_.attributes<row_product_attributes>(n).bits > 0 ? "true)" : "false)");
            case op::to_index:
                return "to_index(" + arg(i, 0) + ", " + std::to_string(g_.attributes<to_index_attributes>(n).count) +
                       ")";
            case op::integer: {
                const auto own = g_.attributes<integer_attributes>(n);
                if (own.function == integer_function::identity)
                    return "broadcast_to(" + arg(i, 0) + ", " + list(n.shape) + ", " + (n.batched ? "true" : "false") +
                           ")";
                const std::string a =
                    own.where == number_at::left ? "constant(g, " + std::to_string(own.number) + ")" : arg(i, 0);
                const std::string b = own.where == number_at::right ? "constant(g, " + std::to_string(own.number) + ")"
                                                                    : arg(i, n.argument_count - 1);
                return "integer_arithmetic(integer_function::" + std::string(name_of(own.function)) + ", " + a + ", " +
                       b + ")";
            }
            case op::take_along:
            case op::add_along: {
                const auto own = g_.attributes<take_along_attributes>(n);
                const std::string list_of = ", {" + std::to_string(own.axis) + ", " + std::to_string(own.ignores) +
                                            ", " + std::to_string(own.ignored) + "}";
                if (n.kind == op::take_along) return "take_along(" + arg(i, 0) + ", " + arg(i, 1) + list_of + ")";
                return "add_along(" + arg(i, 0) + ", " + arg(i, 1) + ", " + list(n.shape) + list_of +
                       (n.argument_count > 2 ? ", " + arg(i, 2) : std::string()) + ")";
            }
            case op::one_hot: {
                const auto own = g_.attributes<one_hot_attributes>(n);
                return "one_hot(" + arg(i, 0) + ", " + std::to_string(n.shape[-1]) +
                       (own.ignores != 0 ? ", " + std::to_string(own.ignored) : std::string()) + ")";
            }
            case op::random:
                return "random_like(broadcast_to(constant(g, 0), " + list(n.shape) + ", true), random_kind{" +
                       std::to_string(static_cast<int>(g_.attributes<random_attributes>(n).kind)) + "})";
            case op::store: return "update(" + name(g_.state_ids[at(n.slot)]) + ", " + arg(i, 0) + ")";
            case op::loop: {
                const auto own = g_.attributes<loop_attributes>(n);
                return "loops::begin(g, " + std::to_string(own.length) + ", " + flag(own.reversed) + ", loops::walk{" +
                       flag(own.repeats) + "})";
            }
            case op::loop_end: return "loops::end(g)";
            case op::carry: return "loops::carry(" + arg(i, 0) + ")";
            case op::item: return "loops::item(" + arg(i, 0) + ")";
            case op::next: return "loops::next(" + arg(i, 0) + ", " + arg(i, 1) + ")";
            case op::stack: return "loops::stack(" + arg(i, 0) + ", " + std::to_string(n.shape[0]) + ")";
            case op::total:  // of a loop that is as long as its rows need
                return "loops::total(" + arg(i, 0) + ", " + std::to_string(n.shape[0] * summation::longest_run) + ")";
            default: return kind;
        }
    }
    std::string pointwise(int i) const {
        const node& n = of(i);
        if (n.function == scalar_function::identity)
            return "broadcast_to(" + arg(i, 0) + ", " + list(n.shape) + ", " + (n.batched ? "true" : "false") + ")";
        std::string s = std::string("pointwise(scalar_function::") + enumerator(n.function) + ", {";
        for (int k = 0; k < n.argument_count; ++k) s += (k > 0 ? ", " : "") + arg(i, k);
        return s + "})";
    }

    const graph& g_;
    std::vector<bool> needed_;
    std::ostringstream out_;
};

inline std::string printed(const graph& g) { return printer(g).print(); }

inline std::string printed(const recipe& r) {
    std::ostringstream s;
    s << "recipe{" << (r.temporal ? "true" : "false") << ", " << r.input_count << ", {";
    for (int i = 0; i < r.input_count; ++i) {
        const input_recipe& in = r.inputs[i];
        s << (i > 0 ? ", " : "") << "{" << (in.whole_numbers ? "true" : "false") << ", " << in.rank << ", {";
        for (int a = 0; a < 4; ++a) s << (a > 0 ? ", " : "") << in.size_of[a];
        s << "}}";
    }
    s << "}, " << r.step_count << ", {";
    for (int k = 0; k < r.step_count; ++k) {
        s << (k > 0 ? ", " : "") << "{" << (r.steps[k].dropped ? "true" : "false") << ", {";
        for (int n = 0; n < step_recipe::length; ++n) s << (n > 0 ? ", " : "") << r.steps[k].numbers[n];
        s << "}}";
    }
    s << "}, " << r.output_count << ", {";
    for (int i = 0; i < r.output_count; ++i) s << (i > 0 ? ", " : "") << r.outputs[i];
    s << "}}";
    return s.str();
}

}  // namespace tessera::random_networks
