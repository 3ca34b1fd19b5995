#!/bin/bash
# A query whose keys are all hidden by a mask of booleans: JAX 0.10.2, Flax 0.12.8, Equinox 0.13.8, Keras 3.15.1 and MLX
# 0.32.4 give it the mean of all values, the hidden ones among them; ONNX Runtime 1.32.0 and onnx 1.23.2 give 0; OpenVINO
# 2026.4.1 and tinygrad 0.14.0 NaN. So what was hidden leaks into padded rows in five of nine.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q jax==0.10.2 jaxlib==0.10.2 flax==0.12.8 equinox==0.13.8 keras==3.15.1 onnx==1.23.2 \
    onnxruntime==1.32.0 openvino==2026.4.1 mlx==0.32.4 mlx-cpu==0.32.4 tinygrad==0.14.0 numpy==2.4.6
DEV=CPU KERAS_BACKEND=jax JAX_PLATFORMS=cpu env/bin/python -W ignore - 2>errors <<'PYTHON' | tee seen
import equinox, flax.linen, jax, jax.numpy as jnp, keras, mlx.core as mx, numpy as np, onnx.reference, onnxruntime, openvino
from onnx import TensorProto, helper
from openvino import opset13
from tinygrad import Tensor

q = np.array([[1, 0], [0, 1]], np.float32)             # two queries
k = np.array([[3, 0], [0, 3], [1, 1]], np.float32)     # three keys
v = np.array([[10, 1], [20, 2], [60, 6]], np.float32)  # mean 30, 3
mask = np.array([[True, False, False], [False, False, False]])  # the second query sees none

places_first = [x[None, :, None] for x in (q, k, v)]  # (1, T, 1, 2)
heads_first = [x[None, None] for x in (q, k, v)]      # (1, 1, T, 2)

def by_onnx():
    tensor = helper.make_tensor_value_info
    inputs = [tensor(n, TensorProto.FLOAT, x.shape) for n, x in zip("qkv", heads_first)]
    graph = helper.make_graph([helper.make_node("Attention", ["q", "k", "v", "m"], ["y"])], "g",
                              inputs + [tensor("m", TensorProto.BOOL, mask.shape)],
                              [tensor("y", TensorProto.FLOAT, (1, 1, 2, 2))])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 24)], ir_version=10)

def by_openvino():
    x = [opset13.parameter(a.shape, np.float32) for a in heads_first] + [opset13.parameter(mask.shape, np.bool_)]
    model = openvino.Model([opset13.scaled_dot_product_attention(*x)], x)
    return openvino.Core().compile_model(model, "CPU")([*heads_first, mask])[0]

def by_mlx():
    return mx.fast.scaled_dot_product_attention(*map(mx.array, heads_first), scale=0.5**0.5, mask=mx.array(mask))

feed = dict(zip("qkvm", [*heads_first, mask]))
for name, y in {
    "JAX": jax.nn.dot_product_attention(*places_first, mask=mask[None, None]),
    "Flax": flax.linen.dot_product_attention(*places_first, mask=mask[None, None]),
    "Equinox": equinox.nn._attention.dot_product_attention(*map(jnp.array, (q, k, v, mask))),
    "Keras": keras.ops.dot_product_attention(*places_first, mask=mask[None, None]),
    "MLX": by_mlx(),
    "ONNX Runtime": onnxruntime.InferenceSession(by_onnx().SerializeToString()).run(None, feed)[0],
    "onnx's ReferenceEvaluator": onnx.reference.ReferenceEvaluator(by_onnx()).run(None, feed)[0],
    "OpenVINO": by_openvino(),
    "tinygrad": Tensor(heads_first[0]).scaled_dot_product_attention(
        Tensor(heads_first[1]), Tensor(heads_first[2]), attn_mask=Tensor(mask)).numpy(),
}.items():
    sees_one, sees_none = np.array(y).reshape(2, 2).round(4).tolist()
    print(f"{name}: {sees_one}, {sees_none}")
PYTHON
diff - seen <<'SEEN' || { tail -3 errors; exit 1; }
JAX: [10.0, 1.0], [30.0, 3.0]
Flax: [10.0, 1.0], [30.0, 3.0]
Equinox: [10.0, 1.0], [30.0, 3.0]
Keras: [10.0, 1.0], [30.0, 3.0]
MLX: [10.0, 1.0], [30.0, 3.0]
ONNX Runtime: [10.0, 1.0], [0.0, 0.0]
onnx's ReferenceEvaluator: [10.0, 1.0], [0.0, 0.0]
OpenVINO: [10.0, 1.0], [nan, nan]
tinygrad: [10.0, 1.0], [nan, nan]
SEEN
