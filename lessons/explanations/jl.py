"""Squeeze points into far fewer dimensions at random, and the distances between them hardly change.

A random matrix R of k x D independent standard normal numbers takes a point x of D dimensions to
Rx / sqrt(k), a point of k dimensions. For two points let u be the unit vector of their difference.
Each row of R adds one standard normal number to Ru, whatever D is. So for each pair

    r = distance after / distance before,        k r² = |Ru|² is chi-square with k degrees of freedom,

    p(r) = 2 (k/2)^(k/2) / Gamma(k/2) * r^(k-1) e^(-k r²/2)            r >= 0

and E r² = 1, Var r² = 2/k. This picture speaks of distances, as a ruler does, not of their squares:
Var r is nearly 1/(2k), so 95 of 100 distances change by less than 1.96 / sqrt(2k).

The lemma is about squares, and all pairs at once: n points have a projection to k dimensions that
changes no squared distance by more than the part e, if

    k >= 4 ln n / (e²/2 - e³/3)

A distance changes by less than t if its square changes by less than e = 2t - t², as (1-t)² = 1 - e.

Source: S. Dasgupta and A. Gupta, "An elementary proof of a theorem of Johnson and Lindenstrauss",
Random Structures & Algorithms 22 (2003), for the lemma with this constant.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from lessons.explanations import Check, ClassAnswers, Knob

TITLE = "Distances survive the squeeze"
IDEA = "Points squeezed at random into far fewer dimensions keep nearly all of their distances."
CORRECTION = "Often told: the lemma keeps right angles, and shrinking is free. In truth it keeps distances; that nearly perpendicular directions stay so follows from it. How many dimensions there were before does not matter, but accuracy has its price: half the error takes four times the dimensions."
FORMULA = r"\frac{\lVert R(u-v) \rVert^2}{\lVert u-v \rVert^2} \sim \chi^2_k, \qquad k \ge \frac{4 \ln n}{\varepsilon^2/2 - \varepsilon^3/3}"
SOURCE = "Dasgupta and Gupta, An elementary proof of a theorem of Johnson and Lindenstrauss (2003)"

MOST = 1000
"""Dimensions kept, at most."""
TOLERANCE, SHARE = 0.1, 0.95
ENOUGH = 192
"""Dimensions that keep this share of the distances within the tolerance: `enough` of the two."""
KEPT = sorted({round(10 ** (i / 10)) for i in range(31)} | {ENOUGH})
"""Where the projection is looked at: ten stops to a decade."""
THREADS = 32
"""Pairs that are followed from stop to stop."""
BARS, FIRST_BAR, BAR_WIDTH = 36, -4.0, 0.25
"""In units of 1 / sqrt(2k), which is nearly the standard deviation: one set of bars for every k."""

KNOBS = (
    Knob(key="kept", label="kept", min=1, max=MOST, step=1, start=ENOUGH, scale="log"),
    Knob(key="tolerance", label="allowed ± %", min=1, max=50, step=1, start=100 * TOLERANCE, scale="log"),
    Knob(key="points", label="points", min=100, max=600, step=10, start=500, where="server"),
    Knob(key="dimensions", label="dimensions", min=1000, max=10_000, step=100, start=5000, scale="log", where="server"),
)  # fmt: skip

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


class Params(BaseModel):
    model_config = ConfigDict(extra="forbid")

    points: int = Field(default=500, ge=100, le=600)
    dimensions: int = Field(default=5000, ge=1000, le=10_000)


class Result(BaseModel):
    """All pairs of the points. Bar i of a stop begins at the ratio 1 + (first_bar + i bar_width) / sqrt(2k)."""

    points: int
    dimensions: int
    pairs: int
    kept: list[int]
    """(stops,)  the k of each stop"""
    first_bar: float
    bar_width: float
    bars: list[list[int]]
    """(stops, bars)  how many pairs; what is beyond the ends is in the last ones"""
    threads: list[list[int]]
    """(pairs that are followed, stops)  their ratios, in thousandths"""
    inside: float
    """At k = 192, with the tolerance of 10 %: the share of distances."""
    mean_square: float
    variance_square: float
    """Of the squared ratios about 1, at the same k."""
    mean: float
    """Of the ratios, at the same k."""


def compute(params: Params, rng: np.random.Generator) -> Result:
    n, before = params.points, params.dimensions
    points = rng.standard_normal((n, before), dtype=np.float32)
    squeezed = points @ rng.standard_normal((before, MOST), dtype=np.float32)  # (points, MOST)

    followed = _rank_of_pair(n, 2 * np.arange(THREADS), 2 * np.arange(THREADS) + 1)
    bars, threads = [], []
    for kept, ratios in zip(KEPT, _ratios(points, squeezed), strict=True):
        bar = ((ratios - 1) * math.sqrt(2 * kept) - FIRST_BAR) / BAR_WIDTH
        bars.append(np.bincount(np.clip(bar, 0, BARS - 1).astype(np.intp), minlength=BARS))
        threads.append(ratios[followed])
        if kept == ENOUGH:
            measured = ratios.astype(np.float64)
    squares = measured**2
    return Result(
        points=n,
        dimensions=before,
        pairs=n * (n - 1) // 2,
        kept=KEPT,
        first_bar=FIRST_BAR,
        bar_width=BAR_WIDTH,
        bars=np.stack(bars).tolist(),
        threads=np.rint(1000 * np.stack(threads, axis=1)).astype(int).tolist(),
        inside=round(float((np.abs(measured - 1) < TOLERANCE).mean()), 5),
        mean_square=round(float(squares.mean()), 5),
        variance_square=round(float(((squares - 1) ** 2).mean()), 6),
        mean=round(float(measured.mean()), 5),
    )


def checks(params: Params, result: Result) -> list[Check]:
    """At k = 192. Each tolerance is five standard errors, see `_standard_error`."""
    k = ENOUGH
    expected_mean = math.exp(math.lgamma((k + 1) / 2) - math.lgamma(k / 2)) * math.sqrt(2 / k)

    def tolerance(value_of: Callable[[Doubles], Doubles]) -> float:
        return round(5 * _standard_error(value_of, k, params), 6)

    return [
        Check(
            name=f"within {100 * TOLERANCE:.0f}\u00a0% at k = {k}",
            unit="\u00a0%",
            got=round(100 * result.inside, 3),
            want=round(100 * exact_inside(k, TOLERANCE), 3),
            tol=100 * tolerance(lambda r: (np.abs(r - 1) < TOLERANCE).astype(np.float64)),
        ),
        Check(
            name="mean of squared ratios",
            got=result.mean_square,
            want=1,
            tol=tolerance(lambda r: r**2),
        ),
        Check(
            name="their spread",
            unit="\u00a0%",
            got=round(100 * math.sqrt(result.variance_square), 3),
            want=round(100 * math.sqrt(2 / k), 3),
            # A root's error is that of its square over twice the root.
            tol=round(100 * tolerance(lambda r: (r**2 - 1) ** 2) / (2 * math.sqrt(2 / k)), 3),
        ),
        Check(
            name="mean ratio",
            got=result.mean,
            want=round(expected_mean, 5),
            tol=tolerance(lambda r: r),
        ),
    ]


def caption(params: Params, result: Result) -> str:
    return (
        f"Throw {params.points} points from {params.dimensions:,} dimensions into {ENOUGH}, at random, and "
        f"{100 * result.inside:.0f} of 100 distances change by less than {100 * TOLERANCE:.0f}\u00a0%. "
        f"For 5\u00a0% it takes {enough(SHARE, 0.05)} dimensions, for 1\u00a0% {enough(SHARE, 0.01):,}."
    )


def text(params: Params, result: Result) -> str:
    """The law along the axis, then what the lemma asks for."""
    shares = ", ".join(
        f"{_percent(exact_inside(k, TOLERANCE))} with {k:,}" for k in (1, 10, 100, MOST)
    )
    return (
        f"Threads follow the distances of {THREADS} pairs, after the squeeze over before, while 1 to "
        f"{MOST:,} of {params.dimensions:,} dimensions are kept: they run together to the ratio 1. With "
        f"{ENOUGH} kept, {_percent(result.inside)} of all {result.pairs:,} distances among "
        f"{params.points} points are within {100 * TOLERANCE:.0f}\u00a0%; the bars of all pairs follow the "
        f"chi-square law, which has {shares} dimensions kept. To have 95 of 100 within "
        f"{100 * TOLERANCE / 2:.0f}\u00a0% takes {enough(SHARE, TOLERANCE / 2):,}, within 1\u00a0% "
        f"{enough(SHARE, 0.01):,}. The lemma promises a projection that keeps all "
        f"{result.pairs:,} distances within {100 * TOLERANCE:.0f}\u00a0% from "
        f"{lemma_for_distances(params.points, TOLERANCE):,} dimensions on, however many there were."
    )


def class_text(params: Params, answers: ClassAnswers) -> str:
    if answers.values:
        n = len(answers.values)
        close = sum(ENOUGH / 2 <= value <= ENOUGH * 2 for value in answers.values)
        return (
            f"Dots under the axis show what the class guessed: {n:,} {'guess' if n == 1 else 'guesses'}, "
            f"from {min(answers.values):,g} to {max(answers.values):,g} dimensions, the middle one "
            f"{float(np.median(answers.values)):,g}; {close:,} between half and twice {ENOUGH}."
        )
    if answers.counts:
        chosen = zip(answers.options, answers.counts, strict=False)
        return "The class answered " + ", ".join(f"“{o}”: {c}" for o, c in chosen) + "."
    return ""


def exact_inside(kept: int, tolerance: float) -> float:
    """Chance that a distance changes by less than this part of it."""
    _, weights = _law(kept, 1 - tolerance, 1 + tolerance)
    return float(weights.sum())


def enough(share: float, tolerance: float) -> int:
    """The k from which on this share of the distances changes by less than the tolerance."""
    too_few, high = 0, 1
    while exact_inside(high, tolerance) < share:
        too_few, high = high, 2 * high
    while high - too_few > 1:
        middle = (too_few + high) // 2
        if exact_inside(middle, tolerance) < share:
            too_few = middle
        else:
            high = middle
    return high


def lemma_bound(points: int, square_tolerance: float) -> float:
    """What the lemma wants of k, to keep all squared distances within this part."""
    return 4 * math.log(points) / (square_tolerance**2 / 2 - square_tolerance**3 / 3)


def lemma_for_distances(points: int, tolerance: float) -> int:
    """The smallest such k, to keep all distances themselves within this part."""
    return math.ceil(lemma_bound(points, 2 * tolerance - tolerance**2))


def _law(kept: int, low: float = 0, high: float = math.inf) -> tuple[Doubles, Doubles]:
    """Ratios between two bounds, as Gauss-Legendre nodes, and the chance that each stands for."""
    reach = 9 / math.sqrt(2 * kept)  # what is farther from 1 has a chance below 1e-15
    low, high = max(low, 1 - reach, 0), min(high, 1 + reach)
    ratios = (low + high) / 2 + (high - low) / 2 * _NODES
    log_density = (
        math.log(2)
        + kept / 2 * math.log(kept / 2)
        - math.lgamma(kept / 2)
        + (kept - 1) * np.log(ratios)
        - kept / 2 * ratios**2
    )
    return ratios, (high - low) / 2 * _WEIGHTS * np.exp(log_density)


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(200)


def _ratios(points: Floats, squeezed: Floats) -> Iterator[Floats]:
    """Distance after over distance before of every pair, for each k of KEPT, (pairs,)."""
    before = _square_distances(points)
    after = np.zeros_like(before)
    for done, kept in zip([0, *KEPT], KEPT, strict=False):
        # The first k columns make the projection to k dimensions: each stop adds some.
        after += _square_distances(squeezed[:, done:kept])
        yield np.sqrt(after / (kept * before))


def _square_distances(points: Floats) -> Floats:
    """Of all pairs, row by row, (pairs,)."""
    squares = np.square(points).sum(axis=1)
    distances = squares[:, None] + squares - 2 * points @ points.T  # (points, points)
    upper = np.arange(len(points))[:, None] < np.arange(len(points))
    # Rounding may leave less than nothing of the distance of two neighbours.
    of_pairs: Floats = np.maximum(distances[upper], 0)
    return of_pairs


def _rank_of_pair(n: int, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where a pair stands among all pairs of n points, row by row."""
    return first * (2 * n - first - 1) // 2 + second - first - 1


