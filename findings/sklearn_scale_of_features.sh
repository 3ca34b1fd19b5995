#!/bin/bash
# scikit-learn 1.9.1: a decision tree does not split between numbers closer than 1e-7, so features of the size of 1e-8, as
# currents in amperes are, leave a tree of one node. Before that, trees make float of every feature: 16777216 and 16777217,
# learnt apart, are one. log_loss of the same wrong probabilities depends on their type: 0 is taken for the epsilon of it, so
# one miss in two costs 18.0 in double and 8.0 in float.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q scikit-learn==1.9.1 numpy==2.4.6
env/bin/python -W ignore - <<'PYTHON' | tee seen
import numpy as np
from sklearn.metrics import log_loss
from sklearn.tree import DecisionTreeClassifier

x, y = np.arange(10.0)[:, None], np.arange(10) > 4
for scale in (1, 1e-6, 1e-8):
    tree = DecisionTreeClassifier().fit(x * scale, y)
    print(f"features of 0 to {9 * scale:g}: {tree.tree_.node_count} nodes, {tree.score(x * scale, y):.0%} right")
big = 2.0**24 + np.arange(3)[:, None]
print("2^24, 2^24 + 1, 2^24 + 2 of classes 0 1 2:", *DecisionTreeClassifier().fit(big, [0, 1, 2]).predict(big))
for kind in (np.float64, np.float32, np.float16):
    print(f"log_loss in {kind.__name__}: {log_loss([0, 1], np.array([[1, 0], [1, 0]], kind)):.2f}")
PYTHON
diff - seen <<'SEEN'
features of 0 to 9: 3 nodes, 100% right
features of 0 to 9e-06: 3 nodes, 100% right
features of 0 to 9e-08: 1 nodes, 50% right
2^24, 2^24 + 1, 2^24 + 2 of classes 0 1 2: 0 0 2
log_loss in float64: 18.02
log_loss in float32: 7.97
log_loss in float16: 3.46
SEEN
