// operations: the closed set, and the one place that maps a node's kind to its operation.
#pragma once
#include <tessera/ir/operations/attention.hpp>
#include <tessera/ir/operations/cast.hpp>
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/convert.hpp>
#include <tessera/ir/operations/convolution.hpp>
#include <tessera/ir/operations/cumulative_sum.hpp>
#include <tessera/ir/operations/delay_line.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/gather.hpp>
#include <tessera/ir/operations/gather_axis.hpp>
#include <tessera/ir/operations/integer.hpp>
#include <tessera/ir/operations/permute.hpp>
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/pooling.hpp>
#include <tessera/ir/operations/random.hpp>
#include <tessera/ir/operations/reduce.hpp>
#include <tessera/ir/operations/relayout.hpp>
#include <tessera/ir/operations/resample.hpp>
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/ir/operations/result.hpp>
#include <tessera/ir/operations/row_product.hpp>
#include <tessera/ir/operations/sample.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/ir/operations/softmax.hpp>
#include <tessera/ir/operations/store.hpp>
#include <tessera/ir/operations/take_along.hpp>
#include <tessera/ir/operations/top_k.hpp>
#include <tessera/ir/operations/unfold.hpp>
#include <tessera/ir/operations/with_gradient.hpp>

namespace tessera::detail {

// f(operation) for the operation of a kind; sources and the marks of a loop have none
template <class F> constexpr void with_operation(op kind, F f) {
    switch (kind) {
        case op::pointwise: return f(pointwise_operation{});
        case op::with_gradient: return f(with_gradient_operation{});
        case op::einsum: return f(einsum_operation{});
        case op::sum:
        case op::maximum: return f(reduce_operation{});
        case op::softmax:
        case op::log_softmax: return f(softmax_operation{});
        case op::cumulative_sum: return f(cumulative_sum_operation{});
        case op::top_k: return f(top_k_operation{});
        case op::integer:
        case op::to_index: return f(integer_operation{});
        case op::convert: return f(convert_operation{});
        case op::cast: return f(cast_operation{});
        case op::row_product:
        case op::sign_bits:
        case op::unpack_bits: return f(row_product_operation{});
        case op::attention:
        case op::cached_attention:
        case op::attention_gradient:
        case op::attention_bias: return f(attention_operation{});
        case op::convolution:
        case op::convolution_backward_data:
        case op::convolution_backward_filter: return f(convolution_operation{});
        case op::max_pool:
        case op::max_pool_input:
        case op::average_pool:
        case op::average_pool_input: return f(pooling_operation{});
        case op::resample: return f(resample_operation{});
        case op::sample:
        case op::sample_input:
        case op::sample_coordinates: return f(sample_operation{});
        case op::result: return f(result_operation{});
        case op::reshape: return f(reshape_operation{});
        case op::permute: return f(permute_operation{});
        case op::relayout: return f(relayout_operation{});
        case op::slice:
        case op::pad: return f(slice_operation{});
        case op::unfold: return f(unfold_operation{});
        case op::concatenate: return f(concatenate_operation{});
        case op::delay_line: return f(delay_line_operation{});
        case op::gather:
        case op::scatter_add:
        case op::one_hot:
        case op::to_real: return f(gather_operation{});
        case op::take_along:
        case op::add_along: return f(take_along_operation{});
        case op::random: return f(random_operation{});
        case op::store: return f(store_operation{});
        case op::carry:
        case op::item:
        case op::next:
        case op::stack:
        case op::total: return f(scan_operation{});
        default: return;
    }
}

// the same of those that move elements of whatever type, which say so by a member `moves`
template <class F> constexpr void with_moving_operation(op kind, F f) {
    with_operation(kind, [&](auto operation) {
        if constexpr (requires { decltype(operation)::moves; }) f(operation);
    });
}

}  // namespace tessera::detail
