#!/bin/bash
# parts.sh [TURNS]: what the cost of compiling is made of, in CPU seconds, the least of so many turns, with g++ and clang++.
#
# First what the umbrella is made of: the headers of the standard library that are used anyway, those and xsimd, the
# core, the core and the SIMD backend, all. Then what a LeNet is made of: its headers, all that comes before code is
# made (-fsyntax-only: networks are evaluated there), all.
#
# CXXFLAGS adds flags. Where time goes within a header or an evaluation: clang++ -ftime-trace, and look at the events
# Source, InstantiateFunction and EvaluateAsInitializer.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/cmake/packages.sh"
require_packages "${build_packages[@]}" "${bench_packages[@]}"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
turns=${1:-5}
read -ra flags <<<"${CXXFLAGS:-}"
labels=()

# part LABEL SOURCE FLAG...: a text that is measured as LABEL
part() {
    local label=$1
    echo "$2" >"$scratch/${#labels[@]}.cpp"
    shift 2
    echo "$@" >"$scratch/${#labels[@]}.flags"
    labels+=("$label")
}

includes() { printf '#include <%s>\n' "$@"; }
used=(algorithm array bit cmath concepts cstdint cstdio cstring limits optional span string tuple type_traits utility vector)

part "nothing" ""
part "standard headers" "$(includes "${used[@]}")"
part "standard headers, xsimd" "$(includes "${used[@]}" xsimd/xsimd.hpp)"
part "core.hpp" "$(includes tessera/core.hpp)"
part "core.hpp, simd.hpp" "$(includes tessera/core.hpp tessera/backend/simd/simd.hpp)"
part "tessera.hpp" "$(includes tessera/tessera.hpp)"
for network in lenet_inference lenet_training; do
    headers=$(sed -n 's/^#include <\(.*\)>/\1/p' "$here/$network.cpp" "$root/tests/networks/lenet.hpp" | sort -u)
    # shellcheck disable=SC2086
    part "$network: headers" "$(includes $headers)"
    for extent in -fsyntax-only -c; do
        part "$network: $extent" "$(sed "s|\"../../|\"$root/|" "$here/$network.cpp")" "$extent"
    done
done

for ((turn = 0; turn < turns; ++turn)); do
    for ((i = 0; i < ${#labels[@]}; ++i)); do
        read -ra own <"$scratch/$i.flags"
        for compiler in g++ clang++-19; do
            /usr/bin/time -q -o "$scratch/cost" -f '%U %S' "$compiler" -std=c++20 -O2 -I"$root/include" "${flags[@]}" \
                "${own[@]:--c}" -o /dev/null "$scratch/$i.cpp" || exit 1
            cat "$scratch/cost" >>"$scratch/$i.$compiler"
        done
    done
done

least() { awk 'NR == 1 || $1 + $2 < least { least = $1 + $2 } END { printf "%.2f", least }' "$1"; }
printf '%-32s %8s %12s\n' 'CPU s' g++ clang++-19
for ((i = 0; i < ${#labels[@]}; ++i)); do
    printf '%-32s %8s %12s\n' "${labels[i]}" "$(least "$scratch/$i.g++")" "$(least "$scratch/$i.clang++-19")"
done
