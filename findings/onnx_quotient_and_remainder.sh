#!/bin/bash
# ONNX divides whole numbers towards zero and takes the remainder by Python's rule, so that y * Div(x, y) + Mod(x, y) is not x
# where the signs differ: C has both parts of the one kind, NumPy 2.4.6 both of the other. ONNX Runtime 1.32.0 and OpenVINO
# 2026.4.1 follow it. Mod with fmod = 1 would match; ONNX has that for floating numbers only, both run it on whole ones.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q openvino==2026.4.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import numpy as np, onnx, onnxruntime, openvino
from onnx import helper

x, y = np.array([-7, 7, -7], np.int32), np.array([2, -2, -2], np.int32)
value = lambda n: helper.make_tensor_value_info(n, onnx.TensorProto.INT32, [3])
nodes = [helper.make_node("Div", ["x", "y"], ["d"]), helper.make_node("Mod", ["x", "y"], ["m"]),
         helper.make_node("Mod", ["x", "y"], ["f"], fmod=1)]
graph = helper.make_graph(nodes, "g", [value("x"), value("y")], [value("d"), value("m"), value("f")])
file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9).SerializeToString()
core = openvino.Core()
compiled = core.compile_model(core.read_model(file), "CPU")
result = compiled({"x": x, "y": y})
for name, (d, m, f) in (("ONNX Runtime", onnxruntime.InferenceSession(file).run(None, {"x": x, "y": y})),
                        ("OpenVINO", [result[o] for o in compiled.outputs]), ("NumPy", (x // y, x % y, np.fmod(x, y)))):
    print(f"{name}: quotient {d.tolist()}, remainder {m.tolist()}, put together {(d * y + m).tolist()}, fmod {f.tolist()}")
PYTHON
diff - seen <<'SEEN'
ONNX Runtime: quotient [-3, -3, 3], remainder [1, -1, -1], put together [-5, 5, -7], fmod [-1, 1, -1]
OpenVINO: quotient [-3, -3, 3], remainder [1, -1, -1], put together [-5, 5, -7], fmod [-1, 1, -1]
NumPy: quotient [-4, -4, 3], remainder [1, -1, -1], put together [-7, 7, -7], fmod [-1, 1, -1]
SEEN
