#!/bin/bash
# OpenVINO 2026.4.1, CPU: whole numbers of 64 bits are added and multiplied in 32, doubles in float, though the results are
# handed out as int64 and double. 2^40 + 2^24 + 1 is 2^24 + 1, 2 * 2^31 is 0, 1e300 + 1e300 is the largest float and
# 1 + 2^-40 is 1. The element type of the result tells nothing. ONNX Runtime 1.32.0 computes as the model says.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q openvino==2026.4.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import numpy as np, onnx, onnxruntime, openvino
from onnx import helper

def show(title, operator, a, b):
    kind = helper.np_dtype_to_tensor_dtype(a.dtype)
    graph = helper.make_graph([helper.make_node(operator, ["a", "b"], ["y"])], "g",
                              [helper.make_tensor_value_info(n, kind, [1]) for n in "ab"],
                              [helper.make_tensor_value_info("y", kind, [1])])
    file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9).SerializeToString()
    right = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, {"a": a, "b": b})[0]
    core = openvino.Core()
    seen = core.compile_model(core.read_model(file), "CPU")({"a": a, "b": b})[0]
    print(f"{title}: ONNX Runtime {right[0]}, OpenVINO {seen[0]} of type {seen.dtype}")

show("2^40 + (2^24 + 1)", "Add", np.array([2**40]), np.array([2**24 + 1]))
show("2^31 * 2", "Mul", np.array([2**31]), np.array([2]))
show("1e300 + 1e300", "Add", np.array([1e300]), np.array([1e300]))
show("(1 + 2^-40) * 1", "Mul", np.array([1 + 2.0**-40]), np.array([1.0]))
PYTHON
diff - seen <<'SEEN'
2^40 + (2^24 + 1): ONNX Runtime 1099528404993, OpenVINO 16777217 of type int64
2^31 * 2: ONNX Runtime 4294967296, OpenVINO 0 of type int64
1e300 + 1e300: ONNX Runtime 2e+300, OpenVINO 3.4028234663852886e+38 of type float64
(1 + 2^-40) * 1: ONNX Runtime 1.0000000000009095, OpenVINO 1.0 of type float64
SEEN
