#!/bin/bash
# ml_dtypes 0.6.0: a double becomes a bfloat16 by way of float, which rounds twice: 1 + 2^-8 + 2^-40 lies above the middle of
# 1 and 1 + 2^-7, and becomes 1. The 8-bit types are made the same way, and so are whole numbers: 2^24 + 2^16 + 1 becomes
# 2^24. NumPy 2.4.6 makes a float16 of a double in one step and is right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q ml_dtypes==0.6.0 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import ml_dtypes, numpy as np

for name, kind, bits in (("bfloat16", ml_dtypes.bfloat16, 7), ("float16", np.float16, 10),
                         ("float8_e4m3fn", ml_dtypes.float8_e4m3fn, 3), ("float8_e5m2", ml_dtypes.float8_e5m2, 2)):
    step = 2.0**-bits
    x = np.array([1 + step / 2 + 2.0**-40])
    print(f"{name}: of 1 + half a step + 2^-40 come {(float(x.astype(kind)[0]) - 1) / step:g} steps,",
          f"by float {(float(x.astype(np.float32).astype(kind)[0]) - 1) / step:g}")
whole = np.array([2**24 + 2**16 + 1])
print(f"int64 to bfloat16: of half a step and 1 come {(int(whole.astype(ml_dtypes.bfloat16)[0]) - 2**24) / 2**17:g} steps")
PYTHON
diff - seen <<'SEEN'
bfloat16: of 1 + half a step + 2^-40 come 0 steps, by float 0
float16: of 1 + half a step + 2^-40 come 1 steps, by float 0
float8_e4m3fn: of 1 + half a step + 2^-40 come 0 steps, by float 0
float8_e5m2: of 1 + half a step + 2^-40 come 0 steps, by float 0
int64 to bfloat16: of half a step and 1 come 0 steps
SEEN
