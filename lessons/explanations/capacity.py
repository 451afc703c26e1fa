"""How many directions fit into a space, if they need not be exactly at right angles.

Let every pair be within δ degrees of 90, that is |cos| <= s = sin δ. The chance that a random direction
misses that, beside a given one, is twice the cap around a pole of the sphere in d dimensions:

    p = 2 ∫_δ^90° cos(t)^(d-2) dt / B(1/2, (d-1)/2)

Three numbers follow, drawn as numbers of zeros because they have too many digits:

    chance       √(2/p) random directions have one bad pair among them, on average.
    guaranteed   1/p: as long as N p < 1 some direction is outside all N double caps; take it as the next.
                 Starting from d at right angles, one gets d even where 1/p is less.
    limit        Levenshtein's: nobody will ever place more, see `_lines`.

In the long run p shrinks by the factor cos δ with each dimension, so ten times the dimensions have ten
times the zeros. But not from the start: only where 1/p has overtaken d does leaving the right angle
pay. Chance isn't the best there is, either: Kerdock's directions in 4,096 dimensions, see `_kerdock`, are
all within 0.9 degrees of 90, and three copies of them fill GPT-3's 12,288 = 3 x 4,096 dimensions.

Sources: E. N. Gilbert, "A comparison of signalling alphabets" (1952), for taking the next that fits;
V. I. Levenshtein (1992); A. M. Kerdock (1972); T. Brown et al., "Language Models are Few-Shot
Learners" (2020), for the 12,288.
"""

import math

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from lessons.explanations import Check, ClassAnswers, Knob
from lessons.explanations._kerdock import kerdock_directions, kerdock_size
from lessons.explanations._lines import Doubles, log10_most_lines

TITLE = "Almost perpendicular leaves room for billions"
IDEA = "Tolerate a few degrees, and a wide space has room for far more directions than it has dimensions."
CORRECTION = "Often told: with a little tolerance the room grows exponentially at once. In truth it starts late: within 1° of a right angle, chance guarantees no more directions than there are dimensions until there are about 61,000. Algebra can do better: Kerdock’s 25,178,112 directions in 12,288 dimensions are within 0.9°."
FORMULA = r"N \ge \frac1p, \qquad p = \frac{2}{B(\frac12, \frac{d-1}2)} \int_\delta^{\pi/2} \cos^{d-2}t \, dt"
SOURCE = (
    "Gilbert (1952), Kerdock (1972) and Levenshtein (1992); GPT-3’s width from Brown et al. (2020)"
)

GPT3 = 12_288
WIDEST = 200_000
TIGHTEST, LOOSEST = 1.0, 10.0
COPY = 4096
"""A Kerdock set has a power of 4 dimensions; this is the widest that divides 12,288."""

KNOBS = (
    Knob(key="tolerance", label="degrees off 90°", min=TIGHTEST, max=LOOSEST, step=0.1, start=5),
    Knob(key="dimensions", label="dimensions", min=10, max=WIDEST, step=1, start=GPT3, scale="log"),
)


class Params(BaseModel):
    """Where the knobs start."""

    model_config = ConfigDict(extra="forbid")

    tolerance: float = Field(default=5, ge=TIGHTEST, le=LOOSEST)
    dimensions: int = Field(default=GPT3, ge=10, le=WIDEST)


class Place(BaseModel):
    """At one tolerance and dimension: logarithms to base ten, so numbers of zeros."""

    tolerance: float
    dimensions: int
    chance: float
    guaranteed: float
    limit: float


class Kerdock(BaseModel):
    dimensions: int
    vectors: int
    off: float
    """Degrees from 90, at most."""
    largest: float
    """The largest cosine of the smallest set, built here: 144 directions in 16 dimensions."""


class Result(BaseModel):
    """Both tables are logarithms to base ten over tolerance and dimensions, for the browser to read between."""

    tolerances: list[float]
    dimensions: list[int]
    guaranteed: list[list[float]]
    """(tolerances, dimensions)  1/p, even where it is less than the d that always fit"""
    limit: list[list[float]]
    """(tolerances, dimensions)"""
    overtakes: list[float]
    """(tolerances,)  the dimension in which 1/p overtakes d"""
    here: Place
    gpt3: Place
    """At the same tolerance."""
    kerdock: Kerdock


