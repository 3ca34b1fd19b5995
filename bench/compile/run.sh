#!/bin/bash
# run.sh [SOURCE...]: what the sources of this folder cost to compile, in CPU seconds and peak MB, with g++ and clang++.
#
# depth.cpp is compiled for several values of DEPTH, typo.cpp must be refused. dlib/ holds what the same costs with dlib,
# compiled with g++ where dlib is installed. CXXFLAGS adds flags. Where a compiler fails, its errors are shown.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/cmake/packages.sh"
require_packages "${build_packages[@]}" "${bench_packages[@]}"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0
read -ra flags <<<"${CXXFLAGS:-}"

# measure LABEL COMPILER FLAG...
measure() {
    local label=$1 user system memory refused=false
    shift
    /usr/bin/time -q -o "$scratch/cost" -f '%U %S %M' "$@" -std=c++20 -O2 -I"$root/include" "${flags[@]}" \
        -c -o "$scratch/object" 2>"$scratch/message" || refused=true
    if [ "$label" = typo ] && ! grep -q 'does not fit its input' "$scratch/message"; then
        echo "$label: $1 says nothing of it" >&2
        status=1
        return
    fi
    if [ "$label" != typo ] && $refused; then
        echo "$label: $1 fails" >&2
        grep -m 3 'error' "$scratch/message" >&2
        status=1
        return
    fi
    read -r user system memory <"$scratch/cost"
    awk -v label="$label" -v compiler="$1" -v seconds="$user $system" -v kib="$memory" 'BEGIN {
        split(seconds, s, " ")
        printf "%-28s %-12s %9.1f %9.0f\n", label, compiler, s[1] + s[2], kib / 1024
    }'
}

sources=("$@")
[ $# -gt 0 ] || sources=("$here"/*.cpp "$here"/dlib/*.cpp)

printf '%-28s %-12s %9s %9s\n' source compiler 'CPU s' 'peak MB'
for source in "${sources[@]}"; do
    [ -e "$source" ] || { echo "no source in $here" >&2; exit 1; }
    name=$(basename "$source" .cpp)
    if [[ $source == */dlib/* || $source == dlib/* ]]; then
        if g++ -E -x c++ -include dlib/dnn.h /dev/null >/dev/null 2>&1; then
            measure "$name, dlib" g++ "$source"
        else
            echo "$name, dlib: skipped, the package libdlib-dev is missing"
        fi
        continue
    fi
    for compiler in g++ clang++-19; do
        # large networks need the limits that the CMake target sets; LeNet must do without
        limits=()
        case "$compiler $name" in
            *lenet*) ;;
            g++*) limits=(-fconstexpr-ops-limit=1000000000) ;;
            *) limits=(-fconstexpr-steps=500000000) ;;
        esac
        if [ "$name" = depth ]; then
            for depth in 10 50 100 200; do
                measure "depth $depth" "$compiler" "${limits[@]}" -DDEPTH=$depth "$source"
            done
        else
            measure "$name" "$compiler" "${limits[@]}" "$source"
        fi
    done
done
exit $status
