#!/bin/bash
# onnx 1.23.2: its ReferenceEvaluator is no oracle. Softmax of a model of operator set 11, which flattens all axes from
# axis 1 on, is computed by the rule of set 13, over the last axis alone. MeanVarianceNormalization of 10000, 10001, 10002 is
# +-1e9 where 1.22 is right, QuantizeLinear of infinity is the smallest number of the type, not the largest, and LogSoftmax
# of 0 and 1000 has -inf where -1000 is right. ONNX Runtime 1.32.0 has all four right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import numpy as np, onnx, onnxruntime
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

np.seterr(all="ignore")

def show(title, operator, x, version=20, more=(), **attributes):
    x = np.array(x, np.float32)
    names = ["x"] + [f"c{i}" for i in range(len(more))]
    constants = [numpy_helper.from_array(np.array(c), n) for c, n in zip(more, names[1:])]
    graph = helper.make_graph([helper.make_node(operator, names, ["y"], **attributes)], "g",
                              [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, x.shape)],
                              [onnx.ValueInfoProto(name="y")], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", version)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    text = lambda y: " ".join(f"{v:.3g}" for v in np.ravel(y))
    print(f"{title}: ONNX Runtime {text(session.run(None, {'x': x})[0])},",
          f"onnx {text(ReferenceEvaluator(model).run(None, {'x': x})[0])}")

show("Softmax of four zeros (1, 2, 2), set 11", "Softmax", np.zeros((1, 2, 2)), version=11)
show("Softmax of four zeros (1, 2, 2), set 13", "Softmax", np.zeros((1, 2, 2)), version=13)
show("MeanVarianceNormalization", "MeanVarianceNormalization", [[[[10000, 10001, 10002]]]], axes=[3])
show("QuantizeLinear of inf", "QuantizeLinear", [np.inf, 1e10], more=(np.float32(1), np.int8(0)))
show("LogSoftmax", "LogSoftmax", [0, 1000])
PYTHON
diff - seen <<'SEEN'
Softmax of four zeros (1, 2, 2), set 11: ONNX Runtime 0.25 0.25 0.25 0.25, onnx 0.5 0.5 0.5 0.5
Softmax of four zeros (1, 2, 2), set 13: ONNX Runtime 0.5 0.5 0.5 0.5, onnx 0.5 0.5 0.5 0.5
MeanVarianceNormalization: ONNX Runtime -1.22 0 1.22, onnx -1e+09 0 1e+09
QuantizeLinear of inf: ONNX Runtime 127 127, onnx -128 -128
LogSoftmax: ONNX Runtime -1e+03 0, onnx -inf 0
SEEN
