#!/bin/bash
# run.sh [EXAMPLE] [ARGUMENT...]: installs what is missing, builds an example, fashion_mnist unless another is named, and
# runs it with the arguments.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build/examples
example=fashion_mnist
if [ $# -gt 0 ] && [ -e "$root/examples/$1.cpp" ]; then
    example=$1
    shift
fi
. "$root/cmake/packages.sh"
require_packages "${build_packages[@]}" "${example_packages[@]}"

if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache; fi
mkdir -p "$build"
run() { logged "$build/build.log" "$@" || { cat "$build/build.log" >&2; exit 1; }; }
echo "building $example in $build: one compilation, a minute or so"
start=$SECONDS
run cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DTESSERA_TESTS=OFF -DTESSERA_EXAMPLES=ON
run cmake --build "$build" --target "$example"
echo "built in $((SECONDS - start)) s"
exec "$build/examples/$example" "$@"
