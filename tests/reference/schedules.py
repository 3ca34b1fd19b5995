"""Learning-rate schedules: cases/schedules.csv holds the rate in force during each of 50 steps."""

import math

import torch
from torch.optim import lr_scheduler

from case import CASES

STEPS, BASE, WARM_UP = 50, 0.1, 10


def warm_up_cosine(step):
    """Linear to the base rate over WARM_UP steps, then half a cosine towards 0."""
    if step < WARM_UP:
        return (step + 1) / WARM_UP
    return (1 + math.cos(math.pi * (step - WARM_UP) / (STEPS - WARM_UP))) / 2


def metric(step):
    """Falls, stands still, creeps down by less than the threshold a step, falls once more, then rises."""
    if step < 10:
        return 1 / (1 + step)
    if step < 30:
        return 0.1 - 1.1e-6 * (step - 10)
    return 0.05 + 0.001 * (step - 30)


def rising(step):
    """The metric turned round and partly below 0."""
    return 0.5 - metric(step) if step < 25 else -metric(step)


def rates(make, metric=None):
    """(rate, momentum) during each step."""
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=BASE, momentum=0.9)
    schedule = make(optimiser)
    rows = []
    for step in range(STEPS):
        group = optimiser.param_groups[0]
        rows.append((group["lr"], group["momentum"]))
        optimiser.step()
        if step + 1 < STEPS:
            schedule.step(metric(step)) if metric else schedule.step()
    return rows


def table():
    one_cycle = rates(lambda o: lr_scheduler.OneCycleLR(o, max_lr=0.2, total_steps=STEPS))
    columns = {
        "constant": rates(lambda o: lr_scheduler.LambdaLR(o, lambda step: 1.0)),
        "step_decay": rates(lambda o: lr_scheduler.StepLR(o, step_size=15, gamma=0.5)),
        "cosine": rates(lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=STEPS, eta_min=0.001)),
        "warm_up_cosine": rates(lambda o: lr_scheduler.LambdaLR(o, warm_up_cosine)),
        "one_cycle": one_cycle,
        "one_cycle_momentum": [(momentum, 0) for _, momentum in one_cycle],
        "plateau_metric": [(metric(step), 0) for step in range(STEPS)],
        "plateau": rates(lambda o: lr_scheduler.ReduceLROnPlateau(o, factor=0.5, patience=3), metric),
        # the threshold is what it creeps down by in ten steps
        "plateau_absolute": rates(
            lambda o: lr_scheduler.ReduceLROnPlateau(
                o, factor=0.5, patience=2, threshold=1.1e-5, threshold_mode="abs", cooldown=4), metric),
        "plateau_cooldown": rates(
            lambda o: lr_scheduler.ReduceLROnPlateau(o, factor=0.5, patience=1, cooldown=3, min_lr=0.002), metric),
        "plateau_rising_absolute": rates(
            lambda o: lr_scheduler.ReduceLROnPlateau(
                o, mode="max", factor=0.5, patience=2, threshold=0.01, threshold_mode="abs", cooldown=1), rising),
        "plateau_rising_metric": [(rising(step), 0) for step in range(STEPS)],
    }
    lines = [",".join(["step", *columns])]
    for step in range(STEPS):
        lines.append(",".join([str(step), *(repr(float(column[step][0])) for column in columns.values())]))
    (CASES / "schedules.csv").write_text("\n".join(lines) + "\n")
