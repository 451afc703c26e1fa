"""Ten times bigger: a gain that is steady, small and known beforehand.

The loss of a language model is how surprised it is by the next token, in nats. Hoffmann et al. trained
over 400 of them, with N parameters on D tokens of text, and fitted

    L(N, D) = E + A / N^alpha + B / D^beta

E is left even to a perfect model, since text is not fully predictable; the second term is what the
model's size costs, the third what the amount of text costs. Ten times the parameters divide the
second by 10^alpha = 2.19, every time, and the other two stay.

Training takes about C = 6 N D operations. Along a line of equal C the loss is lowest where its slope
in log N is zero, that is where alpha A / N^alpha = beta B / D^beta, so

    N = (alpha A / beta B)^(1 / (alpha + beta)) (C / 6)^(beta / (alpha + beta)),  D = C / 6N

These are the paper's printed constants, which are rounded. With them the best model for Chinchilla's
compute would have far more tokens per parameter than Chinchilla; Besiroglu et al. found that they
agree neither with the paper's own other estimates nor well with its data. So the shape of this
surface is to be trusted, the place of its lowest points is not.

Why a power law? One proposal: ideas that share d dimensions disturb each other. Two random directions
have a squared cosine of 1/d on average, since the squared cosines with the d axes of any basis add up
to 1. Twice as wide, half the disturbance: a straight line of slope -1 in logarithmic axes.

Sources: J. Hoffmann et al., "Training compute-optimal large language models" (2022), section 3.3 and
appendix D.3, for formula, constants and the sizes of the three models (N, D); T. Besiroglu et al. (Epoch AI),
"Chinchilla scaling: a replication attempt" (2024); Y. Liu, Z. Liu and J. Gore, "Superposition yields
robust neural scaling" (2025).
"""

import math

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from lessons.explanations import Check, ClassAnswers, Knob

TITLE = "Ten times bigger, a little better"
IDEA = (
    "Every ten times more makes a model better by a small step, and the step is known beforehand."
)
CORRECTION = "Often told: a bigger model is suddenly smarter. The loss, which training lowers, falls steadily and by ever less; its floor is never reached. And no rule for tokens per parameter is printed here: the published constants are rounded, and Epoch AI found that they don’t agree with the paper’s own advice."
FORMULA = r"L(N, D) = 1.69 + \frac{406.4}{N^{0.34}} + \frac{410.7}{D^{0.28}}, \qquad \mathbb{E}\cos^2\theta = \frac1d"
SOURCE = (
    "Hoffmann et al., Training compute-optimal large language models (2022); "
    "Besiroglu et al. (Epoch AI), Chinchilla scaling: a replication attempt (2024); "
    "Liu, Liu and Gore, Superposition yields robust neural scaling (2025)"
)

TEN_TIMES, SAME_COMPUTE, DISTURBANCE = range(3)
SCENES = ["ten times", "same compute", "why"]

KNOBS = (
    Knob(key="scene", label="view", min=0, max=2, step=1, start=0, options=SCENES),
    Knob(
        key="parameters",
        label="parameters, billions",
        min=0.1,
        max=1_000,
        step=0.1,
        start=1,
        scale="log",
    ),
    Knob(
        key="tokens", label="tokens, billions", min=10, max=10_000, step=1, start=300, scale="log"
    ),
    Knob(
        key="compute",
        label="compute, 10²¹ operations",
        min=1,
        max=10_000,
        step=1,
        start=588,
        scale="log",
    ),
)

# As printed in Hoffmann et al., appendix D.3.
E, A, ALPHA, B, BETA = 1.69, 406.4, 0.34, 410.7, 0.28

MODELS = {"GPT-3": (175, 300), "Gopher": (280, 300), "Chinchilla": (70, 1_400)}
"""Billions of parameters, billions of tokens."""

WIDTHS = (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 12_288)
"""The last is GPT-3's."""
VECTORS = 128
"""8,128 pairs: enough to know a mean of squared cosines to two percent."""

Floats = NDArray[np.float64]


class Params(BaseModel):
    """In billions, billions and 10^21 operations: what Chinchilla's training took is 588 of these."""

    model_config = ConfigDict(extra="forbid")

    scene: int = Field(default=TEN_TIMES, ge=0, le=2)
    parameters: float = Field(default=1, ge=0.1, le=1_000)
    tokens: float = Field(default=300, ge=10, le=10_000)
    compute: float = Field(default=588, ge=1, le=10_000)


class Law(BaseModel):
    """L(N, D) = e + a / N^alpha + b / D^beta, for N parameters and D tokens."""

    e: float
    a: float
    alpha: float
    b: float
    beta: float


