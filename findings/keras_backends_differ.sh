#!/bin/bash
# Keras 3.15.1 with the backends NumPy 2.4.6 and JAX 0.10.2: the same call gives other results. binary_crossentropy of a
# logit of -200 is 200 with JAX; with NumPy it is 16.1, as the probability is cut off at 1e-7 first, and a larger error
# costs no more. top_k of equal numbers takes the last ones with NumPy, the first with JAX; 300 as uint8 is 44 or 255.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 h5py==3.16.0 numpy==2.4.6
cat >show.py <<'PYTHON'
import keras, numpy as np
from keras import ops

row = lambda *x: ops.convert_to_tensor(np.array(x, np.float32))
text = lambda y: " ".join(f"{v:.3g}" for v in np.ravel(np.asarray(y)))
print(f"{keras.backend.backend()}:", "cross-entropy of logits -20, -200 where 1 is right",
      text(ops.binary_crossentropy(row(1, 1), row(-20, -200), from_logits=True)),
      "; two largest of 1 1 1 at", text(ops.top_k(row(1, 1, 1), 2)[1]),
      "; 300, -1 as uint8", text(ops.cast(row(300, -1), "uint8")))
PYTHON
for backend in numpy jax; do
    KERAS_HOME=$folder KERAS_BACKEND=$backend JAX_PLATFORMS=cpu env/bin/python -W ignore show.py
done | tee seen
diff - seen <<'SEEN'
numpy: cross-entropy of logits -20, -200 where 1 is right 16.1 16.1 ; two largest of 1 1 1 at 2 1 ; 300, -1 as uint8 44 255
jax: cross-entropy of logits -20, -200 where 1 is right 20 200 ; two largest of 1 1 1 at 0 1 ; 300, -1 as uint8 255 0
SEEN
