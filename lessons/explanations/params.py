"""Where a transformer keeps its numbers: two thirds of GPT-3 sit in its MLPs.

A token is a vector of d numbers. With L layers, an MLP m times as wide as the vector and V tokens,
the matrices have

    embedding, unembedding             V d each
    key, query, value, output          L d^2 each, a head at a time: d/128 heads of 128 x d
    up, down                           L m d^2 each
    in all                             L (4 + 2m) d^2 + 2 V d

so the MLPs have m/2 times as many numbers as attention, which is twice as many for the usual m = 4.
Counted as 3Blue1Brown does, with a matrix of its own to turn vectors back into tokens; GPT-2's code
uses the embedding again for that, and GPT-3 is said to be built alike.

Source: T. Brown et al., "Language models are few-shot learners" (2020), table 2.1, for the sizes of
GPT-3: 96 layers, vectors of 12,288 numbers, heads of 128, a context of 2048 tokens; its 50,257 tokens
are GPT-2's. 3Blue1Brown, Deep Learning chapters 5 to 7 (2024), for the eight kinds of matrix.
"""

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from lessons.explanations import Check, ClassAnswers, Knob

TITLE = "GPT-3 is two thirds MLP"
IDEA = "Attention gets the fame, but most of a language model’s numbers sit in its MLPs."
CORRECTION = "Often told: attention holds most of the weights. In truth GPT-3 has two numbers in its MLPs for each one in attention. And nearly all are weights: the biases, layer norms and position vectors, left out here, would add 0.02\u00a0%."
FORMULA = r"P = \underbrace{2mLd^2}_{\text{MLPs}} + \underbrace{4Ld^2}_{\text{attention}} + \underbrace{2Vd}_{\text{embeddings}}"
SOURCE = (
    "Brown et al., Language models are few-shot learners (2020); "
    "3Blue1Brown, Deep Learning chapters 5 to 7 (2024)"
)

HEAD = 128
"""Numbers in a key, a query or a value of GPT-3."""
CONTEXT = 2048
"""Tokens that GPT-3 reads at once; each place has a vector of its own."""

KNOBS = (
    Knob(key="layers", label="layers", min=1, max=128, step=1, start=96),
    Knob(key="width", label="vector length d", min=512, max=16_384, step=HEAD, start=12_288),
    Knob(key="multiple", label="MLP width, times d", min=0, max=8, step=1, start=4),
    Knob(
        key="vocabulary",
        label="tokens",
        min=1_000,
        max=1_000_000,
        step=1,
        start=50_257,
        scale="log",
    ),
)


class Params(BaseModel):
    """The sizes of GPT-3, unless told otherwise."""

    model_config = ConfigDict(extra="forbid")

    layers: int = Field(default=96, ge=1, le=128)
    width: int = Field(default=12_288, ge=512, le=16_384, multiple_of=HEAD)
    multiple: int = Field(default=4, ge=0, le=8)
    vocabulary: int = Field(default=50_257, ge=1_000, le=1_000_000)


class Result(BaseModel):
    """The matrices, kind by kind; whole numbers, and exact."""

    kinds: list[str]
    groups: list[str]
    """(kinds,): mlp, attention or embedding"""
    counts: list[int]
    """(kinds,): numbers in all matrices of this kind"""
    total: int
    neurons: int
    left_out: int
    """Biases, layer norms and position vectors, which the picture doesn't count."""


def compute(params: Params, rng: np.random.Generator) -> Result:
    """Count the numbers of every matrix by its shape; nothing here is random."""
    layers, d, vocabulary = params.layers, params.width, params.vocabulary
    heads, neurons = d // HEAD, params.multiple * d
    matrices = [
        # kind, group, rows, columns, how many of them
        ("up", "mlp", neurons, d, layers),
        ("down", "mlp", d, neurons, layers),
        ("key", "attention", HEAD, d, layers * heads),
        ("query", "attention", HEAD, d, layers * heads),
        ("value", "attention", HEAD, d, layers * heads),
        ("output", "attention", d, HEAD, layers * heads),
        ("embedding", "embedding", d, vocabulary, 1),
        ("unembedding", "embedding", vocabulary, d, 1),
    ]
    shapes = np.array([shape for _, _, *shape in matrices], dtype=np.int64)  # (kinds, 3)
    counts = shapes.prod(axis=1)  # (kinds,)

    biases = layers * (4 * d + neurons + d)  # of key, query, value, output; up; down
    norms = (2 * layers + 1) * 2 * d  # before attention, before the MLP, and one at the end
    return Result(
        kinds=[kind for kind, *_ in matrices],
        groups=[group for _, group, *_ in matrices],
        counts=counts.tolist(),
        total=int(counts.sum()),
        neurons=layers * neurons,
        left_out=biases + norms + CONTEXT * d,
    )


