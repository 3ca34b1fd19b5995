// operation: what a node may be, and the one table of what passes and backends may ask of each kind.
//
// A new operation is a name in the enumeration, a row of the table and a file of its own in operations/.
#pragma once
#include <cstdint>
#include <string_view>

namespace tessera::detail {

enum class op : std::uint8_t {
    // sources
    input,
    parameter,
    state,
    constant,
    inverse_count,
    // arithmetic
    pointwise,
    with_gradient,
    einsum,
    sum,
    maximum,
    softmax,
    log_softmax,
    cumulative_sum,
    top_k,
    integer,
    to_index,
    convert,
    cast,
    row_product,
    sign_bits,
    unpack_bits,
    attention,
    cached_attention,
    attention_gradient,
    attention_bias,
    // sliding windows
    convolution,
    convolution_backward_data,
    convolution_backward_filter,
    max_pool,
    max_pool_input,
    average_pool,
    average_pool_input,
    resample,
    sample,
    sample_input,
    sample_coordinates,
    // what an operation makes beside its first result
    result,
    // where things are
    reshape,
    permute,
    relayout,
    slice,
    pad,
    unfold,
    concatenate,
    delay_line,
    gather,
    scatter_add,
    take_along,
    add_along,
    one_hot,
    to_real,
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

// as many arguments and results may a node have: a step of a program holds the addresses of all
inline constexpr int max_arguments = 32, max_results = 3;

struct operation_facts {
    op kind;
    std::string_view name;
    int least, most;      // arguments
    int results = 1;      // at most; those after the first are nodes of kind `result`
    bool source = false;  // comes from no other value, and runs nothing
    bool pure = true;     // of equal arguments and attributes the result is equal: two may become one
    bool effect = false;  // runs whether or not its result is read
    bool runs = true;  // a step of its own runs it, as anchor; pointwise nodes are fused, results made with the first
    unsigned indices = 0;      // bit k: argument k is made of whole numbers
    bool any_element = false;  // it moves elements: of which type its other arguments are, the result is
    bool windowed = false;     // a window, with which its attributes begin, slides over the axes of its first argument
};

inline constexpr operation_facts operation_table[] = {
    {.kind = op::input, .name = "input", .least = 0, .most = 0, .source = true, .pure = false, .runs = false},
    {.kind = op::parameter, .name = "parameter", .least = 0, .most = 0, .source = true, .pure = false, .runs = false},
    {.kind = op::state, .name = "state", .least = 0, .most = 0, .source = true, .pure = false, .runs = false},
    {.kind = op::constant, .name = "constant", .least = 0, .most = 0, .source = true, .runs = false},
    {.kind = op::inverse_count, .name = "inverse_count", .least = 0, .most = 0, .source = true, .runs = false},
    {.kind = op::pointwise, .name = "pointwise", .least = 1, .most = 3, .runs = false},
    {.kind = op::with_gradient, .name = "with_gradient", .least = 4, .most = 4},
    {.kind = op::einsum, .name = "einsum", .least = 2, .most = 2},
    {.kind = op::sum, .name = "sum", .least = 1, .most = 1},
    {.kind = op::maximum, .name = "maximum", .least = 1, .most = 1},
    {.kind = op::softmax, .name = "softmax", .least = 1, .most = 1},
    {.kind = op::log_softmax, .name = "log_softmax", .least = 1, .most = 1},
    {.kind = op::cumulative_sum, .name = "cumulative_sum", .least = 1, .most = 1},
    {.kind = op::top_k, .name = "top_k", .least = 1, .most = 1, .results = 2},
    {.kind = op::integer, .name = "integer", .least = 1, .most = 2, .indices = 0b11},
    {.kind = op::to_index, .name = "to_index", .least = 1, .most = 1},
    {.kind = op::convert, .name = "convert", .least = 1, .most = 1, .runs = false},
    {.kind = op::cast, .name = "cast", .least = 1, .most = 1, .indices = 0b1},
    {.kind = op::row_product, .name = "row_product", .least = 2, .most = 2, .indices = 0b11},
    {.kind = op::sign_bits, .name = "sign_bits", .least = 1, .most = 1},
    {.kind = op::unpack_bits, .name = "unpack_bits", .least = 1, .most = 1, .indices = 0b1},
    {.kind = op::attention, .name = "attention", .least = 3, .most = 4, .results = 2},
    {.kind = op::cached_attention, .name = "cached_attention", .least = 6, .most = 6},
    {.kind = op::attention_gradient, .name = "attention_gradient", .least = 6, .most = 7, .results = 3},
    {.kind = op::attention_bias, .name = "attention_bias", .least = 6, .most = 7},
    {.kind = op::convolution, .name = "convolution", .least = 2, .most = 2, .windowed = true},
    {.kind = op::convolution_backward_data,
     .name = "convolution_backward_data",
     .least = 2,
     .most = 2,
     .windowed = true},
    {.kind = op::convolution_backward_filter, .name = "convolution_backward_filter", .least = 2, .most = 2},
    {.kind = op::max_pool, .name = "max_pool", .least = 1, .most = 1, .windowed = true},
    {.kind = op::max_pool_input, .name = "max_pool_input", .least = 2, .most = 2, .windowed = true},
    {.kind = op::average_pool, .name = "average_pool", .least = 1, .most = 1, .windowed = true},
    {.kind = op::average_pool_input, .name = "average_pool_input", .least = 1, .most = 1, .windowed = true},
    {.kind = op::resample, .name = "resample", .least = 1, .most = 1},
    {.kind = op::sample, .name = "sample", .least = 2, .most = 2},
    {.kind = op::sample_input, .name = "sample_input", .least = 2, .most = 2},
    {.kind = op::sample_coordinates, .name = "sample_coordinates", .least = 3, .most = 3},
    {.kind = op::result, .name = "result", .least = 1, .most = 1, .runs = false},
    {.kind = op::reshape, .name = "reshape", .least = 1, .most = 1, .runs = false, .any_element = true},
    {.kind = op::permute, .name = "permute", .least = 1, .most = 1, .any_element = true},
    {.kind = op::relayout, .name = "relayout", .least = 1, .most = 1, .any_element = true},
    {.kind = op::slice, .name = "slice", .least = 1, .most = 1, .any_element = true},
    {.kind = op::pad, .name = "pad", .least = 1, .most = 1},
    {.kind = op::unfold, .name = "unfold", .least = 1, .most = 1, .any_element = true},
    {.kind = op::concatenate, .name = "concatenate", .least = 1, .most = max_arguments, .any_element = true},
    {.kind = op::delay_line, .name = "delay_line", .least = 3, .most = 3},
    {.kind = op::gather, .name = "gather", .least = 2, .most = 2, .indices = 0b10, .any_element = true},
    {.kind = op::scatter_add, .name = "scatter_add", .least = 2, .most = 2, .indices = 0b10},
    {.kind = op::take_along, .name = "take_along", .least = 2, .most = 2, .indices = 0b10, .any_element = true},
    {.kind = op::add_along, .name = "add_along", .least = 2, .most = 3, .indices = 0b10},
    {.kind = op::one_hot, .name = "one_hot", .least = 1, .most = 1, .indices = 0b1},
    {.kind = op::to_real, .name = "to_real", .least = 1, .most = 1, .runs = false, .indices = 0b1},
    {.kind = op::random, .name = "random", .least = 0, .most = 0, .pure = false},
    {.kind = op::store, .name = "store", .least = 1, .most = 2, .pure = false, .effect = true},
    {.kind = op::loop, .name = "loop", .least = 0, .most = 0, .pure = false, .effect = true, .runs = false},
    {.kind = op::carry, .name = "carry", .least = 1, .most = 1, .pure = false, .effect = true},
    {.kind = op::item, .name = "item", .least = 1, .most = 1, .pure = false, .any_element = true},
    {.kind = op::next, .name = "next", .least = 2, .most = 2, .pure = false, .effect = true},
    {.kind = op::stack, .name = "stack", .least = 1, .most = 1, .pure = false, .any_element = true},
    {.kind = op::total, .name = "total", .least = 1, .most = 1, .pure = false},
    {.kind = op::loop_end, .name = "loop_end", .least = 0, .most = 0, .pure = false, .effect = true, .runs = false},
};
inline constexpr int operation_count = static_cast<int>(sizeof(operation_table) / sizeof(operation_facts));

constexpr const operation_facts& facts_of(op kind) { return operation_table[static_cast<int>(kind)]; }
static_assert(
    [] {
        for (int i = 0; i < operation_count; ++i)
            if (operation_table[i].kind != op{static_cast<std::uint8_t>(i)}) return false;
        return true;
    }(),
    "a row of the table for each operation, in the order of their names");

constexpr bool is_source(op k) { return operation_table[static_cast<int>(k)].source; }
constexpr std::string_view name_of(op k) { return operation_table[static_cast<int>(k)].name; }

}  // namespace tessera::detail
