#!/bin/bash
# A deformable convolution of one tap reads a picture, 10 20 30 40 in both rows, half a pixel before its first column and
# half a pixel after its last. ONNX Runtime 1.32.0 gives halves of the border pixels, 5 and 20. OpenVINO 2026.4.1's
# operation gives 0 before and 40 after, unless it is asked for bilinear_interpolation_pad, and then 5 and 20. onnx 1.23.2's
# ReferenceEvaluator agrees with 5 and 20 for two rows; of a picture of one row it raises an error, of a NaN of its own.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q onnx==1.23.2 onnxruntime==1.32.0 openvino==2026.4.1 numpy==2.4.6
env/bin/python -W ignore - 2>errors <<'PYTHON' | tee seen
import numpy as np, onnx.reference, onnxruntime, openvino
from onnx import helper
from openvino import opset8

tap = np.ones((1, 1, 1, 1), np.float32)

def picture(rows):
    offset = np.zeros((1, 2, rows, 4), np.float32)  # rows, columns
    offset[0, 1] = [-0.5, -0.5, 0.5, 0.5]
    return np.tile(np.array([10, 20, 30, 40], np.float32), (1, 1, rows, 1)), offset

def by_onnx(rows):
    x, offset = picture(rows)
    tensor = lambda name, a: helper.make_tensor_value_info(name, 1, a.shape)
    node = helper.make_node("DeformConv", ["x", "w", "o"], ["y"], kernel_shape=[1, 1], pads=[0] * 4, strides=[1, 1])
    graph = helper.make_graph([node], "g", [tensor("x", x), tensor("w", tap), tensor("o", offset)], [tensor("y", x)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    return model, {"x": x, "w": tap, "o": offset}

def by_reference(model, feed):
    try:
        return onnx.reference.ReferenceEvaluator(model).run(None, feed)[0]
    except ValueError as error:
        return error

def by_openvino(rows, pad):
    x, offset = picture(rows)
    inputs = [opset8.parameter(a.shape, np.float32) for a in (x, offset, tap)]
    y = opset8.deformable_convolution(*inputs, [1, 1], [0, 0], [0, 0], [1, 1], bilinear_interpolation_pad=pad)
    return openvino.Core().compile_model(openvino.Model([y], inputs), "CPU")([x, offset, tap])[0]

for rows in (2, 1):
    model, feed = by_onnx(rows)
    for name, y in {
        "ONNX Runtime": onnxruntime.InferenceSession(model.SerializeToString()).run(None, feed)[0],
        "onnx's ReferenceEvaluator": by_reference(model, feed),
        "OpenVINO": by_openvino(rows, False),
        "OpenVINO, bilinear_interpolation_pad": by_openvino(rows, True),
    }.items():
        print(f"{rows} row{'s' * (rows > 1)}, {name}:", *(y[0, 0, 0].astype(float).round(3).tolist() if isinstance(y, np.ndarray) else [y]))
PYTHON
diff - seen <<'SEEN' || { tail -3 errors; exit 1; }
2 rows, ONNX Runtime: 5.0 15.0 35.0 20.0
2 rows, onnx's ReferenceEvaluator: 5.0 15.0 35.0 20.0
2 rows, OpenVINO: 0.0 15.0 35.0 40.0
2 rows, OpenVINO, bilinear_interpolation_pad: 5.0 15.0 35.0 20.0
1 row, ONNX Runtime: 5.0 15.0 35.0 20.0
1 row, onnx's ReferenceEvaluator: cannot convert float NaN to integer
1 row, OpenVINO: 0.0 15.0 35.0 40.0
1 row, OpenVINO, bilinear_interpolation_pad: 5.0 15.0 35.0 20.0
SEEN
