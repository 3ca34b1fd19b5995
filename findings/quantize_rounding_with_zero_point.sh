#!/bin/bash
# ONNX Runtime 1.32.0 and OpenVINO 2026.4.1 round halves to even, and differ all the same: ONNX rounds x / scale and then adds
# the zero point, OpenVINO adds it first, so that with an odd zero point every half goes the other way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q openvino==2026.4.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import numpy as np, onnx, onnxruntime, openvino
from onnx import helper, numpy_helper

x = np.array([0.5, 1.5, 2.5, 3.5], np.float32)
for zero in (np.uint8(0), np.uint8(1), np.int8(-1)):
    kind = helper.np_dtype_to_tensor_dtype(zero.dtype)
    graph = helper.make_graph([helper.make_node("QuantizeLinear", ["x", "scale", "zero"], ["y"])], "g",
                              [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, x.shape)],
                              [helper.make_tensor_value_info("y", kind, x.shape)],
                              [numpy_helper.from_array(np.array(1, np.float32), "scale"),
                               numpy_helper.from_array(np.array(zero), "zero")])
    file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9).SerializeToString()
    one = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
    core = openvino.Core()
    two = core.compile_model(core.read_model(file), "CPU")({"x": x})[0]
    print(f"{zero.dtype}, zero point {zero}: ONNX Runtime {one.tolist()}, OpenVINO {two.tolist()}")
PYTHON
diff - seen <<'SEEN'
uint8, zero point 0: ONNX Runtime [0, 2, 2, 4], OpenVINO [0, 2, 2, 4]
uint8, zero point 1: ONNX Runtime [1, 3, 3, 5], OpenVINO [2, 2, 4, 4]
int8, zero point -1: ONNX Runtime [-1, 1, 1, 3], OpenVINO [0, 0, 2, 2]
SEEN