def compute(params: Params, rng: np.random.Generator) -> Result:
    """All of it is theory; `rng` isn't needed."""
    tolerances = np.geomspace(TIGHTEST, LOOSEST, 12)[:, None]
    dimensions = np.unique(np.rint(np.geomspace(10, WIDEST, 44)))
    limit = log10_most_lines(dimensions, np.sin(np.radians(tolerances)))
    return Result(
        tolerances=np.round(tolerances.ravel(), 4).tolist(),
        dimensions=dimensions.astype(int).tolist(),
        guaranteed=np.round(-log10_cap(dimensions, tolerances), 3).tolist(),
        limit=np.round(limit, 3).tolist(),
        overtakes=np.round(overtaking_dimension(tolerances.ravel()), 1).tolist(),
        here=_place(params.tolerance, params.dimensions),
        gpt3=_place(params.tolerance, GPT3),
        kerdock=Kerdock(
            dimensions=GPT3,
            vectors=GPT3 // COPY * kerdock_size(COPY),
            off=round(math.degrees(math.asin(COPY**-0.5)), 3),
            largest=round(_largest_cosine(kerdock_directions(3)), 6),
        ),
    )


def checks(params: Params, result: Result) -> list[Check]:
    tolerance = params.tolerance
    wide = -log10_cap(np.array([WIDEST / 2, WIDEST]), np.array(tolerance))
    gain = float(wide[1] - wide[0]) / (WIDEST / 2) * 1000
    kerdock_limit = 10 ** float(log10_most_lines(COPY, COPY**-0.5))
    return [
        Check(
            # On the ordinary sphere, as Archimedes knew, a belt has its share of the axis.
            name=f"on a globe, beyond {tolerance:g}°",
            unit="\u00a0%",
            got=round(100 * float(10 ** log10_cap(3, tolerance)), 6),
            want=round(100 * (1 - math.sin(math.radians(tolerance))), 6),
            tol=0.001,
        ),
        Check(
            name="zeros per 1,000 more dimensions",
            got=round(gain, 4),
            want=round(-1000 * math.log10(math.cos(math.radians(tolerance))), 4),
            # The rest is a power of d: half a zero for ten times the dimensions.
            tol=0.003,
        ),
        Check(
            name="Kerdock’s set, against the limit",
            got=kerdock_size(COPY),
            want=round(kerdock_limit, 3),
            tol=0.5,
        ),
        Check(name="its cosine in 16 dimensions", got=result.kerdock.largest, want=1 / 4, tol=1e-5),
    ]


def caption(params: Params, result: Result) -> str:
    here = result.here
    start = (
        f"{here.dimensions:,} dimensions, every pair within {here.tolerance:g}° of a right angle: "
    )
    if here.guaranteed <= math.log10(here.dimensions):
        return start + "one direction for each dimension fits, and no more are guaranteed."
    zeros = math.floor(here.guaranteed)
    return start + (
        f"at least 10{str(zeros).translate(_RAISED)} directions fit, a 1 with {zeros} zeros. "
        "Ten times the dimensions have about ten times the zeros."
    )


def text(params: Params, result: Result) -> str:
    here, kerdock = result.here, result.kerdock
    wider = _place(here.tolerance, min(WIDEST, 10 * here.dimensions))
    return (
        "Curves over the number of dimensions, from 10 to 200,000, show how many directions fit if every "
        f"pair must be within {here.tolerance:g}° of a right angle, as a number of zeros. In "
        f"{here.dimensions:,} dimensions random directions alone manage {_at_least(here.chance)}; at least "
        f"{_fits(here)} are guaranteed to fit, and more than {_at_most(here.limit)} are impossible. In "
        f"{wider.dimensions:,} dimensions {_fits(wider)} are guaranteed. The guarantee beats one direction "
        "for each dimension from "
        f"{_rounded(float(overtaking_dimension(np.array(here.tolerance))))} dimensions on; within 1°, "
        f"from {_rounded(result.overtakes[0])} on. A marked point is Kerdock’s construction: "
        f"{kerdock.vectors:,} directions in {kerdock.dimensions:,} dimensions, all within "
        f"{kerdock.off:.1f}° of a right angle."
    )