class Result(BaseModel):
    """Losses in nats per token; parameters and tokens in billions."""

    law: Law
    steps: list[float]
    """Loss at 1, 10, 100 and 1000 times the parameters, the same tokens."""
    endless: float
    """Loss that endlessly many parameters would leave, the same tokens."""
    models: list[str]
    model_parameters: list[float]
    model_tokens: list[float]
    model_losses: list[float]
    best_parameters: float
    """Searched on the line of equal compute, as are the next two."""
    best_tokens: float
    best_loss: float
    widths: list[int]
    cosines: list[float]
    """(widths,): mean squared cosine of random pairs of directions, measured"""
    slope: float
    """Of the straight line through them, both axes logarithmic."""


def compute(params: Params, rng: np.random.Generator) -> Result:
    sizes = params.parameters * 10 ** np.arange(4, dtype=np.float64)  # (steps,)
    n, d = np.array(list(MODELS.values()), dtype=np.float64).T  # (models,) each
    best = _searched(params.compute)

    cosines = np.array([mean_square_cosine(width, rng) for width in WIDTHS])  # (widths,)
    slope, _ = np.polyfit(np.log(WIDTHS), np.log(cosines), 1)

    return Result(
        law=Law(e=E, a=A, alpha=ALPHA, b=B, beta=BETA),
        steps=loss(sizes, params.tokens).round(6).tolist(),
        endless=round(E + B / (1e9 * params.tokens) ** BETA, 6),
        models=list(MODELS),
        model_parameters=n.tolist(),
        model_tokens=d.tolist(),
        model_losses=loss(n, d).round(4).tolist(),
        best_parameters=float(f"{best:.4g}"),
        best_tokens=float(f"{_tokens(best, params.compute):.4g}"),
        best_loss=round(float(loss(best, _tokens(best, params.compute))), 4),
        widths=list(WIDTHS),
        cosines=[float(f"{cosine:.4g}") for cosine in cosines],
        slope=round(float(slope), 4),
    )


def checks(params: Params, result: Result) -> list[Check]:
    """The search against calculus, the sampled directions against 1/d within five standard errors."""
    best = best_parameters(params.compute)
    least = float(loss(best, _tokens(best, params.compute)))
    errors = np.array([_relative_error(width) for width in WIDTHS])
    logs = np.log(WIDTHS)
    # The slope is a weighted sum of the logarithms, whose errors are the relative ones.
    weights = (logs - logs.mean()) / np.square(logs - logs.mean()).sum()
    narrow, wide = WIDTHS.index(128), len(WIDTHS) - 1
    # What is left of the cost of size after ten times the parameters.
    left = (result.steps[1] - result.endless) / (result.steps[0] - result.endless)
    return [
        Check(
            name="cost of size, ten times bigger",
            unit="\u00a0%",
            got=round(100 * left, 2),
            want=round(100 * 10**-ALPHA, 2),
            tol=0.01,
        ),
        Check(
            name="lowest loss for the compute",
            got=result.best_loss,
            want=round(least, 4),
            tol=1e-4,
        ),
        Check(
            name="slope of disturbance",
            got=result.slope,
            want=-1,
            tol=_tolerance(float(np.linalg.norm(weights * errors))),
        ),
        Check(
            name="best size, billions",
            got=result.best_parameters,
            want=float(f"{best:.4g}"),
            tol=float(f"{2e-3 * best:.1g}"),
        ),
        *(
            Check(
                name=f"disturbance × d, d = {WIDTHS[i]:,}",
                got=round(result.cosines[i] * WIDTHS[i], 4),
                want=1,
                tol=_tolerance(float(errors[i])),
            )
            for i in (narrow, wide)
        ),
    ]


def caption(params: Params, result: Result) -> str:
    if params.scene == SAME_COMPUTE:
        _, gopher, chinchilla = result.model_losses
        return (
            f"Along the line, training takes the same compute. Gopher is the bigger model, Chinchilla "
            f"read more text: {gopher:.2f} against {chinchilla:.2f}. By this formula the lowest point of "
            f"the line is at {result.best_loss:.2f}."
        )
    if params.scene == DISTURBANCE:
        return (
            f"Two random directions in d dimensions disturb each other by 1/d on average: ten times "
            f"the dimensions, a tenth of it. Measured slope {_signed(result.slope)}. It may be one "
            f"reason why models get better so steadily."
        )
    before, after, further, _ = result.steps
    return (
        f"A loss of {before:.2f} is the surprise of {math.exp(before):.1f} equally likely words. "
        f"Ten times the parameters, same text: {after:.2f}, so {math.exp(after):.1f}. "
        f"Another ten times: {further:.2f}."
    )


