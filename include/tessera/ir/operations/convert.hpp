// Real numbers stored as something smaller.
//
//   cast<bfloat16>(x), cast<float16>(x)     to the nearest, ties to even; beyond the largest, infinity
//   quantise<int8>(x, scale, zero)          round(x / scale) + zero, no less and no more than int8 holds; NaN is zero
//   dequantise(q, scale, zero)              (q - zero) scale, real
//   to_real(x)                              of whatever element: see gather.hpp; between widths: see cast.hpp
//
// As ONNX's QuantizeLinear and DequantizeLinear: halves go to the even number.
//
// Gradient    of cast that of x itself; of quantise none: straight_through(dequantise(quantise(x)), x) passes it on.
// Cost        one pass over x each; on the simd backend a part of the pointwise code around it, whose loops and epilogues
//             read and write what is stored: dequantise, relu and quantise are one loop, without real numbers in memory.
// Errors      what is no element to store in; a scale that is not above 0; a zero that the element does not hold.
#pragma once
#include <tessera/ir/operations/gather.hpp>

namespace tessera {

namespace detail {

struct convert_attributes {
    double scale;
    int zero;
    int unused;  // no gaps: see attribute_words
};

constexpr value converted(value x, element type, const convert_attributes& own) {
    node n;
    n.kind = op::convert;
    n.type = type;
    n.shape = x.shape();
    return add_node(*x.owner, n, {x}, own);
}

template <class Element>
concept small_float_element = std::is_same_v<Element, float16> || std::is_same_v<Element, bfloat16>;

}  // namespace detail

template <detail::small_float_element Element> constexpr value cast(value x) {
    return x.valid() ? detail::converted(x, Element::kind, {1, 0, 0}) : x;
}

template <class Element> constexpr value quantise(value x, double scale, int zero = 0) {
    static_assert(is_element<Element> && !detail::is_floating(Element::kind),
                  "tessera: quantise<element>: the element is int8, uint8, int16 or int32");
    if (!x.valid()) return x;
    const detail::within here{"quantise"};
    const detail::whole_range range = detail::whole_range::of(Element::kind);
    if (!(scale > 0 && scale <= std::numeric_limits<double>::max()))
        return reject(*x.owner, here, text("a scale above 0, and finite"), text("another"));
    if (zero < range.low || zero > range.high)
        return reject(*x.owner, here,
                      text("a zero that ") + detail::name_of(Element::kind) + std::string_view(" holds"),
                      text() + zero);
    return detail::converted(x, Element::kind, {scale, zero, 0});
}

constexpr value dequantise(value q, double scale, int zero = 0) {
    if (!q.valid()) return q;
    const value x = to_real(q);
    return (zero == 0 ? x : x - zero) * scale;
}

namespace detail {

// what stands for x in memory: a whole number, or the bits of a small real one
template <class Element, class T> constexpr std::int32_t stored_as(const convert_attributes& own, T x) {
    if constexpr (std::is_same_v<Element, float16>) {
        return float16_format::encode(x);
    } else if constexpr (std::is_same_v<Element, bfloat16>) {
        return bfloat16_format::encode(x);
    } else {
        constexpr whole_range range = whole_range::of(Element::kind);
        constexpr auto low = static_cast<double>(range.low), high = static_cast<double>(range.high);
        const double at =
            static_cast<double>(evaluate(scalar_function::round, x / static_cast<T>(own.scale))) + own.zero;
        if (!(at == at)) return own.zero;
        return static_cast<std::int32_t>(at <= low ? low : at >= high ? high : at);
    }
}

struct convert_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        if constexpr (std::is_floating_point_v<T>)
            with_tag(c.self->type, [&](auto tag) {
                c.put(item, stored_as<decltype(tag)>(c.template attributes<convert_attributes>(), c.x[0][item]));
            });
    }
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) { t.add(y.argument(0), dy); }
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace detail

}  // namespace tessera
