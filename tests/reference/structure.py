"""Layers of structure: graphs, prototypes, subspaces, pools, boxes, circuits, experts, codes. From the formulas."""

import math

import torch

from case import Case


def graphs():
    """weight (C, F), bias (F); adjacency as it is, or edges with loops and degrees by hand, node by node."""
    case = Case("graph_conv_matrix")
    x, a = case.input(5, 3, name="input0"), case.input(5, 5, name="input1", values=case.draw(5, 5).abs())
    weight = case.parameter("graph_conv.weight", 3, 4)
    with_loops = a + torch.eye(5, dtype=torch.float64)
    root = torch.diag(with_loops.sum(1) ** -0.5)
    case.close(root @ with_loops @ root @ (x @ weight))

    for name, outputs in (("graph_conv_edges", 2), ("graph_conv_edges_wide", 4)):
        case = Case(name)
        x = case.input(5, 3, name="input0")
        source = case.record("input1", case.integers(5, 7))
        target = case.record("input2", case.integers(5, 7))
        strength = case.input(7, name="input3", values=case.draw(7).abs())
        weight, bias = case.parameter("weight", 3, outputs), case.parameter("bias", outputs)
        a = torch.eye(5, dtype=torch.float64)
        for s, t, w in zip(source.tolist(), target.tolist(), strength):
            one = torch.zeros(5, 5, dtype=torch.float64)
            one[t, s] = 1
            a = a + one * w
        degree = a.sum(1)
        case.close((a / (degree[:, None] * degree[None, :]).sqrt()) @ x @ weight + bias)


def prototypes():
    """prototypes (M, D), weight (M, classes): squared distances place by place, without expanding them."""
    case = Case("prototypes_log_activation")
    z = case.input(3, 2, 5)
    points, weight = case.parameter("prototypes", 6, 5), case.parameter("weight", 6, 3)
    distance = ((z.reshape(6, 1, 5) - points[None]) ** 2).sum(-1).min(0).values
    case.close(torch.log((distance + 1) / (distance + 1e-4)) @ weight)

    case = Case("concept_subspace")  # minus squared distances after projection with the pseudo-inverse
    z = case.input(3, 6)
    points = case.parameter("0.prototypes", 4, 6)
    span = (points[1:] - points[0]).T  # (D, P - 1)
    onto = span @ torch.linalg.solve(span.T @ span, span.T)  # (D, D)
    flat = points[0] + (z - points[0]) @ onto
    case.close(-((flat[:, None] - points[None]) ** 2).sum(-1))


def pools():
    case = Case("generalised_mean_pool")
    x = case.input(3, 2, 4, values=case.draw(3, 2, 4).abs() + 0.05)
    power = case.leaf("parameter.power", "gradient.power", torch.tensor([2.7], dtype=torch.float64))
    case.close((x.reshape(6, 4) ** power).mean(0) ** (1 / power))

    case = Case("fisher_vector_improved")
    x = case.input(7, 3)
    log_weight, mean = case.parameter("log_weight", 2), case.parameter("mean", 2, 3)
    log_deviation = case.parameter("log_deviation", 2, 3, scale=0.3)
    weight, deviation = log_weight.softmax(0), log_deviation.exp()
    z = (x[:, None] - mean) / deviation  # (N, K, D)
    density = (torch.distributions.Normal(mean, deviation).log_prob(x[:, None])).sum(-1) + weight.log()
    q = density.softmax(-1)[..., None]
    u = (q * z).sum(0) / (7 * weight.sqrt())[:, None]
    v = (q * (z * z - 1)).sum(0) / (7 * (2 * weight).sqrt())[:, None]
    y = torch.cat([u, v]).flatten()
    y = torch.sign(y) * (y.abs() + 1e-12).sqrt()
    case.close(y / y.norm())

    case = Case("simplex_classifier")
    x = case.input(3, 4)
    n = 4
    corners = torch.cat([torch.eye(n, dtype=torch.float64),
                         torch.full((1, n), (1 - math.sqrt(1 + n)) / n, dtype=torch.float64)])
    corners = corners - corners.mean(0)
    case.close(x @ (corners / corners.norm(dim=1, keepdim=True)).T)

    case = Case("hermite_learnt")  # x + sum_k a_k h_k, polynomials written out
    x = case.input(5, 3)
    a = case.parameter("coefficients", 5, 3)
    h = [torch.ones_like(x), x, (x**2 - 1) / math.sqrt(2), (x**3 - 3 * x) / math.sqrt(6),
         (x**4 - 6 * x**2 + 3) / math.sqrt(24)]
    case.close(x + sum(a[k] * h[k] for k in range(5)))


def boxes():
    """low, side (V, D); log P(a | b) of two symbols each."""
    for kind in ("soft", "gumbel"):
        case = Case(f"box_{kind}")
        first, second = case.record("input0", case.integers(5, 4)), case.record("input1", case.integers(5, 4))
        low, side = case.parameter("box.low", 5, 3), case.parameter("box.side", 5, 3)
        t = 0.5
        high = low + torch.nn.functional.softplus(side)

        def log_volume(lo, hi):
            shift = 2 * 0.57721566490153286061 if kind == "gumbel" else 0
            return (t * torch.nn.functional.softplus((hi - lo) / t - shift)).log().sum(-1)

        a, b = (low[first.long()], high[first.long()]), (low[second.long()], high[second.long()])
        if kind == "soft":
            both = torch.maximum(a[0], b[0]), torch.minimum(a[1], b[1])
        else:
            both = (t * torch.logaddexp(a[0] / t, b[0] / t), -t * torch.logaddexp(-a[1] / t, -b[1] / t))
        case.close(log_volume(*both) - log_volume(*b))


