#!/bin/sh
# format.sh CLANG_FORMAT: every source is formatted as .clang-format says.
cd "$(dirname "$0")/.." || exit 1
find include cuda tests examples bench -name '*.hpp' -o -name '*.cpp' -o -name '*.cuh' -o -name '*.cu' |
    xargs "${1:-clang-format-19}" --dry-run -Werror --ferror-limit=1
