#!/bin/bash
# ncnn 1.0.20261020, x86 with AVX-512: a NaN does not stay one. exp of it is 2.4e38, tanh -1, sigmoid 4e-39, a clamp to 0
# and 1 gives 0, and Softmax of sixteen numbers with one NaN gives the NaN's place all of the probability: broken logits
# become a certain answer. Without a NaN the limits are off as well: 1 / 0 and 1 / sqrt(0) are NaN, softplus(100) is
# infinite, mish(-100) is positive.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q ncnn==1.0.20261020 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import ncnn, numpy as np

def run(layer, x):
    kind, _, parameters = layer.partition(" ")
    net = ncnn.Net()
    with open("net.param", "w") as text, open("net.bin", "wb"):
        text.write(f"7767517\n2 2\nInput x 0 1 x\n{kind} layer 1 1 x y {parameters}\n")
    net.load_param("net.param")
    net.load_model("net.bin")
    extractor = net.create_extractor()
    extractor.input("x", ncnn.Mat(np.array(x, np.float32)).clone())
    return np.array(extractor.extract("y")[1])

nan = np.nan
print("of NaN: exp %.1e, tanh %g, sigmoid %.0e, clip %g" % tuple(
    run(layer, [nan] * 4)[0] for layer in ("UnaryOp 0=7", "TanH", "Sigmoid", "Clip 0=0.0 1=1.0")))
print("softmax of fifteen ones and a NaN: its place %.3f, the largest other %.0e" % tuple(
    np.sort(run("Softmax 0=0", [1] * 7 + [nan] + [1] * 8))[[-1, -2]]))
print("reciprocal of 0 %g, rsqrt of 0 %g" % tuple(run(f"UnaryOp 0={k}", [0] * 4)[0] for k in (15, 6)))
print("softplus of 100 %g, mish of -100 %.0e" % (run("Softplus", [100] * 4)[0], run("Mish", [-100] * 4)[0]))
PYTHON
diff - seen <<'SEEN'
of NaN: exp 2.4e+38, tanh -1, sigmoid 4e-39, clip 0
softmax of fifteen ones and a NaN: its place 1.000, the largest other 4e-39
reciprocal of 0 nan, rsqrt of 0 nan
softplus of 100 inf, mish of -100 6e-06
SEEN
