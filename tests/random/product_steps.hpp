// Steps of random networks that multiply matrices: einsums of all forms, attention.
#pragma once
#include <tessera/ir/operations/attention.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/dense.hpp>

#include "writer.hpp"

namespace tessera::random_networks {

using namespace detail;

// letters for the axes of x, of another operand that shares some of them, and of a result
constexpr value einsum_step(writer& w) {
    value x = w.operand();
    if (x.rank() > 4) x = w.ranked(x, 4);
    char equation[3 * max_rank + 4] = {}, a[max_rank] = {}, b[max_rank] = {};
    int a_count = 0, b_count = 0;
    for (; a_count < x.rank(); ++a_count) a[a_count] = static_cast<char>('a' + a_count);
    const bool from_pool = w.chance(3);
    const int wanted = w.pick(4), order = w.raw();
    value y = from_pool ? w.operand() : value{};
    if (from_pool && y.rank() > 3) y = w.ranked(y, 3);
    extents own;
    for (int k = 0; k < (from_pool ? y.rank() : wanted); ++k) {
        char label = 0;  // one of x that fits and is not taken, if luck will have it
        for (int i = 0; i < a_count && label == 0; ++i) {
            const int c = (i + (order >> k)) % a_count;
            bool taken = (order >> (2 * k + i) & 3) == 0;
            for (int j = 0; j < b_count; ++j) taken = taken || b[j] == a[c];
            if (!taken && (!from_pool || x.extent(c) == y.extent(k))) label = a[c];
        }
        const int extent = label != 0 ? x.extent(label - 'a') : from_pool ? y.extent(k) : 1 + (order >> (3 * k)) % 4;
        b[b_count++] = label != 0 ? label : static_cast<char>('p' + k);
        own.push(extent);
    }
    if (!from_pool) y = w.weight(own);
    // the result: what one of them alone has, mostly, and some of what both have
    char out[2 * max_rank] = {};
    int out_count = 0;
    extents shape;
    const int which = w.raw();
    const auto consider = [&](char c, int extent, bool shared, int bit) {
        const bool kept = shared ? (which >> bit & 3) == 0 : (which >> bit & 7) != 0;
        extents longer = shape;
        longer.push(extent);
        if (!kept || out_count >= 4 || !w.fits(longer)) return;
        const int place = out_count > 0 && (which >> bit & 1) != 0 ? 0 : out_count;
        for (int i = out_count; i > place; --i) out[i] = out[i - 1];
        out[place] = c;
        ++out_count;
        shape = longer;
    };
    for (int i = 0; i < a_count; ++i) {
        bool shared = false;
        for (int j = 0; j < b_count; ++j) shared = shared || b[j] == a[i];
        consider(a[i], x.extent(i), shared, i);
    }
    for (int j = 0; j < b_count; ++j)
        if (b[j] >= 'p') consider(b[j], own[j], false, 4 + j);
    int n = 0;
    for (int i = 0; i < a_count; ++i) equation[n++] = a[i];
    equation[n++] = ',';
    for (int i = 0; i < b_count; ++i) equation[n++] = b[i];
    equation[n++] = '-';
    equation[n++] = '>';
    for (int i = 0; i < out_count; ++i) equation[n++] = out[i];
    return einsum(std::string_view(equation, static_cast<std::size_t>(n)), x, y);
}

constexpr value single_einsum_step(writer& w) {
    value x = w.operand();
    if (x.rank() > 4) x = w.ranked(x, 4);
    char equation[16] = {};
    int n = 0;
    const int which = w.raw();
    for (int a = 0; a < x.rank(); ++a) equation[n++] = static_cast<char>('a' + a);
    equation[n++] = '-';
    equation[n++] = '>';
    for (int a = x.rank() - 1; a >= 0; --a)
        if ((which >> a & 1) != 0) equation[n++] = static_cast<char>('a' + a);
    return einsum(std::string_view(equation, static_cast<std::size_t>(n)), x);
}

// x (..., C) times a parameter: (..., O)
constexpr value dense_like(writer& w, value x, int outputs) {
    x = w.ranked(x, 2);
    return einsum("tc,co->to", x, w.weight({x.extent(1), outputs}));
}

constexpr value attention_step(writer& w) {
    const int heads = 1 + w.pick(2), width = 1 + w.pick(5), depth = 1 + w.pick(5), which = w.raw();
    value x = w.operand(), context = w.chance(2) ? x : w.operand();
    const auto places = [&](value v) {
        v = w.ranked(v, 2);
        return v.extent(0) > 24 ? slice(v, 0, 0, 24) : v;
    };
    x = places(x);
    context = places(context);
    const int queries = x.extent(0), keys = context.extent(0);
    const value q = reshape(dense_like(w, x, heads * width), {queries, heads, width});
    const value k = reshape(dense_like(w, context, heads * width), {keys, heads, width});
    const value v = reshape(dense_like(w, context, heads * depth), {keys, heads, depth});
    const double scale = (which & 1) != 0 ? rsqrt(width) : 1;
    if ((which >> 1 & 7) == 0) {  // spelled out
        value scores = einsum("thk,shk->hts", q, k) * scale;
        if ((which >> 4 & 1) != 0) scores = scores + w.weight({queries, keys});
        return einsum("hts,shv->thv", softmax_over_last(op::softmax, scores), v);
    }
    attention_options o;
    o.scale = scale;
    o.causal = queries <= keys && (which >> 4 & 1) != 0;
    o.cap = (which >> 5 & 3) == 0 ? 2 : 0;
    value bias;
    switch (which >> 7 & 7) {
        case 0: bias = w.weight({heads, queries, keys}); break;
        case 1: bias = w.weight({queries, keys}); break;
        case 2: bias = w.weight({heads, 1, 1}); break;
        case 3: bias = reshape(dense_like(w, context, 1), {1, keys}); break;
        case 4: bias = select(less(reshape(dense_like(w, context, 1), {1, keys}), 0.2), 0, -1e30); break;
        default: break;
    }
    return attend(q, k, v, o, bias);
}

}  // namespace tessera::random_networks
