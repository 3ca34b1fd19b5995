#!/bin/bash
# JAX 0.10.2, MLX 0.32.4 and tinygrad 0.14.0 (needs clang), CPU: a derivative where there is none has as many answers as
# libraries, and within one it depends on the function's name. At the corner of a maximum with a constant it is 1/2, 0 and
# 1/2; of a clip at its bounds 1/2, 0 and 1; of |x| at 0, JAX has 1, not 0. In JAX relu6 has 0 at its bounds and hard_tanh 1;
# in tinygrad relu6 has 0 at one and 1 at the other. A maximum over an axis shares among equals in all three, a window of
# max pooling in JAX gives all to the first.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q jax==0.10.2 jaxlib==0.10.2 mlx==0.32.4 mlx-cpu==0.32.4 tinygrad==0.14.0 numpy==2.4.6
compiler=$(command -v clang || command -v clang-19)
mkdir bin && ln -s "$compiler" bin/clang
PATH=$folder/bin:$PATH XDG_CACHE_HOME=$folder DEV=CPU JAX_PLATFORMS=cpu env/bin/python - 2>/dev/null <<'PYTHON' | tee seen
import jax, jax.numpy as jnp, mlx.core as mx, mlx.nn, numpy as np
from tinygrad import Tensor

mx.set_default_device(mx.cpu)

def by_jax(f, x):
    return jax.grad(lambda y: f(y).sum())(jnp.array(x, jnp.float32))

def by_mlx(f, x):
    return mx.grad(lambda y: f(y).sum())(mx.array(x, mx.float32))

def by_tinygrad(f, x):
    y = Tensor([float(v) for v in x])
    return f(y).sum().gradient(y)[0].numpy()

def show(title, x, j, m, t):
    text = lambda y: " ".join(f"{v:g}" for v in np.array(y).ravel())
    print(f"{title}: JAX {text(by_jax(j, x))}, MLX {text(by_mlx(m, x))}, tinygrad {text(by_tinygrad(t, x))}")

show("max(x, 1) at 1", [1], lambda x: jnp.maximum(x, 1), lambda x: mx.maximum(x, 1), lambda x: x.maximum(1))
show("clip to 0, 1 at 0, 1", [0, 1], lambda x: jnp.clip(x, 0, 1), lambda x: mx.clip(x, 0, 1), lambda x: x.clip(0, 1))
show("|x| at 0", [0], jnp.abs, mx.abs, lambda x: x.abs())
show("relu at 0", [0], jax.nn.relu, mlx.nn.relu, lambda x: x.relu())
show("relu6 at 0, 6", [0, 6], jax.nn.relu6, mlx.nn.relu6, lambda x: x.relu6())
show("hard_tanh at -1, 1", [-1, 1], jax.nn.hard_tanh, mlx.nn.hard_tanh, lambda x: x.hardtanh())
show("max of 1, 1", [1, 1], jnp.max, mx.max, lambda x: x.max())
window = lambda x: jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (2,), (2,), "VALID")
show("max pooling of 1, 1", [1, 1], window, lambda x: mlx.nn.MaxPool1d(2)(x.reshape(1, 2, 1)),
     lambda x: x.reshape(1, 1, 1, 2).max_pool2d((1, 2)))
PYTHON
diff - seen <<'SEEN'
max(x, 1) at 1: JAX 0.5, MLX 0, tinygrad 0.5
clip to 0, 1 at 0, 1: JAX 0.5 0.5, MLX 0 0, tinygrad 1 1
|x| at 0: JAX 1, MLX 0, tinygrad 0
relu at 0: JAX 0, MLX 0, tinygrad 0
relu6 at 0, 6: JAX 0 0, MLX 0 0, tinygrad 0 1
hard_tanh at -1, 1: JAX 1 1, MLX 0 0, tinygrad 1 1
max of 1, 1: JAX 0.5 0.5, MLX 0.5 0.5, tinygrad 0.5 0.5
max pooling of 1, 1: JAX 1 0, MLX 0.5 0.5, tinygrad 0.5 0.5
SEEN
