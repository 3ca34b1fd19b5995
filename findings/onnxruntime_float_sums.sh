#!/bin/bash
# ONNX Runtime 1.32.0, CPU: ReduceSum and ReduceMean of float add in float with a few partial sums, so that a mean of 2^24
# times 0.1 is about 0.098. NumPy 2.4.6 adds pairwise and is right to seven digits. The digits depend on how the
# processor's vectors cut the sum, so the script looks at the error alone.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON' | tee "$folder/seen"
import numpy as np, onnx, onnxruntime
from onnx import helper

def run(operator, *inputs, results=1, **attributes):
    names = [f"x{i}" for i in range(len(inputs))]
    outputs = [f"y{i}" for i in range(results)]
    kinds = [helper.np_dtype_to_tensor_dtype(x.dtype) for x in inputs]
    graph = helper.make_graph(
        [helper.make_node(operator, names, outputs, **attributes)], "g",
        [helper.make_tensor_value_info(n, k, x.shape) for n, k, x in zip(names, kinds, inputs)],
        [onnx.ValueInfoProto(name=o) for o in outputs])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return " ".join(str(y.ravel().tolist()) for y in session.run(None, dict(zip(names, inputs))))

x = np.full(1 << 24, 0.1, np.float32)
error = lambda mean: abs(float(mean) - 0.1) / 0.1
print("ONNX Runtime more than 0.5 % off:", error(run("ReduceMean", x, keepdims=0).strip("[]")) > 0.005)
print("NumPy less than 1e-5 off:", error(x.mean()) < 1e-5)
PYTHON
diff - "$folder/seen" <<'SEEN'
ONNX Runtime more than 0.5 % off: True
NumPy less than 1e-5 off: True
SEEN
