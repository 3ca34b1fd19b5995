#!/bin/bash
# Eigen 3.4.0 of Debian 12, float, built for AVX2: one NaN does not only hide itself from maxCoeff, it takes the maximum with
# it. Of 0, 1, ..., 15 with a NaN in place of the 1, maxCoeff() is 14, neither NaN nor the largest number. maxCoeff(&index)
# of the same array is 15. What PropagateNaN and PropagateNumbers ask for is given.
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

int main() {
    for (int place : {0, 1, 7}) {
        Eigen::Array<float, 16, 1> x = Eigen::Array<float, 16, 1>::LinSpaced(0, 15);
        x(place) = NAN;
        int index = -1;
        const float with_index = x.maxCoeff(&index);
        std::printf("NaN at %d: maxCoeff() %g, maxCoeff(&index) %g, numbers %g, NaN %g\n", place, x.maxCoeff(), with_index,
                    x.maxCoeff<Eigen::PropagateNumbers>(), x.maxCoeff<Eigen::PropagateNaN>());
    }
}
PROGRAM
g++ -std=c++17 -O1 -mavx2 -mfma -I usr/include/eigen3 show.cpp -o show
./show | tee seen
diff - seen <<'SEEN'
NaN at 0: maxCoeff() nan, maxCoeff(&index) nan, numbers 15, NaN nan
NaN at 1: maxCoeff() 14, maxCoeff(&index) 15, numbers 15, NaN nan
NaN at 7: maxCoeff() 14, maxCoeff(&index) 15, numbers 15, NaN nan
SEEN