def circuits():
    """angles (L, Q, 3): gates as full matrices of Kronecker products, state by state."""
    case = Case("quantum_bellman")
    x, angles = case.input(3, 3), case.parameter("angles", 2, 3, 3, scale=1.5)
    case.close(torch.stack([measured(bellman(angles, turned(zero(3), row))) for row in x]))

    case = Case("quantum_uploads_y")
    x = case.input(3, 2)
    angles = [case.parameter(f"{k}.angles", 1, 2, 3, scale=1.5) for k in range(2)]
    rows = []
    for row in x:
        state = zero(2)
        for part in angles:
            state = turned(state, row, PAULI_Y)
            state = gate(rotation(part[0, 0]), 0, 2) @ state
            state = gate(rotation(part[0, 1]), 1, 2) @ state
            state = cnot(0, 1, 2) @ state
        rows.append(measured(state))
    case.close(torch.stack(rows))


COMPLEX = torch.complex128
PAULI_X = torch.tensor([[0, 1], [1, 0]], dtype=COMPLEX)
PAULI_Y = torch.tensor([[0, -1j], [1j, 0]], dtype=COMPLEX)
PAULI_Z = torch.tensor([[1, 0], [0, -1]], dtype=COMPLEX)


def zero(qubits):
    state = torch.zeros(2**qubits, dtype=COMPLEX)
    state[0] = 1
    return state


def gate(matrix, qubit, qubits):
    whole = torch.ones(1, 1, dtype=COMPLEX)
    for q in range(qubits):
        whole = torch.kron(whole, matrix if q == qubit else torch.eye(2, dtype=COMPLEX))
    return whole


def about(pauli, angle):
    return torch.cos(angle / 2) * torch.eye(2, dtype=COMPLEX) - 1j * torch.sin(angle / 2) * pauli


def rotation(angles):
    return about(PAULI_Z, angles[2]) @ about(PAULI_Y, angles[1]) @ about(PAULI_Z, angles[0])


def cnot(control, target, qubits):
    whole = torch.zeros(2**qubits, 2**qubits, dtype=COMPLEX)
    for s in range(2**qubits):
        set_ = s >> (qubits - 1 - control) & 1
        whole[s ^ (set_ << (qubits - 1 - target)), s] = 1
    return whole


def turned(state, angles, pauli=PAULI_X):
    for q, angle in enumerate(angles):
        state = gate(about(pauli, angle), q, len(angles)) @ state
    return state


def bellman(angles, state):
    qubits = angles.shape[1]
    hadamard = (PAULI_X + PAULI_Z) / math.sqrt(2)
    for layer in angles:
        state = gate(hadamard, 0, qubits) @ state
        for q in range(qubits - 1):
            state = cnot(q, q + 1, qubits) @ state
        for q in range(qubits):
            state = gate(rotation(layer[q]), q, qubits) @ state
        for q in reversed(range(qubits - 1)):
            state = cnot(q, q + 1, qubits) @ state
    return state


def measured(state):
    qubits = int(math.log2(len(state)))
    seen = (state * state.conj()).real
    return torch.stack([(gate(PAULI_Z, q, qubits).diagonal().real * seen).sum() for q in range(qubits)])


def experts():
    """gate (D, E), up, up_bias, down, down_bias: token by token, with a count of the places left of each expert."""
    for name, each, capacity, shared in [("mixture_of_experts_one", 1, 2, False), ("mixture_of_experts_two", 2, 7, True),
                                         ("mixture_of_experts_two_crowded", 2, 4, False)]:
        case = Case(name, experts_each=each, capacity=capacity)
        tokens, features, count, hidden = 7, 4, 3, 5
        x = case.input(tokens, features)
        gate = case.parameter("gate", features, count, scale=1)
        up, down = case.parameter("up", count, features, hidden), case.parameter("down", count, hidden, features)
        up_bias, down_bias = case.parameter("up_bias", count, hidden), case.parameter("down_bias", count, features)
        p = (x @ gate).softmax(-1)
        best, index = p.topk(each)
        if shared:
            best = best / best.sum(-1, keepdim=True)
        room = [capacity] * count
        y = [torch.zeros(features, dtype=torch.float64) for _ in range(tokens)]
        left_out = 0
        for k in range(each):
            for t in range(tokens):
                e = int(index[t, k])
                if room[e] == 0:
                    left_out += 1
                    continue
                room[e] -= 1
                y[t] = y[t] + best[t, k] * (torch.relu(x[t] @ up[e] + up_bias[e]) @ down[e] + down_bias[e])
        assert (left_out > 0) == (capacity < tokens), name
        case.close(torch.stack(y))


def codes():
    """codes (K, D), or the states total (K, D) and count (K) of codes that move; distances one by one."""
    for moving in (False, True):
        case = Case("vector_quantiser_moving" if moving else "vector_quantiser", codes=5)
        z = case.input(3, 4, 2)  # a batch
        rows = z.reshape(12, 2)
        if moving:
            total, count = case.state("total", case.draw(5, 2)), case.state("count", case.draw(5).abs() + 0.5)
            codes = total / count[:, None]
        else:
            codes = case.parameter("codes", 5, 2)
        index = ((rows[:, None] - codes.detach()) ** 2).sum(-1).argmin(-1)
        q = codes[index]
        lost = 0.25 * ((rows - q.detach()) ** 2).mean()
        if moving:
            chosen = torch.nn.functional.one_hot(index, 5).double()
            count.mul_(0.75).add_(0.25 * chosen.sum(0))
            total.mul_(0.75).add_(0.25 * chosen.T @ rows.detach())
        else:
            lost = lost + ((rows.detach() - q) ** 2).mean()
        case.close((rows + (q - rows).detach()).reshape(3, 4, 2), lost)
