#!/bin/sh
# build.sh COMPILER PREFIX VERSION: programs built with what pkg-config says of the tessera installed in PREFIX.
set -e
export PKG_CONFIG_PATH="$2/share/pkgconfig"
pkg-config --exact-version="$3" tessera
# shellcheck disable=SC2046  # the flags are words
"$1" -std=c++20 "$(dirname "$0")/../lenet.cpp" -o lenet_by_pkg_config $(pkg-config --cflags --libs tessera)
./lenet_by_pkg_config

# the core asks for a folder of headers and no more
pkg-config --exact-version="$3" tessera-core
[ "$(pkg-config --cflags --libs tessera-core | wc -w)" = 1 ]