def _standard_error(value_of: Callable[[Doubles], Doubles], kept: int, params: Params) -> float:
    """At most so much is the standard error of the mean of some value of r over all pairs.

    All pairs share one projection. If c is the cosine between two differences, their squared ratios
    have correlation c², and what is not linear in them has c⁴ at most (H. O. Lancaster, "The structure
    of bivariate distributions", 1958). Among points drawn from a normal law, two pairs with a point in
    common have c = 1/2; others have c² of mean 1/D and c⁴ of mean 3/D².
    """
    ratios, weights = _law(kept)
    values = value_of(ratios)
    off = values - (weights * values).sum()
    linear = (weights * off * (ratios**2 - 1)).sum() ** 2 / (2 / kept)
    rest = (weights * off**2).sum() - linear

    pairs = params.points * (params.points - 1) / 2
    in_common = 2 * (params.points - 2) / pairs
    square = 1 / pairs + in_common / 4 + 1 / params.dimensions
    fourth = 1 / pairs + in_common / 16 + 3 / params.dimensions**2
    return math.sqrt(linear * square + max(rest, 0) * fourth)


def _percent(share: float) -> str:
    """A tenth of a percent, but never 100 % unless it is all."""
    if 0.9995 <= share < 1:
        return "more than 99.9\u00a0%"
    return f"{100 * share:.1f}\u00a0%"
