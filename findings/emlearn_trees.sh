#!/bin/bash
# emlearn 0.23.2 and scikit-learn 1.9.1: a tree converted for a microcontroller takes whole numbers unless told otherwise. Its
# threshold 2.5 is then cut to 2, and x <= 2.5 becomes x < 2: a tree that has learnt 1, 2, 3, 4 by heart is wrong about 2.
# With dtype="float" x < 2.5 is left, wrong where a number is equal to the threshold. The trees of a forest have a vote each
# where scikit-learn adds up their probabilities, so some answers differ.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q emlearn==0.23.2 scikit-learn==1.9.1 numpy==2.4.6
env/bin/python -W ignore - <<'PYTHON' | tee seen
import emlearn, numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

tree = DecisionTreeClassifier(random_state=0).fit([[1.0], [2], [3], [4]], [0, 0, 1, 1])
for x in ([[1], [2], [3], [4]], [[2.4], [2.5], [2.6]]):
    x = np.array(x, np.float32)
    print(f"classes of {x.ravel().tolist()}: scikit-learn {tree.predict(x).tolist()},",
          f"emlearn {list(emlearn.convert(tree, method='inline').predict(x))},",
          f"as float {list(emlearn.convert(tree, method='inline', dtype='float').predict(x))}")

random = np.random.default_rng(1)
x = random.normal(size=(200, 3)).astype(np.float32)
y = (x.sum(1) + random.normal(size=200) > 0).astype(int)
forest = RandomForestClassifier(5, max_depth=2, random_state=0).fit(x, y)
differing = np.mean(forest.predict(x) != emlearn.convert(forest, method="inline", dtype="float").predict(x))
print("forest: answers that differ, more than 1 %:", bool(differing > 0.01))
PYTHON
diff - seen <<'SEEN'
classes of [1.0, 2.0, 3.0, 4.0]: scikit-learn [0, 0, 1, 1], emlearn [0, 1, 1, 1], as float [0, 0, 1, 1]
classes of [2.4000000953674316, 2.5, 2.5999999046325684]: scikit-learn [0, 0, 1], emlearn [1, 1, 1], as float [0, 1, 1]
forest: answers that differ, more than 1 %: True
SEEN
