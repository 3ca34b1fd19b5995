#!/bin/bash
# xsimd 8.1.0-7 of Debian 12: the CMake target `xsimd`, of headers alone, links a library xtl. Its package file looks for no
# xtl, and the Debian package depends on none: what links xsimd is configured, and stops at the linker with
# "cannot find -lxtl". The folders of the target's headers are right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q libxsimd-dev=8.1.0-7 >/dev/null 2>&1
dpkg -x libxsimd-dev_8.1.0-7_*.deb root
mkdir project
cat >project/main.cpp <<'CODE'
#include <xsimd/xsimd.hpp>
int main() { return xsimd::batch<float>(0.0F).get(0) == 0 ? 0 : 1; }
CODE
cat >project/CMakeLists.txt <<'CODE'
cmake_minimum_required(VERSION 3.16)
project(finding LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 17)
find_package(xsimd 8.1 REQUIRED)
get_target_property(linked xsimd INTERFACE_LINK_LIBRARIES)
message(STATUS "xsimd links ${linked}")
add_executable(linked main.cpp)
target_link_libraries(linked PRIVATE xsimd)
get_target_property(headers xsimd INTERFACE_INCLUDE_DIRECTORIES)
add_executable(included main.cpp)
target_include_directories(included PRIVATE ${headers})
CODE
config=$(dirname "$(find "$folder/root" -name xsimdConfig.cmake)")
cmake -S project -B build -Dxsimd_DIR="$config" | sed -n 's/^-- \(xsimd links.*\)/\1/p' >seen
cmake --build build --target linked 2>&1 | grep -o 'cannot find -lxtl' | head -n 1 >>seen || true
cmake --build build --target included >/dev/null 2>&1 && echo "headers alone build" >>seen
cat seen
diff - seen <<'SEEN'
xsimd links xtl
cannot find -lxtl
headers alone build
SEEN
