// palette: the colours of charts. The series colours can be told apart by people who do not see red and green alike.
#pragma once
#include <array>
#include <cstddef>
#include <tessera/io/picture/canvas.hpp>

namespace tessera::detail::palette {

inline constexpr rgb paper{255, 255, 255};
inline constexpr rgb ink{45, 52, 62};
inline constexpr rgb quiet_ink{105, 114, 126};
inline constexpr rgb rule{226, 230, 235};   // grid lines
inline constexpr rgb frame{160, 168, 178};  // axes
inline constexpr rgb good{39, 96, 154};
inline constexpr rgb bad{200, 92, 48};

inline constexpr std::array<rgb, 8> series_colours{{{48, 112, 176},
                                                    {222, 130, 40},
                                                    {52, 148, 128},
                                                    {190, 84, 92},
                                                    {128, 104, 176},
                                                    {140, 108, 84},
                                                    {84, 168, 216},
                                                    {120, 128, 138}}};

// The i-th series' colour; they repeat.
constexpr rgb series(std::size_t i) { return series_colours[i % series_colours.size()]; }

}  // namespace tessera::detail::palette
