#!/bin/bash
# OpenCV 5.0.0 (opencv-python-headless 5.0.0.93): how a half of a byte is rounded depends on the interpolation. Halving
# 0, 1 and 2, 3 by INTER_AREA goes to even, by INTER_LINEAR up. divide() of whole numbers rounds to even too, where C, NumPy
# and ONNX cut: 7 / 2 is 4, 1 / 2 is 0, and x / 0 is 0. Pillow 13.0.0 rounds halves of bytes up.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q opencv-python-headless==5.0.0.93 Pillow==13.0.0 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import cv2, numpy as np
from PIL import Image

for pair in ((0, 1), (1, 2), (2, 3), (3, 4)):
    x = np.array([pair], np.uint8)
    print(f"mean of {pair}: area {cv2.resize(x, (1, 1), interpolation=cv2.INTER_AREA)[0, 0]},",
          f"linear {cv2.resize(x, (1, 1), interpolation=cv2.INTER_LINEAR)[0, 0]},",
          f"Pillow box {np.array(Image.fromarray(x).resize((1, 1), Image.Resampling.BOX))[0, 0]}")
x, y = np.array([[1, 3, 7, -7, 5]], np.int32), np.array([[2, 2, 2, 2, 0]], np.int32)
print("1, 3, 7, -7, 5 divided by 2, 2, 2, 2, 0:", *cv2.divide(x, y).ravel())
PYTHON
diff - seen <<'SEEN'
mean of (0, 1): area 0, linear 1, Pillow box 1
mean of (1, 2): area 2, linear 2, Pillow box 2
mean of (2, 3): area 2, linear 3, Pillow box 3
mean of (3, 4): area 4, linear 4, Pillow box 4
1, 3, 7, -7, 5 divided by 2, 2, 2, 2, 0: 0 2 4 -4 0
SEEN
