"""Random directions pile up at a right angle, the more the wider the space.

Of two random directions in d dimensions, take one as the pole: the other is anywhere on the unit
sphere, and the circle of latitude at angle t from the pole has radius sin t. So the angle has density

    p(t) = sin(t)^(d-2) / B(1/2, (d-1)/2)          0 <= t <= pi

which is flat for d = 2. Its mean is 90 degrees; the cosine has variance 1/d, since d squared cosines
with the axes of any basis add up to 1.

A class is drawn in: one random direction for each of them, and the angle of every two. So few pairs
need wide bars, of the width that Scott found best for a bell curve: 3.49 standard deviations over the
cube root of their number.

Source: T. Cai, J. Fan and T. Jiang, "Distributions of angles in random packing on spheres", Journal
of Machine Learning Research 14 (2013), for the density and for the pairwise independence of angles;
D. W. Scott, "On optimal and data-based histograms", Biometrika 66 (1979).
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from lessons.explanations import Check, ClassAnswers, Knob

TITLE = "Directions pile up at a right angle"
IDEA = (
    "The more dimensions there are, the closer to a right angle two random directions usually are."
)
CORRECTION = "Often told: random angles are spread evenly from 0° to 180°. In truth that is so in the plane alone. And a right angle is no proof that two ideas have nothing to do with each other: in many dimensions it is nearly what chance gives to any two."
FORMULA = r"p(\theta) = \frac{\sin^{d-2}\theta}{B\!\left(\tfrac12, \tfrac{d-1}{2}\right)}, \qquad \operatorname{Var}(\cos\theta) = \frac1d"
SOURCE = "Cai, Fan and Jiang, Distributions of angles in random packing on spheres (2013)"

KNOBS = (
    Knob(key="dimensions", label="dimensions", min=2, max=12_288, step=1, start=100, scale="log"),
    Knob(key="vectors", label="random directions", min=50, max=5000, step=1, start=2000, scale="log", where="server"),
)  # fmt: skip

LANDMARKS = (2, 3, 5, 10, 30, 100, 300, 1000, 12_288)
NUMBERS_DRAWN = 4_000_000
"""Directions times dimensions, at most: a tenth of a second of normal numbers."""
NEAR = 5
"""Degrees from the right angle that count as nearly perpendicular."""

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


def _usual_vectors(params: dict[str, Any]) -> int:
    # Without the key when the dimensions themselves are refused.
    dimensions: int = params.get("dimensions", 100)
    return min(2000, NUMBERS_DRAWN // dimensions)


class Params(BaseModel):
    """Not given, `vectors` is 2000, or fewer where the space is so wide that these are too many."""

    model_config = ConfigDict(extra="forbid")

    dimensions: int = Field(default=100, ge=2, le=12_288)
    # 5000 directions are 12 million pairs, a fifth of a second; twice as many would be four times that.
    vectors: int = Field(default_factory=_usual_vectors, ge=50, le=5000)
    class_size: int = Field(default=0, ge=0, le=2000)
    """So many get a direction of their own, a second picture over the first."""

    @model_validator(mode="after")
    def _is_affordable(self) -> "Params":
        if self.vectors * self.dimensions > NUMBERS_DRAWN:
            most = NUMBERS_DRAWN // self.dimensions
            raise ValueError(f"in {self.dimensions} dimensions there can be {most} vectors at most")
        return self


class Landmark(BaseModel):
    """What the exact law says of one dimension: spread in degrees, share within 5 degrees of 90."""

    dimensions: int
    spread: float
    near: float


class Sample(BaseModel):
    """All pairs of some directions. Bar i holds angles from `bar_width * (first_bar + i)` on."""

    vectors: int
    pairs: int
    mean: float
    spread: float
    near: float
    cosine_spread: float
    bar_width: float
    first_bar: int
    bars: list[int]


class Result(Sample):
    dimensions: int
    landmarks: list[Landmark]
    yours: Sample | None
    """One direction for each of the class, where they are two or more."""


def with_answers(params: Params, answers: ClassAnswers) -> Params:
    """Whatever they were asked, each of them gets a direction."""
    return params.model_copy(update={"class_size": min(answers.n, 2000)})


def compute(params: Params, rng: np.random.Generator) -> Result:
    sample = _sample(params.vectors, params.dimensions, rng)
    class_size = min(params.class_size, NUMBERS_DRAWN // params.dimensions)
    return Result(
        dimensions=params.dimensions,
        **sample.model_dump(),
        landmarks=[
            Landmark(dimensions=d, spread=round(exact_spread(d), 4), near=round(exact_near(d), 6))
            for d in LANDMARKS
        ],
        # Drawn last, so that the first picture is the same with a class and without.
        yours=_sample(class_size, params.dimensions, rng) if class_size > 1 else None,
    )


def checks(params: Params, result: Result) -> list[Check]:
    """Each tolerance is five standard errors.

    Any two pairs have independent angles, even with a vector in common, so the standard error of a
    mean over pairs is that of as many independent draws.
    """
    d, pairs = params.dimensions, result.pairs
    spread, near = exact_spread(d), exact_near(d)
    square_error = math.sqrt((_moment(d, 4) - spread**4) / pairs)
    # A squared cosine is a beta variable with parameters 1/2 and (d-1)/2.
    square_cosine_error = math.sqrt(2 * (d - 1) / (d * d * (d + 2)) / pairs)
    return [
        Check(
            name=f"{d:,} dimensions, mean",
            unit="°",
            got=result.mean,
            want=90,
            tol=_tolerance(spread / math.sqrt(pairs)),
        ),
        Check(
            name="spread",
            unit="°",
            got=result.spread,
            want=round(spread, 4),
            # A root's error is that of its square over twice the root.
            tol=_tolerance(square_error / (2 * spread)),
        ),
        Check(
            name=f"within {NEAR}°",
            unit="\u00a0%",
            got=round(100 * result.near, 4),
            want=round(100 * near, 4),
            tol=_tolerance(100 * math.sqrt(near * (1 - near) / pairs)),
        ),
        Check(
            name="cosine’s spread",
            got=result.cosine_spread,
            want=round(1 / math.sqrt(d), 6),
            tol=_tolerance(square_cosine_error * math.sqrt(d) / 2),
        ),
    ]


def caption(params: Params, result: Result) -> str:
    near = exact_near(params.dimensions)
    pairs = f"{100 * near:.0f} of 100" if near < 0.985 else f"{_percent(near)} of all"
    there = f"{pairs} random pairs are within {NEAR}° of a right angle"
    if params.dimensions == 2:
        return f"On a sheet of paper any angle is as likely as any other: {there}."
    return (
        "On a sheet of paper two random directions make any angle. "
        f"In {params.dimensions:,} dimensions {there}."
    )


def text(params: Params, result: Result) -> str:
    law = {landmark.dimensions: landmark for landmark in result.landmarks}
    others = ", ".join(
        f"{_percent(law[d].near)} in {d:,}" for d in (3, 10, 100, 1000) if d != params.dimensions
    )
    return (
        f"A histogram of the angles between {result.vectors:,} random directions in "
        f"{params.dimensions:,} dimensions, on an axis from 0 to 180 degrees. Over all "
        f"{result.pairs:,} pairs the mean is {result.mean:.2f} degrees, the standard deviation "
        f"{result.spread:.2f} degrees, and {_percent(result.near)} of the pairs lie between "
        f"{90 - NEAR} and {90 + NEAR} degrees. The exact law, drawn as a curve over the bars, is the "
        f"sine of the angle to the power {params.dimensions - 2:,}. In 2 dimensions it is flat: any "
        f"angle is as likely as any other, and {_percent(law[2].near)} of the pairs lie there; "
        f"then it is {others}.{_told_of_class(result.yours)}"
    )


def class_text(params: Params, answers: ClassAnswers) -> str:
    if answers.values:
        n, mean = len(answers.values), float(np.mean(answers.values))
        near = sum(abs(value - 90) <= NEAR for value in answers.values)
        return (
            f"Dots under the axis show what the class guessed: {n:,} {'guess' if n == 1 else 'guesses'}, "
            f"from {min(answers.values):g} to {max(answers.values):g} degrees, on average "
            f"{mean:.0f}; {near:,} within {NEAR} degrees of 90."
        )
    if answers.counts:
        chosen = zip(answers.options, answers.counts, strict=False)
        return "The class answered " + ", ".join(f"“{o}”: {c}" for o, c in chosen) + "."
    return ""


def _told_of_class(yours: Sample | None) -> str:
    if yours is None:
        return ""
    if yours.pairs == 1:
        return (
            f" Two more directions, one for each of the class, are {yours.mean:.0f} degrees apart."
        )
    return (
        f" A second histogram, over the first, has {yours.vectors:,} more directions, one for each of "
        f"the class: of their {yours.pairs:,} pairs {_percent(yours.near)} lie between {90 - NEAR} and "
        f"{90 + NEAR} degrees, and the mean is {yours.mean:.1f}."
    )


def exact_density(degrees: Doubles, dimensions: int) -> Doubles:
    """Per degree. The logarithm keeps sin(t)^12286 from vanishing where it matters."""
    log_beta = math.lgamma(0.5) + math.lgamma((dimensions - 1) / 2) - math.lgamma(dimensions / 2)
    # Rounding makes the sine of 180 degrees 1e-16, and at 0 its logarithm is minus infinity.
    sine = np.maximum(np.sin(np.radians(degrees)), 1e-300)
    density: Doubles = np.exp((dimensions - 2) * np.log(sine) - log_beta) * (math.pi / 180)
    return density


def exact_spread(dimensions: int) -> float:
    """Standard deviation of the angle, in degrees."""
    return math.sqrt(_moment(dimensions, 2))


def exact_near(dimensions: int) -> float:
    """Chance of an angle within 5 degrees of 90."""
    return 2 * _integral(dimensions, 0, min(NEAR, _reach(dimensions)))


def _moment(dimensions: int, power: int) -> float:
    """Mean of (angle - 90 degrees)^power, for an even power."""
    return 2 * _integral(dimensions, power, _reach(dimensions))


def _integral(dimensions: int, power: int, reach: float) -> float:
    """Of x^power times the density, x degrees from the right angle, from 0 to `reach`."""
    x = reach / 2 * (1 + _NODES)
    return float(reach / 2 * np.sum(_WEIGHTS * x**power * exact_density(90 + x, dimensions)))


def _reach(dimensions: int) -> float:
    """Degrees from 90 beyond which less than 1e-15 of the law lies; there is no more than 90."""
    return min(90.0, math.degrees(9 / math.sqrt(dimensions)))


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(200)


def _sample(vectors: int, dimensions: int, rng: np.random.Generator) -> Sample:
    directions = rng.standard_normal((vectors, dimensions), dtype=np.float32)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)  # (vectors, dimensions)

    pairs = vectors * (vectors - 1) // 2
    bar_width = _bar_width(exact_spread(dimensions), pairs)
    bars = np.zeros(round(180 / bar_width) + 1, dtype=np.int64)
    near = 0
    total = total_square = total_square_cosine = 0.0
    for cosines in _cosines(directions):
        off = 90 - np.degrees(np.arccos(np.clip(cosines, -1, 1)))  # (pairs of this block,)
        bars += np.bincount(((90 - off) / bar_width).astype(np.intp), minlength=len(bars))
        near += int(np.count_nonzero(np.abs(off) < NEAR))
        total -= float(off.sum(dtype=np.float64))
        total_square += float(np.square(off).sum(dtype=np.float64))
        total_square_cosine += float(np.square(cosines).sum(dtype=np.float64))
    bars[-2] += bars[-1]  # exactly 180 degrees belongs to the last bar
    filled = np.flatnonzero(bars[:-1])

    return Sample(
        vectors=vectors,
        pairs=pairs,
        mean=round(90 + total / pairs, 4),
        # About the right angle, which is the mean of the law, as the theory beside it.
        spread=round(math.sqrt(total_square / pairs), 4),
        near=round(near / pairs, 6),
        cosine_spread=round(math.sqrt(total_square_cosine / pairs), 6),
        bar_width=bar_width,
        first_bar=int(filled[0]),
        bars=bars[filled[0] : filled[-1] + 1].tolist(),
    )


def _cosines(directions: Floats) -> Iterator[Floats]:
    """The cosine of every pair, once, in blocks that fit a processor's cache."""
    rows = 256
    for start in range(0, len(directions), rows):
        block = directions[start : start + rows] @ directions[start:].T  # (rows, rest)
        later = np.arange(block.shape[1]) > np.arange(block.shape[0])[:, None]
        yield block[later]


def _bar_width(spread: float, pairs: int) -> float:
    """Degrees, a whole number of them in 180: by Scott's rule, but five bars to a standard deviation at most."""
    wanted = spread * max(1 / 5, 3.49 / pairs ** (1 / 3))
    widths = (60.0, 36.0, 20.0, 12.0, 6.0, 3.0, 2.0, 1.0, 0.5, 0.2)
    return next((width for width in widths if width <= wanted), 0.1)


def _tolerance(standard_error: float) -> float:
    # The rest is rounding: four decimals are shown, and single precision keeps six digits.
    return round(5 * standard_error + 1e-4, 6)


def _percent(share: float) -> str:
    """A tenth of a percent, but never 100 % unless it is all."""
    if 0.9995 <= share < 1:
        return "more than 99.9\u00a0%"
    return f"{100 * share:.1f}\u00a0%"
