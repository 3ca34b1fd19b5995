#!/bin/bash
# xsimd 8.1.0 with AVX2, float: pow(0, 0) is 0, where C, IEEE 754 and NumPy have 1. exp is infinite from about 88.4 on,
# where the largest float is exp(88.72); hypot(3e38, 0) is infinite. reciprocal is the processor's estimate of 12 bits.
# max and min give the second operand where one is NaN, so exchanging the operands changes the result.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libxsimd-dev=8.1.0-7
dpkg-deb -x libxsimd-dev_*.deb .
cat >show.cpp <<'PROGRAM'
#include <cmath>
#include <cstdio>
#include <xsimd/xsimd.hpp>

using V = xsimd::batch<float, xsimd::avx2>;
static float of(V v) {
    alignas(32) float lanes[V::size];
    v.store_aligned(lanes);
    return lanes[0];
}
int main() {
    const V nan(NAN), one(1.0f), zero(0.0f);
    std::printf("pow(0, 0) %g, std %g\n", of(xsimd::pow(zero, zero)), std::pow(0.0f, 0.0f));
    std::printf("exp(88.5) %g, std %g\n", of(xsimd::exp(V(88.5f))), std::exp(88.5f));
    std::printf("hypot(3e38, 0) %g, std %g\n", of(xsimd::hypot(V(3e38f), zero)), std::hypot(3e38f, 0.0f));
    std::printf("max(NaN, 1) %g, max(1, NaN) %g\n", of(xsimd::max(nan, one)), of(xsimd::max(one, nan)));
    const float third = of(xsimd::reciprocal(V(3.0f)));
    std::printf("reciprocal(3) is more than 1e-5 off: %s\n", std::fabs(third * 3 - 1) > 1e-5f ? "yes" : "no");
}
PROGRAM
g++ -std=c++17 -O1 -mavx2 -mfma -I usr/include show.cpp -o show
./show | tee seen
diff - seen <<'SEEN'
pow(0, 0) 0, std 1
exp(88.5) inf, std 2.72309e+38
hypot(3e38, 0) inf, std 3e+38
max(NaN, 1) 1, max(1, NaN) nan
reciprocal(3) is more than 1e-5 off: yes
SEEN
