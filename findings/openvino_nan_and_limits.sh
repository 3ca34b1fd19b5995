#!/bin/bash
# OpenVINO 2026.4.1, CPU with AVX-512, asked for float32: Relu of NaN is 0 and exp of NaN is infinite; a Softmax with a NaN in
# its row gives 0 to the others, which look like sound probabilities, where ONNX Runtime 1.32.0 has NaN for all. Softplus of
# -20 is negative, so that its logarithm is NaN, Gelu of infinity is NaN and Erf of 1e-10 is 0.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q openvino==2026.4.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import numpy as np, onnx, onnxruntime, openvino
from onnx import helper

def show(operator, *numbers):
    x = np.array(numbers, np.float32)
    value = lambda name: helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, x.shape)
    graph = helper.make_graph([helper.make_node(operator, ["x"], ["y"])], "g", [value("x")], [value("y")])
    file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9).SerializeToString()
    other = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
    core = openvino.Core()
    seen = core.compile_model(core.read_model(file), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})({"x": x})[0]
    text = lambda y: " ".join(f"{v:.3g}" for v in y)
    print(f"{operator} of {text(x)}: ONNX Runtime {text(other)}, OpenVINO {text(seen)}")

nan, inf = np.nan, np.inf
show("Relu", nan)
show("Exp", nan)
show("Softmax", nan, 1)
show("Softplus", -20)
show("Gelu", inf)
show("Erf", 1e-10)
PYTHON
diff - seen <<'SEEN'
Relu of nan: ONNX Runtime nan, OpenVINO 0
Exp of nan: ONNX Runtime nan, OpenVINO inf
Softmax of nan 1: ONNX Runtime nan nan, OpenVINO nan 0
Softplus of -20: ONNX Runtime 2.06e-09, OpenVINO -1.91e-06
Gelu of inf: ONNX Runtime inf, OpenVINO nan
Erf of 1e-10: ONNX Runtime 1.13e-10, OpenVINO 0
SEEN
