"""Networks of products: MONet, Pi-nets, gated and quadratic neurons."""

import torch
import torch.nn.functional as F

from case import Case


def shifted(x):
    """x (H, W, C); every element is read from the image as it was."""
    c = x.shape[-1]
    at = [c * quarter // 4 for quarter in range(5)]
    parts = [x[..., at[q]:at[q + 1]] for q in range(4)]
    return torch.cat([
        torch.cat([parts[0][:1], parts[0][:-1]], 0),
        torch.cat([parts[1][1:], parts[1][-1:]], 0),
        torch.cat([parts[2][:, :1], parts[2][:, :-1]], 1),
        torch.cat([parts[3][:, 1:], parts[3][:, -1:]], 1),
    ], -1)


def mu(case, x, path, hidden, narrow, shifts=False, norms=True):
    d = x.shape[-1]
    linear = lambda name, z, n: z @ case.parameter(f"{path}{name}", z.shape[-1], n) + case.parameter(
        f"{path}{name}_bias", n)
    a, b = linear("u1", x, hidden), linear("u2", x, narrow)
    if shifts:
        a, b = shifted(a), shifted(b)
    b = linear("u3", b, hidden)
    if norms:
        norm = lambda name, z: F.layer_norm(z, (hidden,), case.parameter(f"{path}{name}_weight", hidden),
                                            case.parameter(f"{path}{name}_bias", hidden), 1e-6)
        a, b = norm("a", a), norm("b", b)
    return linear("c", a + case.parameter(f"{path}alpha", 1) * a * b, d)


def multilinear():
    for channels in (8, 6):
        case = Case(f"spatial_shift_{channels}")
        case.close(shifted(case.input(4, 3, channels)))

    for variant in ("plain", "shifted", "without_norms"):
        case = Case(f"mu_layer_{variant}", hidden=12, narrow=3)
        x = case.input(3, 4, 5)
        case.close(mu(case, x, "", 12, 3, variant == "shifted", variant != "without_norms"))

    case = Case("poly_block", expansion=2, shrink=2)
    x = case.input(3, 4, 6)
    weight, bias = case.parameter("norm_weight", 6), case.parameter("norm_bias", 6)
    norm = lambda z: F.layer_norm(z, (6,), weight, bias, 1e-6)
    z = x + mu(case, norm(x), "mu_layer.", 6, 3, shifts=True)
    case.close(z + mu(case, norm(z), "mu_layer_1.", 12, 6))


def products():
    n, degree, rank, c = 3, 3, 4, 5
    case = Case("cp_product", degree=degree, rank=rank)
    x, u = case.input(2, c), case.parameter("u", c, degree, rank)
    y = torch.einsum("ti,inr->tnr", x, u).prod(1)
    case.close(y @ case.parameter("c", rank, n) + case.parameter("bias", n))

    case = Case("ccp_product", degree=degree, rank=rank)
    x, u = case.input(2, c), case.parameter("u", c, degree, rank)
    z = x @ u[:, 0]
    for k in range(1, degree):
        z = (x @ u[:, k]) * z + z
    case.close(z @ case.parameter("c", rank, n) + case.parameter("bias", n))

    case = Case("ncp_product", degree=degree, rank=rank)
    x, a = case.input(2, c), case.parameter("a", c, degree, rank)
    b, s = case.parameter("b", degree, rank), case.parameter("s", degree - 1, rank, rank)
    z = (x @ a[:, 0]) * b[0]
    for k in range(1, degree):
        z = (x @ a[:, k]) * (z @ s[k - 1] + b[k])
    case.close(z @ case.parameter("c", rank, n) + case.parameter("bias", n))


def neurons():
    for features in (5, 8):
        case = Case(f"gated_perceptron_{features}")
        x = case.input(3, features)
        y = x @ case.parameter("weight", features, 2) + x.prod(-1, keepdim=True) * case.parameter("gate", 2)
        case.close(y + case.parameter("bias", 2))

    case = Case("quadratic_dense")
    x, weight = case.input(3, 5), case.parameter("weight", 5, 2, 4)
    y = (x @ weight[:, 0] + case.parameter("r_bias", 4)) * (x @ weight[:, 1] + case.parameter("g_bias", 4))
    case.close(y + (x * x) @ case.parameter("b", 5, 4) + case.parameter("b_bias", 4))
