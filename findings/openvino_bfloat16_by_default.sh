#!/bin/bash
# OpenVINO 2026.4.1, CPU with AMX or AVX-512 BF16: a model of float32 alone is computed in bfloat16 by default, which has no
# whole numbers between 256 and 258: 257 times 1 is 256. That holds for MatMul and Conv, not for Mul, so a model is right in
# one place and has two digits in the next. INFERENCE_PRECISION_HINT = f32 switches it off. Needs such a processor.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q openvino==2026.4.1 onnx==1.23.2 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import numpy as np, onnx, openvino
from onnx import helper, numpy_helper

core = openvino.Core()
for operator, shape in (("MatMul", [1, 1]), ("Conv", [1, 1, 1, 1]), ("Mul", [1])):
    value = lambda n: helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, shape)
    one = numpy_helper.from_array(np.ones(shape, np.float32), "one")
    graph = helper.make_graph([helper.make_node(operator, ["x", "one"], ["y"])], "g", [value("x")], [value("y")], [one])
    file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9).SerializeToString()
    x = np.full(shape, 257, np.float32)
    run = lambda **options: core.compile_model(core.read_model(file), "CPU", options)({"x": x})[0].ravel()[0]
    print(f"{operator} of 257 and 1: by default {run()}, asked for f32 {run(INFERENCE_PRECISION_HINT='f32')}")
PYTHON
diff - seen <<'SEEN'
MatMul of 257 and 1: by default 256.0, asked for f32 257.0
Conv of 257 and 1: by default 256.0, asked for f32 257.0
Mul of 257 and 1: by default 257.0, asked for f32 257.0
SEEN
