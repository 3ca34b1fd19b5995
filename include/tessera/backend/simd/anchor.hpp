// with_anchor: the one place that maps a kind of operation to its anchor on this backend.
#pragma once
#include <tessera/backend/simd/anchor/attention.hpp>
#include <tessera/backend/simd/anchor/cast.hpp>
#include <tessera/backend/simd/anchor/convolution.hpp>
#include <tessera/backend/simd/anchor/einsum.hpp>
#include <tessera/backend/simd/anchor/gather.hpp>
#include <tessera/backend/simd/anchor/indices.hpp>
#include <tessera/backend/simd/anchor/layout.hpp>
#include <tessera/backend/simd/anchor/loop.hpp>
#include <tessera/backend/simd/anchor/pooling.hpp>
#include <tessera/backend/simd/anchor/reduction.hpp>
#include <tessera/backend/simd/anchor/row_product.hpp>
#include <tessera/backend/simd/anchor/sample.hpp>
#include <tessera/backend/simd/anchor/softmax.hpp>

namespace tessera::detail::simd {

// f(anchor) for the anchor of a kind; that of `random` stands for all that fall back
template <class Arch, class T, class F> constexpr auto with_anchor(op kind, F f) {
    switch (kind) {
        case op::einsum: return f(anchor<Arch, T, op::einsum>{});
        case op::convolution: return f(anchor<Arch, T, op::convolution>{});
        case op::convolution_backward_data: return f(anchor<Arch, T, op::convolution_backward_data>{});
        case op::convolution_backward_filter: return f(anchor<Arch, T, op::convolution_backward_filter>{});
        case op::sum: return f(anchor<Arch, T, op::sum>{});
        case op::maximum: return f(anchor<Arch, T, op::maximum>{});
        case op::softmax: return f(anchor<Arch, T, op::softmax>{});
        case op::log_softmax: return f(anchor<Arch, T, op::log_softmax>{});
        case op::attention: return f(anchor<Arch, T, op::attention>{});
        case op::cached_attention: return f(anchor<Arch, T, op::cached_attention>{});
        case op::attention_gradient: return f(anchor<Arch, T, op::attention_gradient>{});
        case op::attention_bias: return f(anchor<Arch, T, op::attention_bias>{});
        case op::max_pool: return f(anchor<Arch, T, op::max_pool>{});
        case op::max_pool_input: return f(anchor<Arch, T, op::max_pool_input>{});
        case op::average_pool: return f(anchor<Arch, T, op::average_pool>{});
        case op::average_pool_input: return f(anchor<Arch, T, op::average_pool_input>{});
        case op::sample: return f(anchor<Arch, T, op::sample>{});
        case op::sample_input: return f(anchor<Arch, T, op::sample_input>{});
        case op::sample_coordinates: return f(anchor<Arch, T, op::sample_coordinates>{});
        case op::permute: return f(anchor<Arch, T, op::permute>{});
        case op::slice: return f(anchor<Arch, T, op::slice>{});
        case op::relayout: return f(anchor<Arch, T, op::relayout>{});
        case op::pad: return f(anchor<Arch, T, op::pad>{});
        case op::unfold: return f(anchor<Arch, T, op::unfold>{});
        case op::concatenate: return f(anchor<Arch, T, op::concatenate>{});
        case op::delay_line: return f(anchor<Arch, T, op::delay_line>{});
        case op::gather: return f(anchor<Arch, T, op::gather>{});
        case op::top_k: return f(anchor<Arch, T, op::top_k>{});
        case op::row_product: return f(anchor<Arch, T, op::row_product>{});
        case op::sign_bits: return f(anchor<Arch, T, op::sign_bits>{});
        case op::unpack_bits: return f(anchor<Arch, T, op::unpack_bits>{});
        case op::take_along: return f(anchor<Arch, T, op::take_along>{});
        case op::add_along: return f(anchor<Arch, T, op::add_along>{});
        case op::cast: return f(anchor<Arch, T, op::cast>{});
        case op::store: return f(anchor<Arch, T, op::store>{});
        case op::carry: return f(anchor<Arch, T, op::carry>{});
        case op::item: return f(anchor<Arch, T, op::item>{});
        case op::next: return f(anchor<Arch, T, op::next>{});
        case op::stack: return f(anchor<Arch, T, op::stack>{});
        case op::total: return f(anchor<Arch, T, op::total>{});
        default: return f(anchor<Arch, T, op::random>{});
    }
}

}  // namespace tessera::detail::simd
