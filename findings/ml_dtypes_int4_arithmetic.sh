#!/bin/bash
# ml_dtypes 0.6.0: int4 holds -8 to 7, and what an operation does at its ends depends on which one it is. Two arrays add up
# in int4 and wrap, 7 + 1 is -8; the negative and abs of an array are int8, so that -(-8) is 8; the negative of one number is
# int4 again, -(-8) is -8. An array plus the Python number 1 is int8, though bfloat16 plus 1 stays bfloat16.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q ml_dtypes==0.6.0 numpy==2.4.6
env/bin/python - <<'PYTHON' | tee seen
import ml_dtypes, numpy as np
from ml_dtypes import int4

def show(title, y):
    print(f"{title}: {np.ravel(y)[0]} of type {y.dtype}")

low, high = np.array([-8], int4), np.array([7], int4)
show("7 + 1, arrays", high + np.array([1], int4))
show("7 + 1, the 1 a Python number", high + 1)
show("-(-8), array", -low)
show("abs(-8), array", np.abs(low))
show("-(-8), one number", np.array(-int4(-8)))
show("1 + 1 in bfloat16, one a Python number", np.ones(1, ml_dtypes.bfloat16) + 1)
PYTHON
diff - seen <<'SEEN'
7 + 1, arrays: -8 of type int4
7 + 1, the 1 a Python number: 8 of type int8
-(-8), array: 8 of type int8
abs(-8), array: 8 of type int8
-(-8), one number: -8 of type int4
1 + 1 in bfloat16, one a Python number: 2.0 of type bfloat16
SEEN
