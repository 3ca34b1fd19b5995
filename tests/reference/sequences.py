"""Attention and recurrent cells over a sequence (T, D)."""

import torch
import torch.nn.functional as F

from case import Case

LENGTH, FEATURES, HEADS = 5, 8, 4
HEAD = FEATURES // HEADS


def attention():
    """query, key, value (D, H, K), out (H, K, D); query_bias, key_bias, value_bias (H, K), out_bias (D)."""
    for variant, bias, causal in [("plain", False, False), ("bias", True, False), ("causal", False, True),
                                  ("causal_bias", True, True)]:
        case = Case(f"multi_head_attention_{variant}", heads=HEADS, bias=bias, causal=causal)
        x = case.input(LENGTH, FEATURES)
        case.close(attend(case, x, x, bias, causal))

    case = Case("multi_head_attention_cross", heads=HEADS, bias=True, causal=False)  # keys and values from input1
    x, memory = case.input(LENGTH, FEATURES, name="input0"), case.input(3, FEATURES, name="input1")
    case.close(attend(case, x, memory, bias=True, causal=False))


def attend(case, x, memory, bias, causal):
    projections = [case.parameter(name, FEATURES, HEADS, HEAD) for name in ("query", "key", "value")]
    out = case.parameter("out", HEADS, HEAD, FEATURES)
    biases, out_bias = None, None
    if bias:
        names = ("query_bias", "key_bias", "value_bias")
        biases = torch.cat([case.parameter(name, HEADS, HEAD).flatten() for name in names])
        out_bias = case.parameter("out_bias", FEATURES)
    packed = torch.cat([weight.flatten(1).T for weight in projections])  # (3 H K, D)
    hidden = torch.ones(LENGTH, LENGTH, dtype=torch.bool).triu(1) if causal else None  # true: not attended to
    return F.multi_head_attention_forward(
        x, memory, memory, FEATURES, HEADS, packed, biases, None, None, False, 0.0,
        out.flatten(0, 1).T, out_bias, need_weights=False, attn_mask=hidden)[0]


def recurrent():
    """weight_ih (in, gates * hidden), weight_hh (hidden, gates * hidden); the output is the hidden state of all steps.

    Zero initial state, or input1 (hidden) and, for the LSTM, input2 (cell).
    """
    cells = {
        "rnn": (torch.rnn_tanh_cell, "h"),
        "gru": (torch.gru_cell, "r,z,n"),
        "lstm": (torch.lstm_cell, "i,f,g,o"),
    }
    for name, (cell, gates) in cells.items():
        for variant in ("zero_state", "initial_state"):
            one_recurrence(f"{name}_{variant}", name == "lstm", cell, gates, variant == "initial_state")


def one_recurrence(name, has_cell, cell, gates, initial, steps=6, features=3, hidden=4):
    width = len(gates.split(",")) * hidden
    case = Case(name, hidden=hidden, gates=gates)
    x = case.input(steps, features, name="input0" if initial else "input")
    state = [case.input(hidden, name=f"input{i + 1}") if initial else torch.zeros(hidden, dtype=torch.float64)
             for i in range(2 if has_cell else 1)]
    state = [part.unsqueeze(0) for part in state]
    weights = [case.parameter("weight_ih", features, width).T, case.parameter("weight_hh", hidden, width).T,
               case.parameter("bias_ih", width), case.parameter("bias_hh", width)]
    outputs = []
    for step in x:
        after = cell(step.unsqueeze(0), state if has_cell else state[0], *weights)
        state = list(after) if has_cell else [after]
        outputs.append(state[0].squeeze(0))
    case.close(torch.stack(outputs))


def bidirectional():
    """forward.weight_ih, ..., backward.weight_ih, ...; below 0 and 1 of two layers, and below 0 of `last_state`.

    The output is (steps, 2 hidden); `last_output` is what each direction has after its last step (2 hidden), and
    `last_state` that and the cells' likewise (4 hidden).
    Initial states are input1 and input2 (2 hidden), the forward one's first.
    """
    functions = {"rnn": (torch.rnn_tanh, 1), "gru": (torch.gru, 3), "lstm": (torch.lstm, 4)}
    for name, layers, initial, result in [("rnn", 2, False, "all"), ("gru", 1, False, "all"), ("lstm", 1, True, "all"),
                                          ("lstm", 2, False, "all"), ("gru", 1, False, "last_output"),
                                          ("lstm", 1, True, "last_state")]:
        variant = "" if result == "all" else f"_{result}"
        both_directions(f"{name}_bidirectional{variant}{'_two_layers' if layers > 1 else ''}", *functions[name], layers,
                        initial, result)


def both_directions(name, function, gates, layers, initial, result, steps=5, features=3, hidden=2):
    case = Case(name, hidden=hidden, layers=layers, result=result)
    x = case.input(steps, features, name="input0" if initial else "input")
    states = []
    for i in range(2 if function is torch.lstm else 1):
        start = case.input(2 * hidden, name=f"input{i + 1}") if initial else torch.zeros(2 * hidden * layers).double()
        states.append(start.reshape(2 * layers, 1, hidden))
    weights = []
    for layer in range(layers):
        width = features if layer == 0 else 2 * hidden
        for direction in ("forward", "backward"):
            path = f"{layer}.{direction}" if layers > 1 or result == "last_state" else direction
            weights += [case.parameter(f"{path}.weight_ih", width, gates * hidden).T,
                        case.parameter(f"{path}.weight_hh", hidden, gates * hidden).T,
                        case.parameter(f"{path}.bias_ih", gates * hidden),
                        case.parameter(f"{path}.bias_hh", gates * hidden)]
    states = states if function is torch.lstm else states[0]
    outputs, *last = function(x.unsqueeze(1), states, weights, True, layers, 0.0, False, True, False)
    wanted = {"all": outputs.squeeze(1), "last_output": last[0].flatten(),
              "last_state": torch.cat([state.flatten() for state in last])}
    case.close(wanted[result])
