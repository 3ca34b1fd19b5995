#!/bin/bash
# Keras 3.15.1, backend JAX 0.10.2: the AUC counts above 200 thresholds spread over 0 to 1, so that scores between two of them are
# equal to it: a perfect order has an AUC of 0.5. Where all classes score the same, accuracy takes the first class and top-1
# accuracy any. save_weights files a layer under its class and a number, not under its name.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 h5py==3.16.0 numpy==2.4.6
KERAS_HOME=$folder KERAS_BACKEND=jax JAX_PLATFORMS=cpu env/bin/python -W ignore - <<'PYTHON' | tee seen
import h5py, keras, numpy as np

def measure(metric, right, given):
    metric.update_state(np.array(right), np.array(given, np.float32))
    return float(metric.result())

for scores in ([0.1, 0.2, 0.3, 0.4], [0.001, 0.002, 0.003, 0.004]):
    print("AUC of classes 0 0 1 1 with scores", *scores, "is", measure(keras.metrics.AUC(), [0, 0, 1, 1], scores))
print("all equal, the last right: accuracy", measure(keras.metrics.SparseCategoricalAccuracy(), [2], [[1, 1, 1]]),
      "top-1 accuracy", measure(keras.metrics.SparseTopKCategoricalAccuracy(k=1), [2], [[1, 1, 1]]))
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="encoder"), keras.layers.Dense(2, name="head")])
model.save_weights("saved.weights.h5")
names = []
with h5py.File("saved.weights.h5") as file:
    file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
print("layers encoder and head are saved as", *names)
PYTHON
diff - seen <<'SEEN'
AUC of classes 0 0 1 1 with scores 0.1 0.2 0.3 0.4 is 1.0
AUC of classes 0 0 1 1 with scores 0.001 0.002 0.003 0.004 is 0.5
all equal, the last right: accuracy 0.0 top-1 accuracy 1.0
layers encoder and head are saved as layers/dense/vars/0 layers/dense/vars/1 layers/dense_1/vars/0 layers/dense_1/vars/1
SEEN
