#!/bin/bash
# stb_image 2.27: the elements of a PGM of 16 bits stand with the higher byte first, and are read as they lie, so on a
# little-endian machine their bytes are exchanged; asked for in 8 bits, what is left is the lower byte. An element of a
# PGM whose maximum is not 255 is not scaled: white of a maximum of 15 is 15 of 255.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq 'libstb-dev=0.0~git20220908.8b5f1f3+ds-1'
dpkg-deb -x libstb-dev_*.deb .
cat >show.cpp <<'PROGRAM'
#define STB_IMAGE_IMPLEMENTATION
#include <cstdio>
#include <stb/stb_image.h>

int main() {
    const unsigned char wide[] = {'P', '5', ' ', '2', ' ', '1', ' ', '6', '5', '5', '3', '5', '\n', 0x01, 0x02, 0xff, 0x00};
    const unsigned char small[] = {'P', '5', ' ', '1', ' ', '1', ' ', '1', '5', '\n', 15};
    int w, h, n;
    const auto* const words = stbi_load_16_from_memory(wide, sizeof wide, &w, &h, &n, 0);
    std::printf("0x0102 0xff00 in 16 bits: 0x%04x 0x%04x\n", words[0], words[1]);
    const auto* const bytes = stbi_load_from_memory(wide, sizeof wide, &w, &h, &n, 0);
    std::printf("0x0102 0xff00 in 8 bits: 0x%02x 0x%02x\n", bytes[0], bytes[1]);
    std::printf("15 of 15: %d of 255\n", stbi_load_from_memory(small, sizeof small, &w, &h, &n, 0)[0]);
}
PROGRAM
g++ -O1 -w -I usr/include show.cpp -o show
./show | tee seen
diff - seen <<'SEEN'
0x0102 0xff00 in 16 bits: 0x0201 0x00ff
0x0102 0xff00 in 8 bits: 0x02 0x00
15 of 15: 15 of 255
SEEN
