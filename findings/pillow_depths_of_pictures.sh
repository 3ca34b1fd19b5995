#!/bin/bash
# Pillow 13.0.0: convert() between depths neither scales nor rounds. A picture of 16 bits becomes white in 8 bits wherever it is
# above 255 of 65535; floats are cut, 0.6 to 0 and 254.9 to 254, and a NaN is 0. OpenCV 5.0.0 (opencv-python-headless
# 5.0.0.93) rounds in convertScaleAbs. To 1 bit Pillow spreads the error, so that grey becomes a pattern, not one colour.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q opencv-python-headless==5.0.0.93 Pillow==13.0.0 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import cv2, numpy as np
from PIL import Image

convert = lambda x, mode: np.array(Image.fromarray(x).convert(mode))[0].astype(int)
print("16 bits, 0 255 256 1000 65535:", *convert(np.array([[0, 255, 256, 1000, 65535]], np.uint16), "L"))
x = np.array([[0.6, 254.9, -3, 300]], np.float32)
print("float, 0.6 254.9 -3 300:", *convert(x, "L"), "OpenCV", *cv2.convertScaleAbs(np.maximum(x, 0))[0])
print("float, NaN:", *convert(np.array([[np.nan]], np.float32), "L"))
print("grey 100 four times, in 1 bit:", *convert(np.full((1, 4), 100, np.uint8), "1"))
PYTHON
diff - seen <<'SEEN'
16 bits, 0 255 256 1000 65535: 0 255 255 255 255
float, 0.6 254.9 -3 300: 0 254 0 255 OpenCV 1 255 0 255
float, NaN: 0
grey 100 four times, in 1 bit: 0 1 0 0
SEEN
