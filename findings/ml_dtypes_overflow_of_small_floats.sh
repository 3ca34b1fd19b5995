#!/bin/bash
# ml_dtypes 0.6.0: what is too large for a float of eight bits or fewer follows three rules. e5m2 and e4m3 make it infinite,
# e4m3fn and e4m3fnuz NaN, the 6-bit and 4-bit types their largest number, infinity included. A NaN becomes -0 in those, so
# that weights in float4 do not tell that they were NaN. e8m0fnu has no 0 and makes it NaN.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q ml_dtypes==0.6.0 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import ml_dtypes, numpy as np

np.seterr(all="ignore")
x = np.array([1e9, np.inf, np.nan, 0], np.float32)
print("of 1e9, inf, nan, 0:")
for name in ("float8_e5m2", "float8_e4m3", "float8_e4m3fn", "float8_e4m3fnuz", "float6_e2m3fn", "float6_e3m2fn",
             "float4_e2m1fn", "float8_e8m0fnu"):
    y = x.astype(getattr(ml_dtypes, name)).astype(np.float32)
    print(f"{name}:", ", ".join(f"{v:g}" for v in y))
PYTHON
diff - seen <<'SEEN'
of 1e9, inf, nan, 0:
float8_e5m2: inf, inf, nan, 0
float8_e4m3: inf, inf, nan, 0
float8_e4m3fn: nan, nan, nan, 0
float8_e4m3fnuz: nan, nan, nan, 0
float6_e2m3fn: 7.5, 7.5, -0, 0
float6_e3m2fn: 28, 28, -0, 0
float4_e2m1fn: 6, 6, -0, 0
float8_e8m0fnu: 1.07374e+09, nan, nan, nan
SEEN
