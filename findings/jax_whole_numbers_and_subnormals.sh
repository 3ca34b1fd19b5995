#!/bin/bash
# JAX 0.10.2, CPU: 1 // 0 is -2, as the division gives -1 and rounding towards minus infinity takes another 1 off; 0 // 0 is
# -1. NumPy 2.4.6 has 0. Subnormal floats are zero: 1e-40 times 1 is 0, and so is exp(-90).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6
JAX_PLATFORMS=cpu env/bin/python -W ignore - <<'PYTHON' | tee seen
import jax.numpy as jnp, numpy as np

for name, of in (("JAX", jnp), ("NumPy", np)):
    x, zero = of.array([1, -1, 0], of.int32), of.array([0, 0, 0], of.int32)
    print(f"{name}: 1, -1, 0 by 0:", (x // zero).tolist(), "remainder", (x % zero).tolist(), "; 1e-40 * 1:",
          "%.3g" % (of.array([1e-40], of.float32) * of.float32(1))[0], "; exp(-90): %.3g" % of.exp(of.float32(-90)))
PYTHON
diff - seen <<'SEEN'
JAX: 1, -1, 0 by 0: [-2, -2, -1] remainder [0, 0, 0] ; 1e-40 * 1: 0 ; exp(-90): 0
NumPy: 1, -1, 0 by 0: [0, 0, 0] remainder [0, 0, 0] ; 1e-40 * 1: 1e-40 ; exp(-90): 8.19e-40
SEEN
