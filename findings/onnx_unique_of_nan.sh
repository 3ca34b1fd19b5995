#!/bin/bash
# Unique of 2, NaN, 1, NaN has four answers. NumPy 2.4.6 counts the NaNs as one value; onnx 1.23.2's evaluator follows it.
# ONNX Runtime 1.32.0 has no NaN among the values and counts each NaN as the number that the sorting met before it. OpenVINO
# 2026.4.1 has two of them, counted 0 times, with the index of another element.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q openvino==2026.4.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import numpy as np, onnx, onnxruntime, openvino
from onnx import helper
from onnx.reference import ReferenceEvaluator

x = np.array([2, np.nan, 1, np.nan], np.float32)
parts = ["values", "first", "inverse", "counts"]
outputs = [helper.make_tensor_value_info(p, onnx.TensorProto.INT64 if i else onnx.TensorProto.FLOAT, [None])
           for i, p in enumerate(parts)]
graph = helper.make_graph([helper.make_node("Unique", ["x"], parts, sorted=1)], "g",
                          [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, x.shape)], outputs)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
file = model.SerializeToString()
core = openvino.Core()
compiled = core.compile_model(core.read_model(file), "CPU")
result = compiled({"x": x})
for name, seen in (("NumPy", np.unique(x, True, True, True)), ("onnx", ReferenceEvaluator(model).run(None, {"x": x})),
                   ("ONNX Runtime", onnxruntime.InferenceSession(file).run(None, {"x": x})),
                   ("OpenVINO", [result[o] for o in compiled.outputs])):
    print(f"{name}:", ", ".join(f"{p} {y.tolist()}" for p, y in zip(parts, seen)))
PYTHON
diff - seen <<'SEEN'
NumPy: values [1.0, 2.0, nan], first [2, 0, 1], inverse [1, 2, 0, 2], counts [1, 1, 2]
onnx: values [1.0, 2.0, nan], first [2, 0, 1], inverse [1, 2, 0, 2], counts [1, 1, 2]
ONNX Runtime: values [1.0, 2.0], first [2, 0], inverse [1, 1, 0, 0], counts [2, 2]
OpenVINO: values [1.0, 2.0, nan, nan], first [2, 0, 0, 0], inverse [1, 0, 0, 0], counts [1, 1, 0, 0]
SEEN
