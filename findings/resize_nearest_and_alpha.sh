#!/bin/bash
# Pillow 13.0.0 and OpenCV 5.0.0 (opencv-python-headless 5.0.0.93) take different pixels for the nearest: of ten, made four,
# OpenCV's INTER_NEAREST takes 0, 2, 5, 7, Pillow and INTER_NEAREST_EXACT the ones at the middles, 1, 3, 6, 8. Data prepared
# with the one and served with the other is shifted. Pillow resizes a picture with alpha weighted by alpha, so a transparent
# red pixel leaves no red, OpenCV half of it; and it resizes one with a palette by the nearest pixel whatever is asked for.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q opencv-python-headless==5.0.0.93 Pillow==13.0.0 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import cv2, numpy as np
from PIL import Image

x = np.arange(10, dtype=np.uint8)[None]
print("nearest, ten to four: Pillow", *np.array(Image.fromarray(x).resize((4, 1), Image.Resampling.NEAREST))[0],
      "INTER_NEAREST", *cv2.resize(x, (4, 1), interpolation=cv2.INTER_NEAREST)[0],
      "INTER_NEAREST_EXACT", *cv2.resize(x, (4, 1), interpolation=cv2.INTER_NEAREST_EXACT)[0])
pixels = np.array([[[255, 0, 0, 0], [0, 0, 255, 255]]], np.uint8)
print("red of alpha 0 and blue: Pillow", *np.array(Image.fromarray(pixels).resize((1, 1), Image.Resampling.BOX))[0, 0],
      "OpenCV", *cv2.resize(pixels, (1, 1), interpolation=cv2.INTER_LINEAR)[0, 0])
palette = Image.new("P", (4, 1))
palette.putpalette([0, 0, 0, 255, 255, 255])
palette.putdata([0, 1, 0, 1])
for mode in ("P", "RGB"):
    small = palette.convert(mode).resize((2, 1), Image.Resampling.BILINEAR).convert("RGB")
    print(f"black and white by turns, halved by BILINEAR as {mode}:", *np.array(small)[0, :, 0])
PYTHON
diff - seen <<'SEEN'
nearest, ten to four: Pillow 1 3 6 8 INTER_NEAREST 0 2 5 7 INTER_NEAREST_EXACT 1 3 6 8
red of alpha 0 and blue: Pillow 0 0 255 128 OpenCV 128 0 128 128
black and white by turns, halved by BILINEAR as P: 255 255
black and white by turns, halved by BILINEAR as RGB: 109 146
SEEN
