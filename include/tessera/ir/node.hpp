// node: one operation of a network's graph, a plain struct in an array. Every node has one result; its shape
// is that of one sample, and `batched` tells whether there is one such value a sample or one for all.
#pragma once
#include <tessera/ir/element.hpp>
#include <tessera/ir/extents.hpp>
#include <tessera/ir/scalar_function.hpp>
#include <tessera/ir/window.hpp>

namespace tessera {

enum class op : std::uint8_t {
    // sources
    input,
    parameter,
    state,
    constant,
    inverse_count,
    // arithmetic
    pointwise,
    einsum,
    sum,
    maximum,
    softmax,
    log_softmax,
    attention,
    attention_gradient,
    attention_bias,
    // sliding windows
    convolution,
    convolution_input,
    convolution_weight,
    max_pool,
    max_pool_input,
    average_pool,
    average_pool_input,
    resample,
    // where things are
    reshape,
    permute,
    slice,
    pad,
    concatenate,
    gather,
    scatter_add,
    one_hot,
    // random numbers, and what outlives the call
    random,
    store,
    // a loop over the leading axis of a sequence
    loop,
    carry,
    item,
    next,
    stack,
    total,
    loop_end
};

inline constexpr int max_arguments = 4;

struct node {
    op kind = op::constant;
    scalar_function function = scalar_function::identity;  // pointwise
    element type = element::real;
    bool batched = false;
    extents shape;
    int args[max_arguments] = {-1, -1, -1, -1};

    window view;                    // convolution, pooling
    int groups = 1;                 // convolution
    int list[2 * max_rank] = {};    // per operation: axes, first elements and steps, sizes, flags
    char labels[3][max_rank] = {};  // einsum: the axes of both operands and of the result
    double factor = 0;              // constant: its value; sum: a factor; attention: a scale; pad: what fills
    int scope = 0;                  // the application that made it
    int slot = -1;                  // which input, parameter, state; where a store goes

    constexpr int argument_count() const {
        int n = 0;
        while (n < max_arguments && args[n] >= 0) ++n;
        return n;
    }
    // after other nodes have got new numbers: now[old]
    constexpr void renumber_arguments(const int* now) {
        for (int k = 0; k < max_arguments && args[k] >= 0; ++k) args[k] = now[args[k]];
    }
    constexpr bool operator==(const node&) const = default;
};

// the operands of a node of a list, as most questions about an operation want them
struct node_arguments {
    const node* of[max_arguments] = {};
    constexpr operator const node* const*() const { return of; }
};
constexpr node_arguments arguments_of(const node* nodes, const node& n) {
    node_arguments a;
    for (int k = 0; k < n.argument_count(); ++k) a.of[k] = &nodes[n.args[k]];
    return a;
}

// as many loops may stand inside one another: what a backend counts them with
inline constexpr int max_loop_depth = 8;

// the mark with which the loop begins that ends at `end`
constexpr int loop_begin(const node* nodes, int end) {
    int begin = end - 1;
    for (int depth = 1; depth > 0; --begin)
        depth += (nodes[begin].kind == op::loop_end) - (nodes[begin].kind == op::loop);
    return begin + 1;
}

// how many loops a node stands in
constexpr int loop_depth(const node* nodes, int i) {
    int depth = 0;
    for (int k = 0; k < i; ++k) depth += (nodes[k].kind == op::loop) - (nodes[k].kind == op::loop_end);
    return depth;
}

// by node: the mark of the innermost loop that it stands in, its own marks included; -1 outside
constexpr void find_loops(const node* nodes, int count, int* loop) {
    int open[max_loop_depth + 1] = {-1}, depth = 0;
    for (int i = 0; i < count; ++i) {
        if (nodes[i].kind == op::loop) open[++depth] = i;
        loop[i] = open[depth];
        if (nodes[i].kind == op::loop_end) --depth;
    }
}

constexpr bool is_source(op k) { return k <= op::inverse_count; }

constexpr std::string_view name_of(op k) {
    constexpr std::string_view names[] = {"input",
                                          "parameter",
                                          "state",
                                          "constant",
                                          "inverse_count",
                                          "pointwise",
                                          "einsum",
                                          "sum",
                                          "maximum",
                                          "softmax",
                                          "log_softmax",
                                          "attention",
                                          "attention_gradient",
                                          "attention_bias",
                                          "convolution",
                                          "convolution_input",
                                          "convolution_weight",
                                          "max_pool",
                                          "max_pool_input",
                                          "average_pool",
                                          "average_pool_input",
                                          "resample",
                                          "reshape",
                                          "permute",
                                          "slice",
                                          "pad",
                                          "concatenate",
                                          "gather",
                                          "scatter_add",
                                          "one_hot",
                                          "random",
                                          "store",
                                          "loop",
                                          "carry",
                                          "item",
                                          "next",
                                          "stack",
                                          "total",
                                          "loop_end"};
    return names[static_cast<int>(k)];
}

}  // namespace tessera
