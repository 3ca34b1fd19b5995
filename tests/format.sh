#!/bin/sh
# format.sh [--fix]: every source is formatted as .clang-format says; --fix formats them.
cd "$(dirname "$0")/.." || exit 1
mode="--dry-run -Werror --ferror-limit=1"
[ "${1:-}" != --fix ] || mode=-i
# shellcheck disable=SC2086  # the mode is words
find include cuda tests examples bench -name '*.hpp' -o -name '*.cpp' -o -name '*.cuh' -o -name '*.cu' |
    xargs clang-format-19 $mode
