#!/bin/bash
# onnxslim 0.1.98, onnxsim 0.8.1 and onnxoptimizer 0.4.2 take two equal nodes for one, random ones too: a model that adds two
# independent noises comes out with one noise used twice. ONNX Runtime 1.32.0 leaves RandomNormalLike and RandomUniformLike
# alone when it merges equal nodes, but not Bernoulli: its optimised model differs from the one that it runs unoptimised.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q onnxslim==0.1.98 onnxsim==0.8.1 onnxoptimizer==0.4.2 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import copy, numpy as np, onnx, onnxoptimizer, onnxruntime, onnxsim, onnxslim
from onnx import helper

value = lambda n, kind: helper.make_tensor_value_info(n, kind, [4])
for operator in ("RandomNormalLike", "RandomUniformLike", "Bernoulli"):
    nodes = [helper.make_node(operator, ["x"], [n]) for n in "ab"]
    nodes += [helper.make_node("Sub", ["a", "b"], ["d"]), helper.make_node("Abs", ["d"], ["y"])]
    graph = helper.make_graph(nodes, "g", [value("x", onnx.TensorProto.FLOAT)], [value("y", onnx.TensorProto.FLOAT)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)

    def differ(model, optimised=False):
        options = onnxruntime.SessionOptions()
        level = onnxruntime.GraphOptimizationLevel
        options.graph_optimization_level = level.ORT_ENABLE_ALL if optimised else level.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
        return any(session.run(None, {"x": np.full(4, 0.5, np.float32)})[0].any() for _ in range(64))

    print(f"two {operator} differ: ONNX Runtime {differ(model)}, optimised {differ(model, True)},",
          f"onnxslim {differ(onnxslim.slim(copy.deepcopy(model)))},",
          f"onnxsim {differ(onnxsim.simplify(copy.deepcopy(model))[0])},",
          f"onnxoptimizer {differ(onnxoptimizer.optimize(copy.deepcopy(model)))}")
PYTHON
diff - seen <<'SEEN'
two RandomNormalLike differ: ONNX Runtime True, optimised True, onnxslim False, onnxsim False, onnxoptimizer False
two RandomUniformLike differ: ONNX Runtime True, optimised True, onnxslim False, onnxsim False, onnxoptimizer False
two Bernoulli differ: ONNX Runtime True, optimised False, onnxslim False, onnxsim False, onnxoptimizer False
SEEN
