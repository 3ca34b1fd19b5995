#!/bin/bash
# The three BLAS of Debian 12, reference 3.11.0, OpenBLAS 0.3.21 and BLIS 0.9.0: y = alpha A x + beta y of a matrix with no
# columns should be beta y. With beta = 0 gemm of no inner extent does clear its result, but gemv returns at once and leaves
# y as it was, be it 7 or NaN: a dense layer of no inputs that calls gemv hands on what lay in its buffer.
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
void sgemv_(char*, int*, int*, float*, float*, int*, float*, int*, float*, float*, int*);
void sgemm_(char*, char*, int*, int*, int*, float*, float*, int*, float*, int*, float*, float*, int*);

int main(void) {
    int none = 0, one = 1, two = 2;
    float unit = 1, zero = 0, twice = 2, a[2] = {1, 1}, x[1] = {1}, y[2] = {7, 7}, z[2] = {7, 7}, c[2] = {7, 7};
    sgemv_("N", &two, &none, &unit, a, &two, x, &one, &zero, y, &one);
    sgemv_("N", &two, &none, &unit, a, &two, x, &one, &twice, z, &one);
    sgemm_("N", "N", &two, &one, &none, &unit, a, &two, x, &one, &zero, c, &two);
    printf("of 7: gemv, beta 0: %g; gemv, beta 2: %g; gemm, beta 0: %g\n", y[0], z[0], c[0]);
}
PROGRAM
lib=$folder/usr/lib/x86_64-linux-gnu
for one in reference:blas/libblas.so.3 OpenBLAS:openblas-serial/libopenblas.so.0 BLIS:blis-serial/libblis.so.4; do
    gcc -w -O1 show.c -o show "$lib/${one#*:}" -lm -Wl,-rpath,"$lib/$(dirname "${one#*:}"):$lib" -Wl,--allow-shlib-undefined
    echo "${one%%:*}, $(OPENBLAS_CORETYPE=Haswell ./show)"
done | tee seen
diff - seen <<'SEEN'
reference, of 7: gemv, beta 0: 7; gemv, beta 2: 7; gemm, beta 0: 0
OpenBLAS, of 7: gemv, beta 0: 7; gemv, beta 2: 7; gemm, beta 0: 0
BLIS, of 7: gemv, beta 0: 7; gemv, beta 2: 7; gemm, beta 0: 0
SEEN
