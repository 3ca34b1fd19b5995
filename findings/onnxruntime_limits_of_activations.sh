#!/bin/bash
# ONNX Runtime 1.32.0, CPU: at their limits activations are not what they converge to. Gelu of -inf is NaN, which is -inf
# times 0, where the limit is 0. Elu is exp(x) - 1, so that small negative numbers become 0; expm1 would keep them. A
# Softmax of one infinity is NaN for every element of the row, where the finite ones converge to 0; so is that of a row
# of nothing but -inf, as masks make it.
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
print("Gelu of -inf, inf", run("Gelu", row(-np.inf, np.inf)))
print("Elu of -1e-8, -1", run("Elu", row(-1e-8, -1)))
print("Softmax of inf, 1", run("Softmax", row(np.inf, 1)))
print("Softmax of -inf, -inf", run("Softmax", row(-np.inf, -np.inf)))
PYTHON
diff - "$folder/seen" <<'SEEN'
Gelu of -inf, inf [nan, inf]
Elu of -1e-8, -1 [0.0, -0.6321205496788025]
Softmax of inf, 1 [nan, nan]
Softmax of -inf, -inf [nan, nan]
SEEN
