#!/bin/bash
# ONNX Runtime 1.32.0, CPU: Sigmoid of negative numbers comes in steps of 2^-25 or more and is 0 from -18 on. At -17 it is
# twice what it should be, and the logarithm of a Sigmoid, which exporters write for log-sigmoid, is -inf from -18 on where
# it should be -18. OpenVINO 2026.4.1 keeps the relative accuracy. No optimisation of ONNX Runtime's changes that.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q openvino==2026.4.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import numpy as np, onnx, onnxruntime, openvino
from onnx import helper

x = np.array([-10, -17, -18, -30], np.float32)
value = lambda n: helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, x.shape)
graph = helper.make_graph([helper.make_node("Sigmoid", ["x"], ["s"]), helper.make_node("Log", ["s"], ["y"])], "g",
                          [value("x")], [value("s"), value("y")])
file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9).SerializeToString()
ratio = lambda s: " ".join(f"{v:.2f}" for v in s * (1 + np.exp(-x.astype(np.float64))))
core = openvino.Core()
seen = core.compile_model(core.read_model(file), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})({"x": x})
one = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, {"x": x})
print("of", *x, "computed by exact: ONNX Runtime", ratio(one[0]), "OpenVINO", ratio(seen[0]))
print("logarithm: ONNX Runtime", " ".join(f"{v:.2f}" for v in one[1]), "OpenVINO", " ".join(f"{v:.2f}" for v in seen[1]))
PYTHON
diff - seen <<'SEEN'
of -10.0 -17.0 -18.0 -30.0 computed by exact: ONNX Runtime 1.00 2.16 0.00 0.00 OpenVINO 1.00 1.00 1.00 1.00
logarithm: ONNX Runtime -10.00 -16.23 -inf -inf OpenVINO -10.00 -17.00 -18.00 -30.00
SEEN
