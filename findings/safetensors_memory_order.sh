#!/bin/bash
# safetensors 0.8.0: safetensors.numpy writes an array's memory as it lies under the array's shape. A transposed matrix, one in
# Fortran order and every second row come back scrambled, with no warning and nothing in the file that tells. np.save of
# NumPy 2.4.6 keeps all of them; an array of the other byte order is turned by both.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q safetensors==0.8.0 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import io, numpy as np
from safetensors.numpy import load, save

x = np.arange(6, dtype=np.float32).reshape(2, 3)
for name, y in (("C order", x), ("transposed", x.T), ("Fortran order", np.asfortranarray(x)),
                ("every second row", np.arange(12, dtype=np.float32).reshape(4, 3)[::2]), ("big-endian", x.astype(">f4"))):
    back = load(save({"y": y}))["y"]
    file = io.BytesIO()
    np.save(file, y)
    file.seek(0)
    print(f"{name}: {y.tolist()} comes back as {back.tolist() if (back != y).any() else 'it was'},",
          f"by np.save {'as it was' if (np.load(file) == y).all() else 'changed'}")
PYTHON
diff - seen <<'SEEN'
C order: [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]] comes back as it was, by np.save as it was
transposed: [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] comes back as [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], by np.save as it was
Fortran order: [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]] comes back as [[0.0, 3.0, 1.0], [4.0, 2.0, 5.0]], by np.save as it was
every second row: [[0.0, 1.0, 2.0], [6.0, 7.0, 8.0]] comes back as [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]], by np.save as it was
big-endian: [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]] comes back as it was, by np.save as it was
SEEN
