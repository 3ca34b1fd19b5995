#!/bin/bash
# ai-edge-litert 2.3.0, int8: how a half is rounded depends on the operator and on whether the default delegate (XNNPACK) or
# the built-in kernels run it. Every operator below halves 1, 3, 5, -1, -3, -5. Halves go to even, up, or away from zero:
# the delegate has all three, the built-in kernels two, and the fully connected layer of the reference kernels is another.
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

rules = {(0, 2, 2, 0, -2, -2): "even", (1, 2, 3, 0, -1, -2): "up", (1, 2, 3, -1, -2, -3): "away"}

def show(operator, tensors, options, version):
    """tensors: (array, scale) of every input and of the result; the first is given at run time"""
    buffers, made = [of("Buffer")], []
    for i, (x, scale) in enumerate(tensors):
        if 0 < i < len(tensors) - 1:
            buffers.append(of("Buffer", data=np.frombuffer(x.tobytes(), np.uint8)))
        kind = {1: schema.TensorType.INT8, 4: schema.TensorType.INT32}[x.itemsize]
        made.append(of("Tensor", name=str(i), shape=list(x.shape), type=kind,
                       buffer=len(buffers) - 1 if 0 < i < len(tensors) - 1 else 0,
                       quantization=of("QuantizationParameters", scale=[scale], zeroPoint=[0])))
    code = getattr(schema.BuiltinOperator, operator)
    last = len(made) - 1
    node = of("Operator", inputs=list(range(last)), outputs=[last], opcodeIndex=0, builtinOptions=options,
              builtinOptionsType=getattr(schema.BuiltinOptions, type(options).__name__[:-1]))
    graph = of("SubGraph", tensors=made, inputs=[0], outputs=[last], operators=[node])
    model = of("Model", version=3, buffers=buffers, subgraphs=[graph],
               operatorCodes=[of("OperatorCode", builtinCode=code, deprecatedBuiltinCode=code, version=version)])
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    seen = []
    for kernels in (Kernels.AUTO, Kernels.BUILTIN_WITHOUT_DEFAULT_DELEGATES, Kernels.BUILTIN_REF):
        run = Interpreter(model_content=bytes(builder.Output()), experimental_op_resolver_type=kernels, num_threads=1)
        run.allocate_tensors()
        run.set_tensor(run.get_input_details()[0]["index"], tensors[0][0])
        run.invoke()
        y = run.get_tensor(run.get_output_details()[0]["index"]).ravel().tolist()
        seen.append(rules.get(tuple(y), y))
    print(f"{operator}: delegate {seen[0]}, built-in {seen[1]}, reference {seen[2]}")

i8 = lambda *x: np.array(x, np.int8)
odd, ones = i8(1, 3, 5, -1, -3, -5), np.ones(6, np.int8)
show("MUL", [(odd, 0.5), (ones, 1), (odd, 1)], of("MulOptions"), 2)
show("ADD", [(odd, 0.5), (0 * ones, 0.5), (odd, 1)], of("AddOptions"), 2)
pairs = i8(0, 1, 1, 2, 2, 3, 0, -1, -1, -2, -2, -3)
show("AVERAGE_POOL_2D", [(pairs.reshape(1, 1, 12, 1), 1), (odd.reshape(1, 1, 6, 1), 1)],
     of("Pool2DOptions", filterWidth=2, filterHeight=1, strideW=2, strideH=1), 2)
show("MEAN", [(pairs.reshape(6, 2), 1), (np.array([1], np.int32), 1), (odd, 1)], of("ReducerOptions"), 2)
show("FULLY_CONNECTED", [(odd.reshape(6, 1), 0.5), (i8(1).reshape(1, 1), 1), (np.array([0], np.int32), 0.5),
                         (odd.reshape(6, 1), 1)], of("FullyConnectedOptions"), 4)
show("CONV_2D", [(odd.reshape(1, 1, 6, 1), 0.5), (i8(1).reshape(1, 1, 1, 1), 1), (np.array([0], np.int32), 0.5),
                 (odd.reshape(1, 1, 6, 1), 1)], of("Conv2DOptions", strideW=1, strideH=1), 3)
PYTHON
diff - seen <<'SEEN'
MUL: delegate even, built-in up, reference up
ADD: delegate up, built-in away, reference away
AVERAGE_POOL_2D: delegate away, built-in away, reference away
MEAN: delegate even, built-in up, reference up
FULLY_CONNECTED: delegate even, built-in up, reference away
CONV_2D: delegate even, built-in up, reference up
SEEN
