#!/bin/bash
# check.sh PAGE FOLDER BASES COMPILER FLAG...: the C++ of a Markdown page compiles, after a base in the folder BASES.
#
# A block fenced ```cpp that holds `int main` is a program: it is compiled and run. Any other is compiled after
# `#include <tessera/tessera.hpp>` and `using namespace tessera;`. ```cpp ignore leaves a block out.
page=$1
folder=$2
bases=$3
shift 3
compiler=("$@")
with_base=$(cd "$(dirname "$0")/../bases" && pwd)/with_base.sh
failures=0

rm -rf "$folder"
mkdir -p "$folder"
awk -v folder="$folder" -v page="$page" '
    inside && /^ *```/ {
        close(file)
        inside = 0
        next
    }
    /^ *```cpp *$/ {
        inside = 1
        file = folder "/line_" NR + 1 ".cpp"
        printf "#line %d \"%s\"\n", NR + 1, page >file
        next
    }
    inside { print >file }' "$page"

fail() {
    echo "$1: $2"
    failures=1
}

compile() {
    "$with_base" "$bases" "$block" "${compiler[@]}" "$block" "$@"
}

cd "$folder" || exit 1
for block in line_*.cpp; do
    [ -e "$block" ] || continue
    name=${block%.cpp}
    place=$page:${name#line_}
    if grep -qE '\bint main\b' "$block"; then
        if ! compile -o "$name" -lz; then
            fail "$place" "the program does not compile"
        elif ! "./$name" >"$name.out" 2>&1; then
            fail "$place" "the program fails"
            cat "$name.out"
        fi
    else
        sed -i '1i #include <tessera/tessera.hpp>\nusing namespace tessera;' "$block"
        compile -fsyntax-only || fail "$place" "the fragment does not compile"
    fi
done
exit $failures
