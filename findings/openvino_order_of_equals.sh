#!/bin/bash
# OpenVINO 2026.4.1, CPU: which of equal numbers TopK takes depends on whether k is part of the model or an input of it. As a
# constant, the first ones come first, as ONNX says; as an input, the two largest of four ones stand at 1 and 0, and the
# three largest of forty at 1, 2 and 0. A NaN stops the sorting in the one case, and is less than 2 in the other.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q openvino==2026.4.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import numpy as np, onnx, onnxruntime, openvino
from onnx import helper, numpy_helper

def order(numbers, count, constant, with_openvino=True):
    x, k = np.array(numbers, np.float32), np.array([count])
    value, kind = helper.make_tensor_value_info, onnx.TensorProto
    inputs, given = [value("x", kind.FLOAT, x.shape)], {"x": x}
    if not constant:
        inputs.append(value("k", kind.INT64, [1]))
        given["k"] = k
    graph = helper.make_graph([helper.make_node("TopK", ["x", "k"], ["y", "i"])], "g", inputs,
                              [value("i", kind.INT64, [None])], [numpy_helper.from_array(k, "k")] if constant else [])
    file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9).SerializeToString()
    if not with_openvino:
        return onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, given)[0].tolist()
    core = openvino.Core()
    return core.compile_model(core.read_model(file), "CPU")(given)[0].tolist()

for title, x, k in (("2 of 4 ones", [1] * 4, 2), ("3 of 40 ones", [1] * 40, 3), ("3 of 1, NaN, 2", [1, np.nan, 2], 3)):
    print(f"{title}: ONNX Runtime {order(x, k, True, False)} {order(x, k, False, False)},",
          f"OpenVINO, constant {order(x, k, True)}, input {order(x, k, False)}")
PYTHON
diff - seen <<'SEEN'
2 of 4 ones: ONNX Runtime [0, 1] [0, 1], OpenVINO, constant [0, 1], input [1, 0]
3 of 40 ones: ONNX Runtime [0, 1, 2] [0, 1, 2], OpenVINO, constant [0, 1, 2], input [1, 2, 0]
3 of 1, NaN, 2: ONNX Runtime [1, 2, 0] [1, 2, 0], OpenVINO, constant [0, 1, 2], input [2, 1, 0]
SEEN
