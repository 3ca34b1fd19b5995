#!/bin/bash
# A row of pixels 10 20 30 40 read between them, zeros around. SciPy 1.17.1's map_coordinates of mode "constant" is 0 from
# the first step outside on; JAX 0.10.2's function and mode of the same names goes down to 0 within a pixel, as SciPy's
# "grid-constant", OpenCV 5.0.0's remap and ONNX's GridSample do. At a coordinate that is NaN, SciPy's "constant" and
# OpenCV are 0, ONNX Runtime 1.32.0 takes the first pixel, the others are NaN.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q jax==0.10.2 jaxlib==0.10.2 scipy==1.17.1 opencv-python-headless==5.0.0.93 onnx==1.23.2 \
    onnxruntime==1.32.0 openvino==2026.4.1 numpy==2.4.6
JAX_PLATFORMS=cpu env/bin/python -W ignore - 2>errors <<'PYTHON' | tee seen
import cv2, jax, jax.numpy as jnp, numpy as np, onnxruntime, openvino, scipy.ndimage
from onnx import helper, TensorProto

image = np.tile(np.array([10, 20, 30, 40], np.float32), (3, 1))
columns = np.array([1.5, -0.25, 3.5, -1, np.nan], np.float32)
rows = np.ones_like(columns)

def grid_sample():
    grid = np.stack([columns / 3 * 2 - 1, rows / 2 * 2 - 1], -1)[None, None].astype(np.float32)
    tensor = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    node = helper.make_node("GridSample", ["x", "at"], ["y"], mode="linear", align_corners=1)
    graph = helper.make_graph([node], "g", [tensor("x", (1, 1, 3, 4)), tensor("at", grid.shape)],
                              [tensor("y", (1, 1, 1, len(columns)))])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    return model.SerializeToString(), {"x": image[None, None], "at": grid}

model, feed = grid_sample()
core = openvino.Core()
compiled = core.compile_model(core.read_model(model), "CPU")
at = np.stack([rows, columns])
for name, y in {
    "SciPy constant": scipy.ndimage.map_coordinates(image, at, order=1, mode="constant"),
    "SciPy grid-constant": scipy.ndimage.map_coordinates(image, at, order=1, mode="grid-constant"),
    "JAX constant": jax.scipy.ndimage.map_coordinates(jnp.array(image), at, order=1, mode="constant"),
    "OpenCV constant": cv2.remap(image, columns[None], rows[None], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT),
    "ONNX Runtime": onnxruntime.InferenceSession(model).run(None, feed)[0],
    "OpenVINO": compiled([feed["x"], feed["at"]])[0],
}.items():
    print(f"{name}:", *np.array(y, np.float64).ravel().round(3).tolist())
PYTHON
diff - seen <<'SEEN' || { tail -3 errors; exit 1; }
SciPy constant: 25.0 0.0 0.0 0.0 0.0
SciPy grid-constant: 25.0 7.5 20.0 0.0 nan
JAX constant: 25.0 7.5 20.0 0.0 nan
OpenCV constant: 25.0 7.5 20.0 0.0 0.0
ONNX Runtime: 25.0 7.5 20.0 0.0 10.0
OpenVINO: 25.0 7.5 20.0 0.0 nan
SEEN