def text(params: Params, result: Result) -> str:
    before, after, further, furthest = result.steps
    models = "; ".join(
        f"{name}, {n:g} billion parameters and {d:,g} billion tokens, {each:.3f}"
        for name, n, d, each in zip(
            result.models,
            result.model_parameters,
            result.model_tokens,
            result.model_losses,
            strict=True,
        )
    )
    some = [WIDTHS.index(width) for width in (16, 128, 1024)]
    measured = ", ".join(f"{result.cosines[i]:.4g} in {WIDTHS[i]:,}" for i in some)
    return (
        f"Three views. The first draws the loss over the number of parameters, by the formula of "
        f"Hoffmann et al.: {E} + {A}/N^{ALPHA} + {B}/D^{BETA}. With {params.tokens:,g} billion tokens, "
        f"a model of {params.parameters:,g} billion parameters has a loss of {before:.2f}; ten times as "
        f"many give {after:.2f}, a hundred times {further:.2f}, a thousand times {furthest:.2f}. "
        f"Each ten times leaves {100 * 10**-ALPHA:.0f}\u00a0% of what the size of the model costs, "
        f"so endlessly many would still leave {result.endless:.2f}, and {E} is the floor for any amount of "
        f"text. The formula gives, as losses: {models}. "
        f"The second view is a map of the loss over parameters and tokens, with the line on which "
        f"training takes {params.compute:,g} times 10^21 operations. The lowest loss on it, {result.best_loss:.3f}, "
        f"is at {_three(result.best_parameters)} billion parameters and {_three(result.best_tokens)} billion "
        f"tokens by the published constants. These are rounded, and a replication by Epoch AI found that "
        f"they don’t agree with the advice of the same paper, so don’t take this point for a rule. "
        f"The third view shows one possible reason for so steady a gain: the mean squared cosine of "
        f"two random directions is 1/d; measured {measured} dimensions, on a line of slope {_signed(result.slope)} "
        f"in logarithmic axes."
    )


def class_text(params: Params, answers: ClassAnswers) -> str:
    if answers.values:
        n, mean = len(answers.values), float(np.mean(answers.values))
        after = float(loss(10 * params.parameters, params.tokens))
        return (
            f"Dots show what loss the class expected of ten times the parameters: {n:,} "
            f"{'guess' if n == 1 else 'guesses'}, from {min(answers.values):g} to "
            f"{max(answers.values):g}, on average {mean:.2f}; the formula gives {after:.2f}."
        )
    if answers.counts:
        chosen = zip(answers.options, answers.counts, strict=False)
        return "The class answered " + ", ".join(f"“{o}”: {c}" for o, c in chosen) + "."
    return ""


def loss(parameters: Floats | float, tokens: Floats | float) -> Floats:
    """Nats per token; both arguments in billions."""
    n, d = 1e9 * np.asarray(parameters, dtype=np.float64), 1e9 * np.asarray(tokens)
    nats: Floats = E + A * n**-ALPHA + B * d**-BETA
    return nats


def best_parameters(compute: float) -> float:
    """Billions of parameters with the lowest loss for that many times 10^21 operations, by calculus."""
    scale = (ALPHA * A / (BETA * B)) ** (1 / (ALPHA + BETA))
    return float(scale * (compute * 1e21 / 6) ** (BETA / (ALPHA + BETA)) / 1e9)


def mean_square_cosine(width: int, rng: np.random.Generator) -> float:
    """Over all pairs of some random directions."""
    directions = rng.standard_normal((VECTORS, width), dtype=np.float32)  # (vectors, width)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    cosines = directions @ directions.T  # (vectors, vectors)
    pairs = cosines[np.triu_indices(VECTORS, k=1)]
    return float(np.square(pairs).mean(dtype=np.float64))


def _searched(compute: float) -> float:
    """The same as `best_parameters`, found by trying: 10,001 sizes, a factor of 1.0014 apart."""
    sizes = np.geomspace(1e-2, 1e4, 10_001)  # (sizes,)
    return float(sizes[loss(sizes, _tokens(sizes, compute)).argmin()])


def _tokens(parameters: Floats | float, compute: float) -> Floats:
    """Billions of tokens that this compute pays for, both sizes in billions: C = 6 N D."""
    tokens: Floats = compute * 1e21 / (6 * 1e18 * np.asarray(parameters))
    return tokens


def _relative_error(width: int) -> float:
    """Standard error of the mean squared cosine over its value; pairs are independent (see angles)."""
    pairs = VECTORS * (VECTORS - 1) / 2
    # A squared cosine is a beta variable with parameters 1/2 and (d-1)/2.
    return math.sqrt(2 * (width - 1) / (width + 2) / pairs)


def _tolerance(standard_error: float) -> float:
    return round(5 * standard_error + 1e-4, 4)


def _three(value: float) -> str:
    """Three digits: 32.5, 3,020."""
    return f"{float(f'{value:.3g}'):,g}"


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
