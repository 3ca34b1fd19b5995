#!/usr/bin/python3
"""Writes every file under cases/. Run: /usr/bin/python3 tests/reference/generate.py (a few seconds)."""

import sys

sys.dont_write_bytecode = True

import torch

import attentions
import binary
import capsule
import gates
import kan
import layers
import losses
import mixing
import networks
import normalisation
import optimisers
import polynomial
import resampling
import schedules
import sequences
import structure
import windows
from case import CASES

FAMILIES = [
    layers.dense,
    layers.embedding,
    layers.activations,
    windows.convolution,
    windows.transposed_convolution,
    windows.pooling,
    windows.adaptive_pooling,
    normalisation.batch_norm,
    normalisation.per_sample_norms,
    resampling.pixel_shuffle,
    resampling.upsample,
    resampling.pad,
    sequences.attention,
    sequences.recurrent,
    sequences.bidirectional,
    gates.squeeze_excite,
    gates.cbam,
    gates.domain_attention,
    gates.tokens,
    gates.lambda_layers,
    gates.deformable,
    gates.slots,
    gates.readers,
    attentions.options,
    attentions.sets,
    attentions.class_queries,
    attentions.levit,
    attentions.windowed,
    attentions.windowed_sequence,
    attentions.scored,
    mixing.mixer,
    mixing.res_mlp,
    mixing.transformer,
    mixing.transformer_lengths,
    mixing.tokens,
    mixing.positions,
    mixing.convolutions,
    mixing.sentences,
    gates.gramian,
    networks.mlp,
    networks.lenet,
    losses.classification,
    losses.regression,
    losses.margins,
    losses.distributions_and_pairs,
    optimisers.descent,
    optimisers.around_descent,
    schedules.table,
    capsule.layers,
    capsule.margin_loss,
    polynomial.multilinear,
    polynomial.products,
    polynomial.neurons,
    binary.weights,
    binary.xnor,
    binary.bit_planes,
    structure.graphs,
    structure.prototypes,
    structure.pools,
    structure.boxes,
    structure.circuits,
    structure.experts,
    structure.codes,
    kan.dense,
    kan.spline_convolution,
    kan.published_convolutions,
    kan.wavelet_convolution,
    kan.gram_networks,
]


def main():
    torch.set_num_threads(1)  # one order of summation, hence the same bytes on every run
    CASES.mkdir(exist_ok=True)
    for family in FAMILIES:
        family()
    files = sorted(CASES.iterdir())
    print(f"{len(files)} files, {sum(file.stat().st_size for file in files)} bytes")


if __name__ == "__main__":
    main()
