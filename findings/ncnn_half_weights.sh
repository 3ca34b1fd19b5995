#!/bin/bash
# ncnn 1.0.20261020, x86 with AVX-512: with the options that a net starts with, weights of a float32 file are kept in
# float16 if the layer is InnerProduct, and in float32 if it is Convolution. A weight of 70000 is then infinite in a layer
# of one input and output and 65504 in one of sixteen; 1e-8 is 0 in both. The option use_fp16_storage = False turns that off.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q ncnn==1.0.20261020 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import ncnn, numpy as np

def run(layer, weights, x, half=True):
    net = ncnn.Net()
    if not half:
        net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
    with open("net.param", "w") as text, open("net.bin", "wb") as binary:
        text.write(f"7767517\n2 2\nInput x 0 1 x\n{layer}\n")
        binary.write(np.uint32(0).tobytes() + np.array(weights, np.float32).tobytes())
    net.load_param("net.param")
    net.load_model("net.bin")
    extractor = net.create_extractor()
    extractor.input("x", ncnn.Mat(np.array(x, np.float32)).clone())
    return np.array(extractor.extract("y")[1]).ravel()[0]

for w in (70000, 1e-8):
    print(f"{w:g}:",
          "dense 1 to 1 %g," % run("InnerProduct d 1 1 x y 0=1 1=0 2=1", [w], [1]),
          "16 to 16 %g," % run("InnerProduct d 1 1 x y 0=16 1=0 2=256", [w] * 256, [1] + [0] * 15),
          "convolution %g," % run("Convolution c 1 1 x y 0=1 1=1 5=0 6=1", [w], [[[1]]]),
          "dense without half %g" % run("InnerProduct d 1 1 x y 0=1 1=0 2=1", [w], [1], half=False))
PYTHON
diff - seen <<'SEEN'
70000: dense 1 to 1 inf, 16 to 16 65504, convolution 70000, dense without half 70000
1e-08: dense 1 to 1 0, 16 to 16 0, convolution 1e-08, dense without half 1e-08
SEEN
