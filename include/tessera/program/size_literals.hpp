// Sizes for comparisons with a program's constants: static_assert(model<digits>::workspace_bytes <= 40_KiB).
#pragma once

namespace tessera {

consteval long operator""_KiB(unsigned long long n) { return static_cast<long>(n) * 1024; }
consteval long operator""_MiB(unsigned long long n) { return static_cast<long>(n) * 1024 * 1024; }

}  // namespace tessera
