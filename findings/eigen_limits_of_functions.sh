#!/bin/bash
# Eigen 3.4.0 of Debian 12, float, built for AVX2: whole vectors take other code than the elements left over. In a vector the
# square root of infinity is NaN and that of 1e-40 is 0; exp(-inf) and the logistic function of -inf are 2.9e-39, not 0. The
# same element in an array of one gives what the C library gives, so a result depends on how many elements stand beside it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libeigen3-dev=3.4.0-4 2>/dev/null
dpkg-deb -x libeigen3-dev_*.deb .
cat >show.cpp <<'PROGRAM'
#include <Eigen/Dense>
#include <cmath>
#include <cstdio>

template <class F>
void show(const char* name, float x, F f) {
    const Eigen::Array<float, 8, 1> eight = f(Eigen::Array<float, 8, 1>::Constant(x).eval());
    const Eigen::Array<float, 1, 1> one = f(Eigen::Array<float, 1, 1>::Constant(x).eval());
    std::printf("%s(%g) among eight %g, alone %g\n", name, x, std::fabs(eight(3)), one(0));
}
int main() {
    show("sqrt", INFINITY, [](const auto& a) { return a.sqrt().eval(); });
    show("sqrt", 1e-40f, [](const auto& a) { return a.sqrt().eval(); });
    show("exp", -INFINITY, [](const auto& a) { return a.exp().eval(); });
    show("logistic", -INFINITY, [](const auto& a) { return a.logistic().eval(); });
}
PROGRAM
g++ -std=c++17 -O1 -mavx2 -mfma -I usr/include/eigen3 show.cpp -o show
./show | tee seen
diff - seen <<'SEEN'
sqrt(inf) among eight nan, alone inf
sqrt(9.99995e-41) among eight 0, alone 9.99997e-21
exp(-inf) among eight 2.93827e-39, alone 0
logistic(-inf) among eight 2.93827e-39, alone 0
SEEN
