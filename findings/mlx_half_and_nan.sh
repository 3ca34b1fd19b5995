#!/bin/bash
# MLX 0.32.4, CPU: the mean of 100000 ones in float16 is infinite, as the sum is kept in float16; NumPy 2.4.6 has 1. NaN and
# infinity become 448 in to_fp8, a NaN in a block that quantize packs becomes the 1 of its neighbours, and sign(NaN) is 0:
# after quantisation nothing tells of a broken weight. max, argmax and sort do keep NaN.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q mlx==0.32.4 mlx-cpu==0.32.4 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import mlx.core as mx, numpy as np

mx.set_default_device(mx.cpu)
print("mean of 100000 ones in float16:", mx.mean(mx.ones(100000, mx.float16)).item(),
      "NumPy", np.ones(100000, np.float16).mean())
nan, inf = float("nan"), float("inf")
print("500, inf, nan by to_fp8:", mx.from_fp8(mx.to_fp8(mx.array([500, inf, nan])), mx.float32).tolist())
w = mx.array([[nan] + [1.0] * 31])
for bits in (4, 8):
    back = mx.dequantize(*mx.quantize(w, group_size=32, bits=bits), group_size=32, bits=bits)[0].tolist()
    print(f"NaN and 31 ones in {bits} bits: the NaN {back[0]}, a one {back[1]}")
print("sign(nan):", mx.sign(mx.array(nan)).item(), "max:", mx.max(mx.array([1, nan, 2])).item())
PYTHON
diff - seen <<'SEEN'
mean of 100000 ones in float16: inf NumPy 1.0
500, inf, nan by to_fp8: [448.0, 448.0, 448.0]
NaN and 31 ones in 4 bits: the NaN 1.0, a one 1.0
NaN and 31 ones in 8 bits: the NaN 1.0, a one 1.0
sign(nan): 0.0 max: nan
SEEN
