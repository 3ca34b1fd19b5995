#!/bin/sh
# symbols.sh nm first.o second.o: both define kernels, and none under the same name. The pool of threads is one for
# the whole program, whatever its units are compiled for.
set -e
kernels() { "$1" -C --defined-only "$2" | sed -n 's/^[0-9a-f]* [TtWwVvu] //p' | grep 'tessera::detail::simd::' | sort -u; }
first=$(mktemp)
second=$(mktemp)
trap 'rm -f "$first" "$second"' EXIT
kernels "$1" "$2" > "$first"
kernels "$1" "$3" > "$second"
for list in "$first" "$second"; do
    grep -q 'tessera::detail::simd::kernel<' "$list" || { echo "expected kernels, found none"; exit 1; }
done
common=$(comm -12 "$first" "$second" | grep -v 'tessera::detail::simd::threads\?::' || true)
if [ -n "$common" ]; then
    echo "expected names that differ, found"
    echo "$common"
    exit 1
fi
