#!/bin/bash
# A float that its integer type cannot hold, on x86: NumPy 2.4.6 and ONNX Runtime 1.32.0 wrap bytes around, 300 to 44 and -1
# to 255, and give the smallest int32 for all that does not fit; JAX 0.10.2 and ai-edge-litert 2.3.0 stop at the ends, and
# NaN is 0 in the one and the largest number in the other. The brightest dots of a picture are dark in two of the four.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q jax==0.10.2 jaxlib==0.10.2 onnxruntime==1.32.0 onnx==1.23.2 \
    ai-edge-litert==2.3.0 flatbuffers==25.12.19 numpy==2.4.6
JAX_PLATFORMS=cpu env/bin/python -W ignore - 2>/dev/null <<'PYTHON' | tee seen
import flatbuffers, jax.numpy as jnp, numpy as np, onnx, onnxruntime
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter
from onnx import helper

def onnx_model(x, kind):
    number = helper.np_dtype_to_tensor_dtype(np.dtype(kind))
    graph = helper.make_graph([helper.make_node("Cast", ["x"], ["y"], to=number)], "g",
                              [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, x.shape)],
                              [helper.make_tensor_value_info("y", number, x.shape)])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9).SerializeToString()

def of(kind, **fields):
    made = getattr(schema, kind + "T")()
    for name, value in fields.items():
        setattr(made, name, value)
    return made

def by_litert(x, kind):
    tensors = [of("Tensor", name=n, shape=list(x.shape), type=getattr(schema.TensorType, t), buffer=0)
               for n, t in (("x", "FLOAT32"), ("y", kind.upper()))]
    node = of("Operator", inputs=[0], outputs=[1], opcodeIndex=0)
    graph = of("SubGraph", tensors=tensors, inputs=[0], outputs=[1], operators=[node])
    cast = of("OperatorCode", builtinCode=schema.BuiltinOperator.CAST, deprecatedBuiltinCode=schema.BuiltinOperator.CAST)
    model = of("Model", version=3, buffers=[of("Buffer")], operatorCodes=[cast], subgraphs=[graph])
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    run = Interpreter(model_content=bytes(builder.Output()))
    run.allocate_tensors()
    run.set_tensor(0, x)
    run.invoke()
    return run.get_tensor(1)

for kind, numbers in (("uint8", [300, -1, np.nan]), ("int32", [3e9, -3e9, np.nan])):
    x = np.array(numbers, np.float32)
    print(f"{numbers} to {kind}:")
    session = onnxruntime.InferenceSession(onnx_model(x, kind))
    for name, y in (("NumPy", x.astype(kind)), ("ONNX Runtime", session.run(None, {"x": x})[0]),
                    ("JAX", jnp.array(x).astype(kind)), ("LiteRT", by_litert(x, kind))):
        print(f"    {name}:", *y.tolist())
PYTHON
diff - seen <<'SEEN'
[300, -1, nan] to uint8:
    NumPy: 44 255 0
    ONNX Runtime: 44 255 0
    JAX: 255 0 0
    LiteRT: 255 0 255
[3000000000.0, -3000000000.0, nan] to int32:
    NumPy: -2147483648 -2147483648 -2147483648
    ONNX Runtime: -2147483648 -2147483648 -2147483648
    JAX: 2147483647 -2147483648 0
    LiteRT: 2147483647 -2147483648 2147483647
SEEN
