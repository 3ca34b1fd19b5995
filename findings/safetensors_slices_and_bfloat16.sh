#!/bin/bash
# safetensors 0.8.0 with NumPy 2.4.6: an array of bfloat16 is written and cannot be read by the same module. get_slice of an
# open file takes NumPy's notation and not its rules: a stop beyond the end is an error where NumPy stops at the end, a
# negative start is one as well, though a single negative index counts from the end.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q safetensors==0.8.0 numpy==2.4.6 ml_dtypes==0.6.0
env/bin/python - <<'PYTHON' | tee seen
import ml_dtypes, numpy as np
from safetensors import safe_open
from safetensors.numpy import load, save, save_file

file = save({"x": np.ones(2, ml_dtypes.bfloat16)})
print("bfloat16 written:", b'"BF16"' in file)
try:
    print("bfloat16 read:", load(file))
except KeyError as error:
    print("bfloat16 read: KeyError", error)
x = np.arange(3, dtype=np.float32)
save_file({"x": x}, "x.safetensors")
with safe_open("x.safetensors", "np") as opened:
    part = opened.get_slice("x")
    for text, index in (("[-1]", -1), ("[::2]", slice(None, None, 2)), ("[1:9]", slice(1, 9)), ("[-2:]", slice(-2, None)),
                        ("[3:]", slice(3, None))):
        try:
            seen = part[index].tolist()
        except Exception as error:
            seen = type(error).__name__
        print(f"x{text}: NumPy {x[index].tolist()}, get_slice {seen}")
PYTHON
diff - seen <<'SEEN'
bfloat16 written: True
bfloat16 read: KeyError 'BF16'
x[-1]: NumPy 2.0, get_slice 2.0
x[::2]: NumPy [0.0, 2.0], get_slice [0.0, 2.0]
x[1:9]: NumPy [1.0, 2.0], get_slice SafetensorError
x[-2:]: NumPy [1.0, 2.0], get_slice OverflowError
x[3:]: NumPy [], get_slice SafetensorError
SEEN
