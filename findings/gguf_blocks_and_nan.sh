#!/bin/bash
# gguf 0.19.0: what one odd weight does to its block of 32 depends on the type. A NaN makes all 32 NaN in Q4_0, Q5_1 and Q8_0,
# and all 32 zero in MXFP4, as an infinity does: a broken tensor comes out clean. MXFP4 takes its scale from the exponent of
# the largest weight alone, so a largest of 7.9 becomes 6. Q4_0 keeps the first largest, but not its negative: of 1 and -1
# there are 1 and -0.875 left. Scales are float16, so weights of 1e6 are infinite in Q4_0 and Q5_1.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q gguf==0.19.0 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import gguf, numpy as np
from gguf.quants import dequantize, quantize

np.seterr(all="ignore")

def back(kind, first):
    """A block of the given weights and then ones, quantised and read again."""
    x = np.ones((1, 32), np.float32)
    x[0, :len(first)] = first
    return dequantize(quantize(x, kind), kind)[0]

for name in ("Q4_0", "Q5_1", "Q8_0", "MXFP4"):
    kind = gguf.GGMLQuantizationType[name]
    print(f"{name}: a 1 beside NaN {back(kind, [np.nan])[31]:g}, beside inf {back(kind, [np.inf])[31]:g};",
          f"7.9 {back(kind, [7.9])[0]:.3g}; 1, -1 {back(kind, [1, -1])[0]:.3g}, {back(kind, [1, -1])[1]:.3g};",
          f"1e6 {back(kind, [1e6] * 32)[0]:.3g}")
PYTHON
diff - seen <<'SEEN'
Q4_0: a 1 beside NaN nan, beside inf nan; 7.9 7.9; 1, -1 1, -0.875; 1e6 inf
Q5_1: a 1 beside NaN nan, beside inf nan; 7.9 7.9; 1, -1 1, -1; 1e6 inf
Q8_0: a 1 beside NaN nan, beside inf nan; 7.9 7.9; 1, -1 1, -1; 1e6 1e+06
MXFP4: a 1 beside NaN 0, beside inf 0; 7.9 6; 1, -1 1, -1; 1e6 7.86e+05
SEEN
