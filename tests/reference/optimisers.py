"""Optimisers: ten steps from parameter.0 along the given gradient.0 to gradient.9."""

import torch

from case import Case, save

STEPS, SIZE = 10, 7


def trajectory(name, make, clip=None, average=None, **options):
    """make(parameters, **options) is the optimiser. Gradients grow, so that clipping touches only the later ones."""
    case = Case(f"optimiser_{name}", **options)
    parameter = torch.nn.Parameter(case.draw(SIZE))
    case.record("parameter.0", parameter)
    optimiser = make([parameter], **options)
    mean = parameter.detach().clone()
    if average:
        case.metadata["decay"] = average
        case.record("average.0", mean)
    if clip:
        case.metadata["max_norm"] = clip
    for k in range(STEPS):
        parameter.grad = case.record(f"gradient.{k}", case.draw(SIZE) * 0.1 * (k + 1))
        if clip:
            torch.nn.utils.clip_grad_norm_([parameter], clip)
        optimiser.step()
        case.record(f"parameter.{k + 1}", parameter)
        if average:
            mean = case.record(f"average.{k + 1}", average * mean + (1 - average) * parameter.detach())
    save(case.name, case.tensors, case.metadata)


def descent():
    sgd, adam, rmsprop = torch.optim.SGD, torch.optim.Adam, torch.optim.RMSprop
    moments = {"lr": 0.01, "betas": (0.9, 0.999), "eps": 1e-8}
    squares = {"lr": 0.01, "alpha": 0.99, "eps": 1e-8}
    trajectory("sgd", sgd, lr=0.1)
    trajectory("sgd_momentum", sgd, lr=0.1, momentum=0.9)
    trajectory("sgd_nesterov", sgd, lr=0.1, momentum=0.9, nesterov=True)
    trajectory("sgd_weight_decay", sgd, lr=0.1, weight_decay=0.01)
    trajectory("sgd_momentum_weight_decay", sgd, lr=0.1, momentum=0.9, weight_decay=0.01)
    trajectory("adam", adam, **moments)
    trajectory("adam_weight_decay", adam, weight_decay=0.01, **moments)
    trajectory("adamw", torch.optim.AdamW, weight_decay=0.01, **moments)
    trajectory("rmsprop", rmsprop, **squares)
    trajectory("rmsprop_momentum", rmsprop, momentum=0.9, **squares)
    trajectory("rmsprop_centred", rmsprop, centered=True, **squares)
    trajectory("rmsprop_centred_momentum", rmsprop, momentum=0.9, centered=True, **squares)


def around_descent():
    """Gradient clipping by the global norm, and the exponential moving average of the weights."""
    trajectory("sgd_clip_norm", torch.optim.SGD, clip=1.0, lr=0.1)
    trajectory("sgd_moving_average", torch.optim.SGD, average=0.9, lr=0.1)
