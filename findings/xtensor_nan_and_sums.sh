#!/bin/bash
# xtensor 0.24.3: amax passes over a NaN wherever it stands, argmax gives the place of a NaN that comes first: the element
# at argmax is not the amax. sum and mean of float add one after another in float: 2^25 ones are 2^24. median of an even
# number of integers is an integer, where NumPy has the mean of the middle two.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libxtensor-dev=0.24.3-1 xtl-dev=0.7.2-2.1
for package in *.deb; do dpkg-deb -x "$package" .; done
cat >show.cpp <<'PROGRAM'
#include <cmath>
#include <cstdio>
#include <xtensor/xarray.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xsort.hpp>

int main() {
    const xt::xarray<float> first = {NAN, 1, 2}, second = {1, NAN, 2};
    std::printf("NaN first: amax %g, at argmax %g\n", xt::amax(first)(), first(xt::argmax(first)()));
    std::printf("NaN second: amax %g, at argmax %g\n", xt::amax(second)(), second(xt::argmax(second)()));
    const xt::xarray<float> ones = xt::ones<float>({1 << 25}), tenths = 0.1f * xt::ones<float>({1 << 24});
    std::printf("sum of 2^25 ones: 2^%g\n", std::log2(xt::sum(ones)()));
    std::printf("mean of 2^24 times 0.1: %.3f\n", xt::mean(tenths)());
    std::printf("median of 1 and 2: %g\n", static_cast<double>(xt::median(xt::xarray<int>({1, 2}))));
}
PROGRAM
g++ -std=c++17 -O1 -I usr/include show.cpp -o show
./show | tee seen
diff - seen <<'SEEN'
NaN first: amax 2, at argmax nan
NaN second: amax 2, at argmax 2
sum of 2^25 ones: 2^24
mean of 2^24 times 0.1: 0.115
median of 1 and 2: 1
SEEN
