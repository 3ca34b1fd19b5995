#!/bin/bash
# Highway 1.0.3 of Debian 12, contrib/math, float with AVX2: at their limits the functions give plausible numbers. log(0) is
# -105, log(inf) 88.7, the logarithms of -1 and NaN are positive numbers, and exp(NaN) is 0. log1p(inf), sinh(inf) and
# sinh(-100) are NaN, sin(1e10) is -inf. tanh, expm1 and atan are right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libhwy-dev=1.0.3-3+deb12u1 libhwy1=1.0.3-3+deb12u1 2>/dev/null
for package in *.deb; do dpkg-deb -x "$package" .; done
cat >show.cpp <<'PROGRAM'
#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>

namespace hn = hwy::HWY_NAMESPACE;

template <class F>
void show(const char* name, F f, std::initializer_list<float> numbers) {
    std::printf("%s:", name);
    for (float x : numbers) {
        const hn::ScalableTag<float> d;
        const float y = hn::GetLane(f(d, hn::Set(d, x)));
        std::printf(" of %g %g", x, std::isnan(y) ? NAN : y);
    }
    std::printf("\n");
}
int main() {
    show("log", [](auto d, auto x) { return hn::Log(d, x); }, {0, INFINITY, -1, NAN});
    show("exp", [](auto d, auto x) { return hn::Exp(d, x); }, {NAN, -INFINITY});
    show("log1p", [](auto d, auto x) { return hn::Log1p(d, x); }, {INFINITY});
    show("sinh", [](auto d, auto x) { return hn::Sinh(d, x); }, {INFINITY, -100, -80});
    show("sin", [](auto d, auto x) { return hn::Sin(d, x); }, {100, 1e10});
    show("tanh", [](auto d, auto x) { return hn::Tanh(d, x); }, {NAN, -100});
}
PROGRAM
g++ -std=c++17 -O1 -w -mavx2 -mfma -maes -mpclmul -mbmi -mbmi2 -mf16c -I usr/include show.cpp \
    usr/lib/x86_64-linux-gnu/libhwy.so.1 -Wl,-rpath,usr/lib/x86_64-linux-gnu -o show
./show | tee seen
diff - seen <<'SEEN'
log: of 0 -105.358 of inf 88.7228 of -1 177.446 of nan 89.1283
exp: of nan 0 of -inf 0
log1p: of inf nan
sinh: of inf nan of -100 nan of -80 -2.77031e+34
sin: of 100 -0.506366 of 1e+10 -inf
tanh: of nan nan of -100 -1
SEEN
