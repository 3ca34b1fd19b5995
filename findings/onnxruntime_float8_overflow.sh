#!/bin/bash
# ONNX Runtime 1.32.0: a Cast to float8 E5M2 with saturate = 0 should make what is too large infinite, as ml_dtypes 0.6.0 and
# onnx 1.23.2's own evaluator do. What rounds up to 65536 and is less than it, that is from 61440 on, becomes NaN instead;
# from 65536 on it is infinite. So the result is finite, then NaN, then infinite as x grows.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6 ml_dtypes==0.6.0
env/bin/python - <<'PYTHON' | tee seen
import ml_dtypes, numpy as np, onnx, onnxruntime
from onnx import helper
from onnx.reference import ReferenceEvaluator

np.seterr(all="ignore")
x = np.array([57344, 61439, 61440, 65535, 65536], np.float32)
value = lambda n: helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, x.shape)
there = helper.make_node("Cast", ["x"], ["small"], to=onnx.TensorProto.FLOAT8E5M2, saturate=0)
back = helper.make_node("Cast", ["small"], ["y"], to=onnx.TensorProto.FLOAT)
model = helper.make_model(helper.make_graph([there, back], "g", [value("x")], [value("y")]),
                          opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
print("x            ", *x.astype(int))
print("ONNX Runtime ", *session.run(None, {"x": x})[0])
print("onnx         ", *ReferenceEvaluator(model).run(None, {"x": x})[0])
print("ml_dtypes    ", *x.astype(ml_dtypes.float8_e5m2).astype(np.float32))
PYTHON
diff - seen <<'SEEN'
x             57344 61439 61440 65535 65536
ONNX Runtime  57344.0 57344.0 nan nan inf
onnx          57344.0 57344.0 inf inf inf
ml_dtypes     57344.0 57344.0 inf inf inf
SEEN
