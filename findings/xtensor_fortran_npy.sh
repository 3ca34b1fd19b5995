#!/bin/bash
# xtensor 0.24.3 and NumPy 2.4.6: load_npy of an array in Fortran order gives the right element for indices (i, j), but
# flat(k) and data()[k] follow the file, so that who hands the elements on as they lie hands on the transpose. NumPy's
# ravel of the same file is in C order. Assigned to an xarray of the default layout the elements are put in order.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q numpy==2.4.6
env/bin/python -c '
import numpy as np
x = np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3))
np.save("x.npy", x)
print("NumPy, ravel:", *map(int, np.load("x.npy").ravel()))' >numpy
apt-get download -qq libxtensor-dev=0.24.3-1 xtl-dev=0.7.2-2.1
for package in *.deb; do dpkg-deb -x "$package" .; done
cat >show.cpp <<'PROGRAM'
#include <cstdio>
#include <xtensor/xarray.hpp>
#include <xtensor/xnpy.hpp>

int main() {
    const auto loaded = xt::load_npy<float>("x.npy");
    std::printf("x(0, 1) = %g\nflat:", loaded(0, 1));
    for (std::size_t k = 0; k < loaded.size(); ++k) std::printf(" %g", loaded.flat(k));
    std::printf("\ndata:");
    for (std::size_t k = 0; k < loaded.size(); ++k) std::printf(" %g", loaded.data()[k]);
    const xt::xarray<float> ordered = loaded;
    std::printf("\nassigned, data:");
    for (std::size_t k = 0; k < ordered.size(); ++k) std::printf(" %g", ordered.data()[k]);
    std::printf("\n");
}
PROGRAM
g++ -std=c++17 -O1 -I usr/include show.cpp -o show
{ cat numpy && ./show; } | tee seen
diff - seen <<'SEEN'
NumPy, ravel: 0 1 2 3 4 5
x(0, 1) = 1
flat: 0 3 1 4 2 5
data: 0 3 1 4 2 5
assigned, data: 0 1 2 3 4 5
SEEN
