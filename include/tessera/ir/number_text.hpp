// number_text: a real number as text, to six significant digits: 0.25, -3, 1.5e-9, inf, nan.
#pragma once
#include <tessera/ir/text.hpp>

namespace tessera::detail {

constexpr text number_text(double x) {
    text t;
    if (x != x) return "nan";
    if (x < 0) t += "-";
    double rest = x < 0 ? -x : x;
    if (rest > 1.7976931348623157e308) return t + std::string_view("inf");
    int exponent = 0;  // rest * 10^exponent, rest from 1 to 10
    while (rest != 0 && rest < 1) rest *= 10, --exponent;
    while (rest >= 10) rest /= 10, ++exponent;
    auto digits = static_cast<long>(rest * 1e5 + 0.5);  // six of them
    if (digits == 1000000) digits /= 10, ++exponent;
    const bool short_form = exponent >= -4 && exponent < 6;
    int significant = 6;
    while (significant > 1 && digits % 10 == 0) digits /= 10, --significant;
    const text all = text() + digits;
    const int whole = short_form ? exponent + 1 : 1;  // digits before the point
    if (whole <= 0) t += "0.";
    for (int i = whole; i < 0; ++i) t += "0";
    for (int i = 0; i < significant || i < whole; ++i) {
        if (i == whole && i > 0) t += ".";
        t += i < significant ? all.view().substr(static_cast<std::size_t>(i), 1) : std::string_view("0");
    }
    if (!short_form) t = t + std::string_view(exponent < 0 ? "e-" : "e+") + (exponent < 0 ? -exponent : exponent);
    return t;
}

}  // namespace tessera::detail
