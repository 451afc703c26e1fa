"""The toy model of superposition, x' = ReLU(x W Wᵀ + b), many of them trained side by side.

Every array leads with one axis of models, so that a whole row of sparsities costs one matrix product.
The ideas x lie in [0, 1], W has a row per idea and a column per neuron, and reading out uses the same
W as writing in. After Elhage et al., "Toy Models of Superposition" (2022).
"""

# ruff: noqa: N803, N806 (W is the letter of the formula)

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]

FIRST_MOMENT, SECOND_MOMENT, EPSILON = 0.9, 0.999, 1e-8  # as in Kingma & Ba, "Adam" (2015)


def loss_and_gradients(
    W: Floats,
    b: Floats,
    x: Floats,
    weights: Floats,
    *,
    has_relu: bool,
) -> tuple[Floats, Floats, Floats]:
    """Weighted squared error of each model, and its slopes, written out by hand.

    W        (models, ideas, neurons)
    b        (models, ideas)
    x        (rows, ideas)          the same inputs for all, or (models, rows, ideas)
    weights  (models, rows, ideas)  what each squared error counts; importance is in here
    returns  (models,), slopes shaped as W, slopes shaped as b
    """
    hidden = x @ W  # (models, rows, neurons)
    output = hidden @ W.swapaxes(1, 2) + b[:, None]  # (models, rows, ideas)
    if has_relu:
        np.maximum(output, 0, out=output)
    error = output - x
    slope = 2 * weights * error
    if has_relu:
        slope *= output > 0
    # W is used twice: to read the ideas out of the neurons, and to write them in.
    dW = slope.swapaxes(1, 2) @ hidden + x.swapaxes(-1, -2) @ (slope @ W)
    # A product with ones adds up rows several times faster than `sum` does where rows are short.
    db = np.ones(slope.shape[1], dtype=slope.dtype) @ slope
    return (weights * error * error).sum((1, 2)), dW, db


def adam(*values: Floats) -> Callable[[float, tuple[Floats, ...]], None]:
    """A step function that moves these arrays in place, each number at its own pace."""
    first = [np.zeros_like(value) for value in values]
    second = [np.zeros_like(value) for value in values]
    steps = 0

    def step(rate: float, slopes: tuple[Floats, ...]) -> None:
        nonlocal steps
        steps += 1
        fade, fade_of_squares = 1 - FIRST_MOMENT**steps, 1 - SECOND_MOMENT**steps
        for value, slope, m, v in zip(values, slopes, first, second, strict=True):
            m += (1 - FIRST_MOMENT) * (slope - m)
            v += (1 - SECOND_MOMENT) * (slope * slope - v)
            value -= rate / fade * m / (np.sqrt(v / fade_of_squares) + EPSILON)

    return step


def dimensions(W: Floats) -> Floats:
    """The share of a dimension that each idea has for itself: |W_i|² / Σ_j (Ŵ_i · W_j)².

    An idea at right angles to all others has 1, two that share a line have 1/2 each, one that was
    dropped has 0.

    W        (..., ideas, neurons)
    returns  (..., ideas)
    """
    length = np.linalg.norm(W, axis=-1)
    unit = W / np.maximum(length, 1e-12)[..., None]
    shared: Floats = ((unit @ W.swapaxes(-1, -2)) ** 2).sum(-1)
    share: Floats = length**2 / np.maximum(shared, 1e-12)
    return share
