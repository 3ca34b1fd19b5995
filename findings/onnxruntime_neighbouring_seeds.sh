#!/bin/bash
# ONNX Runtime 1.32.0, CPU: RandomUniform with seed s begins with 16807 s / (2^31 - 1), the first step of its generator, so a
# small seed begins near 0: 1 with 8e-6, 100 with 8e-4. Nodes without a seed get one from their place in the model, each one
# more than that of the node before: two independent noises begin with numbers that agree to five digits.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import numpy as np, onnx, onnxruntime
from onnx import helper

def run(*seeds):
    nodes = [helper.make_node("RandomUniform", [], [f"y{i}"], shape=[1000], **({} if s is None else {"seed": float(s)}))
             for i, s in enumerate(seeds)]
    outputs = [helper.make_tensor_value_info(f"y{i}", onnx.TensorProto.FLOAT, [1000]) for i in range(len(seeds))]
    model = helper.make_model(helper.make_graph(nodes, "g", [], outputs),
                              opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, {})

for seed, y in zip((1, 100), run(1, 100)):
    print(f"seed {seed}: begins with {y[0]:.2e}, mean of 1000 is near 0.5: {abs(y.mean() - 0.5) < 0.05}")
a, b = run(None, None)
print("two nodes without a seed, the first numbers within 1e-4:", abs(a[0] - b[0]) < 1e-4)
print("two nodes without a seed, the others as well:", np.abs(a[1:] - b[1:]).max() < 1e-2)
PYTHON
diff - seen <<'SEEN'
seed 1: begins with 7.83e-06, mean of 1000 is near 0.5: True
seed 100: begins with 7.83e-04, mean of 1000 is near 0.5: True
two nodes without a seed, the first numbers within 1e-4: True
two nodes without a seed, the others as well: False
SEEN
