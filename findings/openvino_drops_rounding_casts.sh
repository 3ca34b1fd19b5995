#!/bin/bash
# OpenVINO 2026.4.1, CPU: a Cast of float32 to float16 and back is taken out, so that a model that rounds its numbers on
# purpose, as training for float16 does, runs without the rounding: 1.0001 stays, 70000 is not infinite. The same pair with
# bfloat16 is kept. ONNX's rule that a Cast to float8 saturates unless told otherwise is passed over: 500 becomes NaN.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q openvino==2026.4.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import numpy as np, onnx, onnxruntime, openvino
from onnx import helper

x = np.array([1.0001, 500, 70000], np.float32)
for name in ("FLOAT16", "BFLOAT16", "FLOAT8E4M3FN"):
    value = lambda n: helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, x.shape)
    there = helper.make_node("Cast", ["x"], ["small"], to=getattr(onnx.TensorProto, name))
    back = helper.make_node("Cast", ["small"], ["y"], to=onnx.TensorProto.FLOAT)
    graph = helper.make_graph([there, back], "g", [value("x")], [value("y")])
    file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9).SerializeToString()
    one = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
    core = openvino.Core()
    two = core.compile_model(core.read_model(file), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})({"x": x})[0]
    text = lambda y: " ".join(f"{v:g}" for v in y)
    print(f"{name}: ONNX Runtime {text(one)}, OpenVINO {text(two)}")
PYTHON
diff - seen <<'SEEN'
FLOAT16: ONNX Runtime 1 500 inf, OpenVINO 1.0001 500 70000
BFLOAT16: ONNX Runtime 1 500 70144, OpenVINO 1 500 70144
FLOAT8E4M3FN: ONNX Runtime 1 448 448, OpenVINO 1 nan nan
SEEN
