"""Losses: input (N, C), target, a scalar output (mean), and the gradient of the input."""

import torch
import torch.nn.functional as F

from case import Case

BATCH, CLASSES = 6, 5


def labels(case):
    return case.record("target", case.integers(CLASSES, BATCH)).long()


def classification():
    case = Case("loss_cross_entropy_labels")
    case.close(F.cross_entropy(case.input(BATCH, CLASSES), labels(case)))

    case = Case("loss_cross_entropy_label_smoothing", label_smoothing=0.1)
    case.close(F.cross_entropy(case.input(BATCH, CLASSES), labels(case), label_smoothing=0.1))

    # PyTorch's mean with class weights divides by the sum of the targets' weights; the second file divides by N.
    for variant in ("class_weights", "class_weights_over_batch"):
        case = Case(f"loss_cross_entropy_{variant}", divisor="batch" if variant.endswith("batch") else "weights")
        x, target = case.input(BATCH, CLASSES), labels(case)
        weights = case.record("class_weights", case.draw(CLASSES).exp())
        total = F.cross_entropy(x, target, weights, reduction="sum")
        case.close(total / (BATCH if variant.endswith("batch") else weights[target].sum()))

    # the mean is over what is not ignored; ignored are samples, and positions of sequences, unequally many in each
    case = Case("loss_cross_entropy_ignored", ignore_index=-100)
    target = case.record("target", torch.tensor([2, -100, 0, 4, -100, -100], dtype=torch.int32)).long()
    case.close(F.cross_entropy(case.input(BATCH, CLASSES), target))

    case = Case("loss_cross_entropy_ignored_positions", ignore_index=255, label_smoothing=0.1)
    target = case.record("target", torch.tensor([[1, 255, 0], [255, 255, 255], [3, 4, 2], [255, 0, 255]],
                                                dtype=torch.int32)).long()
    x = case.input(4, 3, CLASSES)
    case.close(F.cross_entropy(x.reshape(-1, CLASSES), target.reshape(-1), ignore_index=255, label_smoothing=0.1))

    case = Case("loss_cross_entropy_soft_targets")
    target = case.record("target", case.draw(BATCH, CLASSES).softmax(-1))
    case.close(F.cross_entropy(case.input(BATCH, CLASSES), target))

    case = Case("loss_bce_with_logits")
    target = case.record("target", case.draw(BATCH, CLASSES).sigmoid())
    case.close(F.binary_cross_entropy_with_logits(case.input(BATCH, CLASSES), target))


def regression():
    """Means over all N C elements."""
    for name, function, options in [("mse", F.mse_loss, {}), ("l1", F.l1_loss, {}),
                                    ("huber", F.huber_loss, {"delta": 1.0})]:
        case = Case(f"loss_{name}", **options)
        target = case.record("target", case.draw(BATCH, CLASSES))
        case.close(function(case.input(BATCH, CLASSES), target, **options))


def margins():
    case = Case("loss_hinge_multi_class", margin=1.0)  # per sample: the sum over the wrong classes, divided by C
    case.close(F.multi_margin_loss(case.input(BATCH, CLASSES), labels(case)))

    case = Case("loss_hinge_binary", margin=1.0)  # target -1 or 1
    target = case.record("target", 2.0 * case.integers(2, BATCH, 1).double() - 1)
    case.close(F.relu(1 - target * case.input(BATCH, 1)).mean())


def distributions_and_pairs():
    case = Case("loss_kl_div_batchmean")  # the input is a logarithm of probabilities, the target probabilities
    target = case.record("target", case.draw(BATCH, CLASSES).softmax(-1))
    log_probabilities = case.input(values=case.draw(BATCH, CLASSES).log_softmax(-1))
    case.close(F.kl_div(log_probabilities, target, reduction="batchmean"))

    case = Case("loss_cosine_embedding", margin=0.0)  # target 1: similar, -1: not
    target = case.record("target", torch.tensor([1, 1, 1, -1, -1, -1], dtype=torch.float64))
    side = torch.tensor([[1], [-1], [1], [1], [-1], [1]], dtype=torch.float64)  # alike and opposite pairs, under both
    x = case.input(BATCH, CLASSES, name="input0")
    y = case.input(name="input1", values=2 * side * x.detach() + case.draw(BATCH, CLASSES))
    case.close(F.cosine_embedding_loss(x, y, target))