def checks(params: Params, result: Result) -> list[Check]:
    """Counted matrix by matrix, against the formula: whole numbers, so there is nothing to tolerate."""
    mlp, attention = _in(result, "mlp"), _in(result, "attention")
    return [
        Check(
            name="in the MLPs",
            unit="\u00a0%",
            got=round(100 * mlp / result.total, 2),
            want=round(100 * mlp_share(params), 2),
            tol=0,
        ),
        Check(name="MLPs over attention", got=mlp / attention, want=params.multiple / 2, tol=0),
        Check(
            name="parameters, billions",
            got=result.total / 1e9,
            want=parameters(params) / 1e9,
            tol=0,
        ),
        Check(
            name="neurons, millions",
            got=result.neurons / 1e6,
            want=params.layers * params.multiple * params.width / 1e6,
            tol=0,
        ),
    ]


def caption(params: Params, result: Result) -> str:
    up, down, key, *_ = result.counts
    who = "GPT-3" if params == Params() else "This model"
    return (
        f"{who} has {result.total:,} numbers to learn. {_percent(mlp_share(params))} of them sit in its "
        f"MLPs: {_told(up)} to go up and {_told(down)} to come down. "
        f"Attention has four times {_told(key)}."
    )


def text(params: Params, result: Result) -> str:
    up, down, key, _, _, _, embedding, unembedding = result.counts
    mlp, attention = _in(result, "mlp"), _in(result, "attention")
    is_gpt3 = params == Params()
    return (
        f"Squares fill an area, each for the same amount of numbers, up to the "
        f"{result.total:,} parameters of {'GPT-3' if is_gpt3 else 'a model'} with {params.layers} "
        f"{'layer' if params.layers == 1 else 'layers'}, vectors of {params.width:,} numbers, MLPs "
        f"{params.multiple} times as wide and {params.vocabulary:,} tokens. "
        f"From left to right: the MLPs have {mlp:,}, which is {_percent(mlp / result.total)}: "
        f"{up:,} in the matrices up and {down:,} in the matrices down. "
        f"Attention has {attention:,}, {_percent(attention / result.total)}: {key:,} each for key, "
        f"query, value and output. The embedding has {embedding:,} and the unembedding "
        f"{unembedding:,}, together {_percent((embedding + unembedding) / result.total)}. "
        f"There are {result.neurons:,} neurons in the MLPs. Biases, layer norms and position vectors "
        f"are not counted; they would add {100 * result.left_out / result.total:.2f}\u00a0%. "
        f"A model that uses its embedding again at the end, as GPT-2’s code does, has "
        f"{unembedding:,} fewer."
    )


def class_text(params: Params, answers: ClassAnswers) -> str:
    if answers.values:
        n, mean = len(answers.values), float(np.mean(answers.values))
        return (
            f"A dashed line and dots show what the class guessed for the MLPs: {n:,} "
            f"{'guess' if n == 1 else 'guesses'}, from {min(answers.values):g} to "
            f"{max(answers.values):g}\u00a0%, on average {mean:.0f}\u00a0%; it is "
            f"{_percent(mlp_share(params))}."
        )
    if answers.counts:
        chosen = zip(answers.options, answers.counts, strict=False)
        return "The class answered " + ", ".join(f"“{o}”: {c}" for o, c in chosen) + "."
    return ""


def parameters(params: Params) -> int:
    """The closed form that the docstring gives."""
    layers, d = params.layers, params.width
    return layers * (4 + 2 * params.multiple) * d * d + 2 * params.vocabulary * d


def mlp_share(params: Params) -> float:
    return 2 * params.layers * params.multiple * params.width**2 / parameters(params)


def _in(result: Result, group: str) -> int:
    return sum(count for count, of in zip(result.counts, result.groups, strict=True) if of == group)


def _told(count: int) -> str:
    """Three digits, as one says it: 58.0 billion, 618 million."""
    for size, name in ((10**9, "billion"), (10**6, "million")):
        # 999.6 million would round to 1000 million.
        if count >= 0.9995 * size:
            value = count / size
            digits = 0 if value >= 99.95 else 1
            return f"{value:.{digits}f} {name}"
    return f"{count:,}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}\u00a0%"