def class_text(params: Params, answers: ClassAnswers) -> str:
    if answers.values:
        n, median = len(answers.values), float(np.median(answers.values))
        at_least = _place(params.tolerance, GPT3).guaranteed
        return (
            f"Dots at {GPT3:,} dimensions show what the class guessed: {n:,} "
            f"{'guess' if n == 1 else 'guesses'}, from {min(answers.values):g} to "
            f"{max(answers.values):g} zeros, half of them at most {median:g}; {at_least:.0f} are guaranteed."
        )
    if answers.counts:
        chosen = zip(answers.options, answers.counts, strict=False)
        return "The class answered " + ", ".join(f"“{o}”: {c}" for o, c in chosen) + "."
    return ""


def log10_cap(dimensions: Doubles | int, tolerance: Doubles | float) -> Doubles:
    """The logarithm of p: the chance that a random direction is more than `tolerance` degrees off 90.

    The arguments may be arrays that fit each other. The integrand is divided by its value at the edge,
    as cos(5°)^1,000,000 is 0 to a computer, and followed from there until it has lost a factor of e^40.
    """
    d, edge = np.broadcast_arrays(
        np.asarray(dimensions, float), np.radians(np.asarray(tolerance, float))
    )
    power, tangent = d - 2, np.tan(edge)
    # log cos falls at least as fast as the parabola that has its slope at the edge.
    reach = np.sqrt(tangent**2 + 80 / np.maximum(power, 1e-9)) - tangent
    reach = np.minimum(reach, np.pi / 2 - edge)[..., None]
    t = edge[..., None] + reach * (1 + _NODES) / 2  # (..., nodes)
    fall = power[..., None] * np.log(np.cos(t) / np.cos(edge)[..., None])
    integral = (reach / 2 * _WEIGHTS * np.exp(fall)).sum(-1)
    log: Doubles = math.log(2) + power * np.log(np.cos(edge)) + np.log(integral) - _log_beta(d)
    return log / math.log(10)


def overtaking_dimension(tolerance: Doubles) -> Doubles:
    """The dimension in which 1/p overtakes d, for each tolerance."""
    low, high = np.zeros_like(tolerance) + math.log10(3), np.zeros_like(tolerance) + 7
    for _ in range(30):
        middle = (low + high) / 2
        is_ahead = -log10_cap(10**middle, tolerance) > middle
        low, high = np.where(is_ahead, low, middle), np.where(is_ahead, middle, high)
    overtaking: Doubles = 10**high
    return overtaking


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


def _log_beta(dimensions: Doubles) -> Doubles:
    """The logarithm of B(1/2, (d-1)/2)."""
    log = [
        math.lgamma(0.5) + math.lgamma((d - 1) / 2) - math.lgamma(d / 2) for d in dimensions.flat
    ]
    return np.array(log).reshape(dimensions.shape)


def _place(tolerance: float, dimensions: int) -> Place:
    guaranteed = -float(log10_cap(dimensions, tolerance))
    return Place(
        tolerance=tolerance,
        dimensions=dimensions,
        chance=round((math.log10(2) + guaranteed) / 2, 3),
        guaranteed=round(guaranteed, 3),
        limit=round(float(log10_most_lines(dimensions, math.sin(math.radians(tolerance)))), 3),
    )


def _largest_cosine(directions: npt.NDArray[np.float32]) -> float:
    cosines = np.abs(directions @ directions.T)
    np.fill_diagonal(cosines, 0)
    return float(cosines.max())


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _fits(place: Place) -> str:
    """How many are guaranteed: those of the guarantee, or one for each dimension."""
    return _at_least(max(place.guaranteed, math.log10(place.dimensions)))


def _at_least(log: float) -> str:
    """A number in words from its logarithm, not more than it is."""
    return f"{math.floor(10**log + 1e-6):,}" if log < 6 else f"a 1 with {math.floor(log)} zeros"


def _at_most(log: float) -> str:
    """The same for a limit, not less than it is."""
    return f"{math.floor(10**log + 1e-6):,}" if log < 6 else f"a 1 with {math.ceil(log)} zeros"


def _rounded(number: float) -> str:
    """Two digits that count."""
    unit = 10 ** (math.floor(math.log10(number)) - 1)
    return f"{round(number / unit) * unit:,.0f}"
