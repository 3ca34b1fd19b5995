#!/bin/bash
# run.sh [--full]: installs what is missing, builds and runs all tests; exit status 1 when one fails.
#
# By default g++: unit tests, refused programs, consumers, headers, documents, format; then clang++ with the address and
# undefined-behaviour sanitizers: unit tests but for the layers' reference cases, which are of values and take a quarter of
# the time, refused programs, fuzz targets; then device code where there is nvcc. --full adds those cases with the
# sanitizers; with OpenMP, clang++ with every number type on every backend and the unit tests of g++; the thread sanitizer;
# and five minutes of random networks.
# Everything goes into build/.
set -u
cd "$(dirname "$0")/.." || exit 1
. cmake/packages.sh
require_packages "${build_packages[@]}" "${test_packages[@]}"

full=no
case ${1:-} in
    "") ;;
    --full) full=yes ;;
    *)
        echo "usage: tests/run.sh [--full]" >&2
        exit 1
        ;;
esac

export CTEST_PARALLEL_LEVEL=2 CMAKE_BUILD_PARALLEL_LEVEL=2 CMAKE_COLOR_DIAGNOSTICS=OFF
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_SLOPPINESS=pch_defines,time_macros
fi
passed=0 failed=0 skipped=0

failure() {
    echo "FAILED: $1"
    failed=$((failed + 1))
}

# in_order LOG COMMAND...: the output goes to LOG, and to the reader when the command fails
in_order() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 && return
    grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Re-checking)' "$log" | head -c 20000
    return 1
}

# adds the sums that ctest prints at its end
count() {
    local ran missed left_out
    ran=$(sed -nE 's/.* tests failed out of ([0-9]+)$/\1/p' "$1")
    missed=$(sed -nE 's/.*, ([0-9]+) tests failed out of [0-9]+$/\1/p' "$1")
    left_out=$(grep -cE '\((Skipped|Disabled)\)$' "$1")
    [ -n "$ran" ] || return 1
    passed=$((passed + ran - missed - left_out)) failed=$((failed + missed)) skipped=$((skipped + left_out))
}

# suite PRESET [OPTION...] [-- CTEST_OPTION...]: configures, builds and runs the tests of a preset
suite() {
    local preset=$1 start=$SECONDS
    local folder=build/$preset options=()
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    [ $# -eq 0 ] || shift
    mkdir -p "$folder"
    echo "== $preset"
    in_order "$folder/configure.log" cmake --preset "$preset" "${options[@]}" ||
        { failure "$preset does not configure"; return; }
    # as much as can be built is tested
    in_order "$folder/build.log" cmake --build --preset "$preset" -- -k 0 || failure "$preset does not build entirely"
    local built=$SECONDS
    ctest --test-dir "$folder" --output-on-failure "$@" >"$folder/tests.log" 2>&1
    grep -vE '^ +Start +[0-9]+:|^ *[0-9]+/[0-9]+ Test +#.* Passed |^Internal ctest changing|^$' "$folder/tests.log"
    count "$folder/tests.log" || failure "$preset runs no tests"
    echo "== $preset: built in $((built - start)) s, tested in $((SECONDS - built)) s"
}

# hunt SEED SECONDS STEPS EXTENTS: random networks by the program of the gcc preset; see docs/random_networks.md
hunt() {
    local log=build/gcc/hunt.$1.log networks
    build/gcc/tests/random/hunt/random_hunt "$@" >"$log" 2>&1
    local code=$?
    networks=$(sed -nE 's/^seeds from .*: ([0-9]+) graphs, .*/\1/p' "$log")
    echo "== random networks: ${networks:-0} of up to $3 steps, $4 extents, from seed $1"
    if [ $code -ne 0 ] || [ "${networks:-0}" -eq 0 ]; then
        head -c 20000 "$log"
        failure "random networks, from seed $1, up to $3 steps, $4 extents"
        return
    fi
    passed=$((passed + 1))
}

suite gcc -DTESSERA_DOCS=ON
suite asan -DTESSERA_LAYER_CASES=$full
PATH=$PATH:/usr/local/cuda/bin
if command -v nvcc >/dev/null; then
    suite cuda -- --label-regex cuda
else
    echo "== cuda: skipped, no nvcc"
    skipped=$((skipped + 1))
fi
if [ $full = yes ]; then
    suite clang -DTESSERA_EVERY_NUMBER_TYPE=ON -DTESSERA_OPENMP=ON -- --label-exclude 'format|docs'
    suite openmp -- --label-regex unit
    suite tsan -- --label-regex unit
    hunt 200000000 150 10 small
    hunt 300000000 90 18 small
    hunt 400000000 60 8 large
fi

summary="$passed passed, $failed failed"
[ $skipped -eq 0 ] || summary+=", $skipped skipped"
echo "$summary"
[ $failed -eq 0 ]
