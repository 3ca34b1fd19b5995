// The version of the library: three macros for the preprocessor, one number to compare, and library_version for
// programs. This is the one place that states it: CMakeLists.txt reads the macros here.
//
//   #if TESSERA_VERSION >= 200        // 0.2.0: 10000 major + 100 minor + patch
//   static_assert(tessera::library_version >= tessera::version_number{0, 1, 0});
#pragma once
#include <compare>

#define TESSERA_VERSION_MAJOR 0
#define TESSERA_VERSION_MINOR 1
#define TESSERA_VERSION_PATCH 0

#define TESSERA_VERSION (TESSERA_VERSION_MAJOR * 10000 + TESSERA_VERSION_MINOR * 100 + TESSERA_VERSION_PATCH)

namespace tessera {

struct version_number {
    int major = 0, minor = 0, patch = 0;
    friend constexpr auto operator<=>(const version_number&, const version_number&) = default;
};

inline constexpr version_number library_version{TESSERA_VERSION_MAJOR, TESSERA_VERSION_MINOR, TESSERA_VERSION_PATCH};

}  // namespace tessera
