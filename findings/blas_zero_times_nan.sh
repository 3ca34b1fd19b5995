#!/bin/bash
# The three BLAS of Debian 12, reference 3.11.0, OpenBLAS 0.3.21 and BLIS 0.9.0, disagree on what a zero does to a NaN and on
# the place of the largest element with a NaN before it. scal by 0 is NaN in the reference alone; a matrix of NaN times a
# vector of zeros is zero in BLIS alone; a rank-one update by a zero keeps the NaN in OpenBLAS alone; a triangular solve
# whose right side is zero never reads the matrix in the reference alone. isamax of (0, NaN, 2) has three answers, and the
# norm of a vector of infinities is NaN in BLIS. OpenBLAS is held to its Haswell kernels.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libblas3=3.11.0-2 libopenblas0-serial=0.3.21+ds-4 libblis4-serial=0.9.0-1 \
    libgfortran5=12.2.0-14+deb12u1 2>/dev/null
for package in *.deb; do dpkg-deb -x "$package" .; done
cat >show.c <<'PROGRAM'
#include <math.h>
#include <stdio.h>
void sscal_(int*, float*, float*, int*);
void sgemv_(char*, int*, int*, float*, float*, int*, float*, int*, float*, float*, int*);
void sger_(int*, int*, float*, float*, int*, float*, int*, float*, int*);
void strsv_(char*, char*, char*, int*, float*, int*, float*, int*);
int isamax_(int*, float*, int*);
float snrm2_(int*, float*, int*);
static const char* is(float x) { return isnan(x) ? "nan" : isinf(x) ? "inf" : x == 0 ? "0" : x == 1 ? "1" : "?"; }

int main(void) {
    int one = 1, two = 2, three = 3;
    float unit = 1, zero = 0, a[4] = {NAN, NAN, NAN, NAN}, none[2] = {0, 0}, y[2];
    float x[2] = {NAN, NAN}, seen[3] = {0, NAN, 2}, inf[2] = {INFINITY, INFINITY};
    float lower[4] = {1, NAN, 0, 1}, right[2] = {0, 0}, c[4] = {1, 1, 1, 1};
    sscal_(&two, &zero, x, &one);
    printf("scal %s, ", is(x[0]));
    sgemv_("N", &two, &two, &unit, a, &two, none, &one, &zero, y, &one);
    printf("gemv %s, ", is(y[0]));
    sger_(&two, &two, &unit, a, &one, none, &one, c, &two);
    printf("ger %s, ", is(c[0]));
    strsv_("L", "N", "N", &two, lower, &two, right, &one);
    printf("trsv %s, ", is(right[1]));
    printf("isamax %d, ", isamax_(&three, seen, &one));
    printf("nrm2 %s\n", is(snrm2_(&two, inf, &one)));
}
PROGRAM
lib=$folder/usr/lib/x86_64-linux-gnu
for one in reference:blas/libblas.so.3 OpenBLAS:openblas-serial/libopenblas.so.0 BLIS:blis-serial/libblis.so.4; do
    gcc -w -O1 show.c -o show "$lib/${one#*:}" -lm -Wl,-rpath,"$lib/$(dirname "${one#*:}"):$lib" -Wl,--allow-shlib-undefined
    echo "${one%%:*}: $(OPENBLAS_CORETYPE=Haswell ./show)"
done | tee seen
diff - seen <<'SEEN'
reference: scal nan, gemv nan, ger 1, trsv 0, isamax 3, nrm2 inf
OpenBLAS: scal 0, gemv nan, ger nan, trsv nan, isamax 1, nrm2 inf
BLIS: scal 0, gemv 0, ger 1, trsv nan, isamax 2, nrm2 nan
SEEN
