#!/bin/bash
# MNN 3.6.1, CPU: exp clamps its argument to -87 and 87, and what is built on it inherits that. exp(-inf) is 1.6e-38,
# exp(88.5) is 6.1e37 in place of 2.7e38, softplus(100) is 87. NaN is a number to it: exp gives 1.6e-38, and Sigmoid and Tanh 1, a
# certain answer. Round goes away from zero where ONNX says to even, and Mod of floats takes no notice of fmod = 1.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q MNN==3.6.1 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
env/bin/python - 2>&1 <<'PYTHON' | grep ONNX | tee seen
import subprocess, numpy as np, onnx, onnxruntime
import MNN.expr as expression, MNN.nn
from onnx import helper

def show(operator, *inputs, **attributes):
    names = [f"x{i}" for i in range(len(inputs))]
    value = lambda n: helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, [len(inputs[0])])
    node = helper.make_node(operator, names, ["y"], **attributes)
    graph = helper.make_graph([node], "g", [value(n) for n in names], [value("y")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8), "model.onnx")
    subprocess.run("env/bin/mnnconvert -f ONNX --modelFile model.onnx --MNNModel model.mnn --bizCode finding".split(),
                   check=True, capture_output=True)
    net, given = MNN.nn.load_module_from_file("model.mnn", names, ["y"]), []
    for x in inputs:
        given.append(expression.placeholder([len(x)], expression.NCHW, expression.float))
        given[-1].write([float(v) for v in x])
    seen = net.forward(given)[0].read()
    arrays = {n: np.array(x, np.float32) for n, x in zip(names, inputs)}
    right = onnxruntime.InferenceSession("model.onnx").run(None, arrays)[0]
    text = lambda y: " ".join(f"{v:.3g}" for v in np.ravel(y))
    print(f"{operator} of {' and '.join(text(x) for x in inputs)}: ONNX Runtime {text(right)}, MNN {text(seen)}", flush=True)

nan, inf = np.nan, np.inf
show("Exp", [-inf, 88.5, nan])
show("Softplus", [100, -20])
show("Sigmoid", [nan, -inf])
show("Tanh", [nan, 1e-10])
show("Relu", [nan])
show("Round", [0.5, 2.5, -0.5])
show("Mod", [-7, 7], [3, -3], fmod=1)
PYTHON
diff - seen <<'SEEN'
Exp of -inf 88.5 nan: ONNX Runtime 0 2.72e+38 nan, MNN 1.65e-38 6.08e+37 1.65e-38
Softplus of 100 -20: ONNX Runtime 100 2.06e-09, MNN 87 0
Sigmoid of nan -inf: ONNX Runtime nan 0, MNN 1 1.65e-38
Tanh of nan 1e-10: ONNX Runtime nan 1e-10, MNN 1 0
Relu of nan: ONNX Runtime nan, MNN 0
Round of 0.5 2.5 -0.5: ONNX Runtime 0 2 -0, MNN 1 3 -1
Mod of -7 7 and 3 -3: ONNX Runtime -1 1, MNN 2 -2
SEEN
