#!/bin/bash
# ONNX Runtime 1.32.0, CPU: whether the largest of numbers with a NaN among them is NaN depends on the operator, and for
# ReduceMax and ArgMax on where the NaN stands. Max, Relu and TopK keep it; MaxPool and GlobalMaxPool pass over it, and
# a window of nothing but NaN gives the smallest float. NumPy and PyTorch keep a NaN wherever it stands.
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

row = lambda *x: np.array(x, np.float32)
nan = np.nan
print("Max", run("Max", row(nan, 1), row(1, nan)))
print("Relu", run("Relu", row(nan)))
print("TopK", run("TopK", row(1, nan, 2), np.array([1]), results=2))
print("ReduceMax, NaN first", run("ReduceMax", row(nan, 1, 2), keepdims=0))
print("ReduceMax, NaN second", run("ReduceMax", row(1, nan, 2), keepdims=0))
print("ArgMax, NaN first", run("ArgMax", row(nan, 1, 2), keepdims=0))
print("ArgMax, NaN second", run("ArgMax", row(1, nan, 2), keepdims=0))
print("GlobalMaxPool", run("GlobalMaxPool", row(1, nan, 2).reshape(1, 1, 3)))
print("MaxPool, NaN first", run("MaxPool", row(nan, 1, 2).reshape(1, 1, 3), kernel_shape=[3]))
print("MaxPool, all NaN", run("MaxPool", row(nan, nan, nan).reshape(1, 1, 3), kernel_shape=[3]))
PYTHON
diff - "$folder/seen" <<'SEEN'
Max [nan, nan]
Relu [nan]
TopK [nan] [1]
ReduceMax, NaN first [nan]
ReduceMax, NaN second [2.0]
ArgMax, NaN first [0]
ArgMax, NaN second [2]
GlobalMaxPool [2.0]
MaxPool, NaN first [2.0]
MaxPool, all NaN [-3.4028234663852886e+38]
SEEN
