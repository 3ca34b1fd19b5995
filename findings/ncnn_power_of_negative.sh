#!/bin/bash
# ncnn 1.0.20261020, x86 with AVX-512: a power of two arrays is exp(y log x) four elements or more at a time, and log of a
# number that is not positive goes on as NaN into an exp that clamps: (-2)^2, (-2)^3 and 0^3 are all 2.4e38. The same
# elements one at a time are right, and so is the layer Power with its fixed exponent.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q ncnn==1.0.20261020 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import ncnn, numpy as np

def run(layer, *inputs):
    names = [f"x{i}" for i in range(len(inputs))]
    kind, parameters = layer.split(" ", 1)
    lines = ["7767517", f"{len(names) + 1} {len(names) + 1}"] + [f"Input {n} 0 1 {n}" for n in names]
    lines.append(f"{kind} layer {len(names)} 1 {' '.join(names)} y {parameters}")
    net = ncnn.Net()
    with open("net.param", "w") as text, open("net.bin", "wb"):
        text.write("\n".join(lines) + "\n")
    net.load_param("net.param")
    net.load_model("net.bin")
    extractor = net.create_extractor()
    for name, x in zip(names, inputs):
        extractor.input(name, ncnn.Mat(np.array(x, np.float32)).clone())
    return " ".join(f"{y:g}" for y in np.array(extractor.extract("y")[1]))

base, exponent = [-2, -2, 0, 2], [2, 3, 3, 0.5]
print("four at once:", run("BinaryOp 0=6", base, exponent))
print("one by one:", " ".join(run("BinaryOp 0=6", [x], [y]) for x, y in zip(base, exponent)))
print("layer Power, exponent 2:", run("Power 0=2.0 1=1.0 2=0.0", base))
PYTHON
diff - seen <<'SEEN'
four at once: 2.40614e+38 2.40614e+38 2.40614e+38 1.41421
one by one: 4 -8 0 1.41421
layer Power, exponent 2: 4 4 0 4
SEEN
