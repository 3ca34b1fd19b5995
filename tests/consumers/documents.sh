#!/bin/bash
# documents.sh: each block of CMake in README.md and docs/packaging.md is, line by line, a part of a project of this
# folder.
cd "$(dirname "$0")" || exit 1
failures=0

# the blocks of a page, each as one line with \t for its ends of line
blocks() {
    awk '/^```cmake$/ { inside = 1; block = ""; next }
        inside && /^```$/ { inside = 0; print block; next }
        inside && NF { block = block $0 "\t" }' "$1"
}

# in_a_project BLOCK: some project has all its lines
in_a_project() {
    local project missing
    for project in */CMakeLists.txt; do
        missing=$(tr '\t' '\n' <<<"$1" | grep -v '^$' | grep -vxF -f "$project")
        [ -n "$missing" ] || return 0
    done
    return 1
}

for page in ../../README.md ../../docs/packaging.md; do
    found=0
    while IFS= read -r block; do
        found=$((found + 1))
        in_a_project "$block" && continue
        echo "$page: no project here has these lines:"
        tr '\t' '\n' <<<"$block"
        failures=1
    done < <(blocks "$page")
    [ $found -gt 0 ] || { echo "$page: expected blocks of CMake, found none"; failures=1; }
done
exit $failures
