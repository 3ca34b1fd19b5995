#!/bin/bash
# tinygrad 0.14.0, CPU (needs clang): algebra is done before numbers are seen, so x - x is 0 and x * 0 is 0 for NaN and
# infinity, and x / x is 1 for 0. A check of NaN by x - x finds nothing. Sorting 2, NaN, 1 gives 1, 2, 2: the NaN is gone and
# 2 stands twice. sign(NaN) is 1, and NaN in the middle is passed over by max, at the beginning not.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q tinygrad==0.14.0 numpy==2.4.6
compiler=$(command -v clang || command -v clang-19)
mkdir bin && ln -s "$compiler" bin/clang
PATH=$folder/bin:$PATH XDG_CACHE_HOME=$folder DEV=CPU env/bin/python - 2>/dev/null <<'PYTHON' | tee seen
from tinygrad import Tensor

nan, inf = float("nan"), float("inf")
text = lambda x: " ".join(f"{v:g}" for v in x.numpy().ravel())
x = Tensor([nan, inf, 0])
print("of nan inf 0: x - x", text(x - x) + ", x * 0", text(x * 0) + ", x / x", text(x / x))
other = Tensor([nan, inf, 0])
print("of two such tensors: x - y", text(x - other) + ", x / y", text(x / other))
print("sort of 2 nan 1:", text(Tensor([2, nan, 1]).sort()[0]))
print("sign of nan:", text(Tensor([nan]).sign()))
print("max of 1 nan 2:", text(Tensor([1, nan, 2]).max()) + ", of nan 1 2:", text(Tensor([nan, 1, 2]).max()))
PYTHON
diff - seen <<'SEEN'
of nan inf 0: x - x 0 0 0, x * 0 0 0 0, x / x 1 1 1
of two such tensors: x - y nan nan 0, x / y nan nan nan
sort of 2 nan 1: 1 2 2
sign of nan: 1
max of 1 nan 2: 2, of nan 1 2: nan
SEEN
