#!/bin/bash
# ONNX Runtime 1.32.0, CPU: a linear Resize of bytes does not round, it cuts towards zero: 63.75 becomes 63, so pictures grow
# darker. With antialias = 1, which changes nothing else when enlarging, it does round, and then takes int8 for uint8: every
# negative number becomes 0.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import numpy as np, onnx, onnxruntime
from onnx import helper, numpy_helper

def resize(x, **attributes):
    kind = helper.np_dtype_to_tensor_dtype(x.dtype)
    size = numpy_helper.from_array(np.array([1, 1, 1, 2 * x.size]), "size")
    graph = helper.make_graph([helper.make_node("Resize", ["x", "", "", "size"], ["y"], mode="linear", **attributes)], "g",
                              [helper.make_tensor_value_info("x", kind, [1, 1, 1, x.size])],
                              [helper.make_tensor_value_info("y", kind, [1, 1, 1, 2 * x.size])], [size])
    file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9).SerializeToString()
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x.reshape(1, 1, 1, -1)})[0].ravel().tolist()

for numbers, kind in (([0, 255, 0], np.uint8), ([0, 3, 0, -3], np.int8)):
    x = np.array(numbers, kind)
    print(f"{kind.__name__}: float {resize(x.astype(np.float32))}")
    print(f"{kind.__name__}: bytes {resize(x)}, with antialias {resize(x, antialias=1)}")
PYTHON
diff - seen <<'SEEN'
uint8: float [0.0, 63.75, 191.25, 191.25, 63.75, 0.0]
uint8: bytes [0, 63, 191, 191, 63, 0], with antialias [0, 64, 191, 191, 64, 0]
int8: float [0.0, 0.75, 2.25, 2.25, 0.75, -0.75, -2.25, -3.0]
int8: bytes [0, 0, 2, 2, 0, 0, -2, -3], with antialias [0, 1, 2, 2, 1, 0, 0, 0]
SEEN
