#!/bin/bash
# build.sh COMPILER INCLUDES: programs of a few lines, compiled with nothing of Tessera in reach but a single header of
# the folder INCLUDES; what such a header holds is what the preprocessor makes of the headers that it joins.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

# its text after the preprocessor, which keeps no trace of files
text() { "$1" -std=c++20 -E -P "${@:2}" -x c++ - | grep -v '^ *$'; }

compare() {
    cmp <(sed '/^#pragma once$/d' "$2" | text "$1") <(printf '#include <%s>\n' "${@:4}" | text "$1" -I"$3")
}

compare "$1" "$2/tessera_core.hpp" "$2" tessera/core.hpp
compare "$1" "$2/tessera_simd.hpp" "$2" tessera/core.hpp tessera/backend/simd/simd.hpp

for name in core simd; do
    rm -rf alone
    mkdir alone
    cp "$2/tessera_$name.hpp" alone
    "$1" -std=c++20 -Wall -Wextra -Werror -Ialone "$here/$name.cpp" -o single_header_$name -pthread
    ./single_header_$name
done
