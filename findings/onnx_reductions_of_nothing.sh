#!/bin/bash
# Reductions over an axis of extent 0: ONNX Runtime 1.32.0 and OpenVINO 2026.4.1 have a mean of 0, where 0 / 0 is NaN in
# NumPy 2.4.6 and in onnx 1.23.2's evaluator; ONNX leaves the mean open. It does say that the maximum of nothing is -inf and
# the minimum inf: in OpenVINO they are the smallest and largest finite float, so that a test for infinity misses them.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q openvino==2026.4.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
env/bin/python -W ignore - <<'PYTHON' | tee seen
import numpy as np, onnx, onnxruntime, openvino
from onnx import helper
from onnx.reference import ReferenceEvaluator

x = np.zeros(0, np.float32)
for operator in ("ReduceMean", "ReduceMax", "ReduceMin"):
    graph = helper.make_graph([helper.make_node(operator, ["x"], ["y"], keepdims=0)], "g",
                              [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [0])],
                              [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [])])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    file = model.SerializeToString()
    core = openvino.Core()
    seen = {"onnx": ReferenceEvaluator(model).run(None, {"x": x})[0],
            "ONNX Runtime": onnxruntime.InferenceSession(file).run(None, {"x": x})[0],
            "OpenVINO": core.compile_model(core.read_model(file), "CPU")({"x": x})[0]}
    print(f"{operator}:", ", ".join(f"{name} {float(y):.4g}" for name, y in seen.items()))
PYTHON
diff - seen <<'SEEN'
ReduceMean: onnx nan, ONNX Runtime 0, OpenVINO 0
ReduceMax: onnx -inf, ONNX Runtime -inf, OpenVINO -3.403e+38
ReduceMin: onnx inf, ONNX Runtime inf, OpenVINO 3.403e+38
SEEN
