#!/bin/bash
# ai-edge-litert 2.3.0, float32: what the default delegate (XNNPACK) and the built-in kernels make of the same operator. By the
# delegate exp of NaN is 0, the largest of a window that begins with NaN is -inf though a number stands in it, 1 / sqrt(0)
# is NaN, and sin of 1e10 is -4891. The built-in kernels have NaN, the number, infinity and a sine.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install -q ai-edge-litert==2.3.0 numpy==2.4.6 flatbuffers==25.12.19
env/bin/python - 2>/dev/null <<'PYTHON' | tee seen
import flatbuffers, numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType as Kernels

def of(kind, **fields):
    made = getattr(schema, kind + "T")()
    for name, value in fields.items():
        setattr(made, name, value)
    return made

def show(title, operator, numbers, shape=None, options=None):
    x = np.array(numbers, np.float32).reshape(shape or (1, -1))
    result = [1, 1, 1, 1] if shape else x.shape
    code = getattr(schema.BuiltinOperator, operator)
    node = of("Operator", inputs=[0], outputs=[1], opcodeIndex=0)
    if options:
        node.builtinOptions = options
        node.builtinOptionsType = getattr(schema.BuiltinOptions, type(options).__name__[:-1])
    tensors = [of("Tensor", name=n, shape=list(s), type=schema.TensorType.FLOAT32, buffer=0)
               for n, s in (("x", x.shape), ("y", result))]
    graph = of("SubGraph", tensors=tensors, inputs=[0], outputs=[1], operators=[node])
    model = of("Model", version=3, buffers=[of("Buffer")], subgraphs=[graph],
               operatorCodes=[of("OperatorCode", builtinCode=code, deprecatedBuiltinCode=code, version=1)])
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    seen = []
    for kernels in (Kernels.AUTO, Kernels.BUILTIN_WITHOUT_DEFAULT_DELEGATES):
        run = Interpreter(model_content=bytes(builder.Output()), experimental_op_resolver_type=kernels, num_threads=1)
        run.allocate_tensors()
        run.set_tensor(0, x)
        run.invoke()
        seen.append(f"{run.get_tensor(1).ravel()[0]:.4g}")
    print(f"{title}: delegate {seen[0]}, built-in {seen[1]}")

pool = of("Pool2DOptions", filterWidth=2, filterHeight=1, strideW=2, strideH=1, padding=schema.Padding.VALID)
show("exp(NaN)", "EXP", [np.nan])
show("largest of NaN, 1", "MAX_POOL_2D", [np.nan, 1], (1, 1, 2, 1), pool)
show("largest of 1, NaN", "MAX_POOL_2D", [1, np.nan], (1, 1, 2, 1), pool)
show("1 / sqrt(0)", "RSQRT", [0])
show("sin(1e10)", "SIN", [1e10])
PYTHON
diff - seen <<'SEEN'
exp(NaN): delegate 0, built-in nan
largest of NaN, 1: delegate -inf, built-in 1
largest of 1, NaN: delegate 1, built-in 1
1 / sqrt(0): delegate nan, built-in inf
sin(1e10): delegate -4891, built-in -0.4875
SEEN
