"""Packing vectors apart mends the worst pairs, and leaves the typical pair as it was.

A video that many have seen packs 10,000 vectors into 100 dimensions and shows a histogram, from 80 to
100 degrees, with every pair between 89 and 91. That cannot be, and its makers have corrected it. Here are the
angles of all pairs from 0 to 180 degrees: of random vectors, of the same vectors nudged apart, and of the same
vectors moved by the video's loss, which gets rid of bad angles by making a few pairs (anti)parallel.

Nudging apart is gradient descent on Σ exp(k cos²/max cos²): with a growing k it is more and more the worst
pair alone that counts. The video's loss is Σ relu(|G - I| - 0.01) + N Σ (diag G - 1)², G = X Xᵀ, with
Adam at rate 0.01, 250 steps. That sum gains from a hundred pairs pulled below 0.01 what it loses on one
pair pushed to 1: it sorts the vectors into copies of one orthonormal basis. With N/d copies of each
axis a share of (N/d - 1)/(N - 1) of all pairs is parallel, and all others are at exactly 90 degrees.

Why no loss can do it, with s the largest |cos|:

    The typical pair: Σ cos² over all ordered pairs is |XᵀX|² >= N²/d, as XᵀX is d x d with trace N.
    Without the N pairs of a vector with itself, the mean of cos² is at least (N-d)/(d(N-1)), and
    random vectors have 1/d. For 10,000 in 100 dimensions that is 0.0099 against 0.01.

    The worst pair: x = cos², f = x(x - s²) is at most 0 off the diagonal, so Σ f <= N(1 - s²). Means
    over the sphere are E x = 1/d, E x² = 3/(d(d+2)), and Σ f >= N²(3/(d(d+2)) - s²/d), as f minus its
    mean is a positive sum of Gegenbauer polynomials. So s² >= (3N - d(d+2)) / ((N-d)(d+2)):
    for 10,000 in 100 dimensions some pair is at 81.95 degrees or closer. `_lines` does it for any degree.

    Barely too many: let N = d + m. The Gram matrix G has an m-dimensional kernel; P projects on it,
    0 = tr GP >= m - s Σ_{i≠j} |Pᵢⱼ|, and Bukh and Cox show Σ |Pᵢⱼ| <= N (2 + (m-1)√(m+2)) / (m+1). So
    102 vectors in 100 dimensions reach s = 1/67 and 89.145 degrees, and 103 cannot stay within one degree.
    The 102: three groups of 34, cosine -1/67 within a group and 1/67 between groups.

The 10,000 took some minutes to move, so what they did is an asset, written by

    python -m lessons.explanations.pack

Sources: L. R. Welch, "Lower bounds on the maximum cross correlation of signals" (1974); V. I. Levenshtein
(1992); B. Bukh and C. Cox, "Nearly orthogonal vectors and small antipodal spherical codes", Israel
Journal of Mathematics (2020); the video's program is `_2024/transformers/almost_orthogonal.py` of
github.com/3b1b/videos, its correction stands at 3blue1brown.com/lessons/mlp.
"""

# ruff: noqa: N803, N806 (X is the letter of the formula)

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from lessons.explanations import Check, ClassAnswers, Knob
from lessons.explanations._lines import Doubles, log10_most_lines
from lessons.explanations._superposition import adam

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

TITLE = "The honest picture of 10,000 vectors"
IDEA = "Nudging vectors apart mends the worst pairs; the typical pair stays as chance made it."
CORRECTION = "Often told: 10,000 vectors fit into 100 dimensions with all pairs between 89° and 91°. In truth 102 fit. The histogram that showed it ended at 80° and 100°, and the bad pairs had fled to 0° and 180°; 3Blue1Brown has corrected it on its own page. Nor does packing make the typical pair more perpendicular: only the worst ones."
FORMULA = (
    r"s^2 \ge \frac{3N - d(d+2)}{(N-d)(d+2)}, \qquad \overline{\cos^2\theta} \ge \frac{N-d}{d(N-1)}"
)
SOURCE = (
    "Welch (1974), Levenshtein (1992), and Bukh and Cox, Nearly orthogonal vectors and small antipodal "
    "spherical codes (2020), for the limits; 3b1b/videos for the video’s program."
)

ASSET = Path(__file__).parent / "assets" / "pack.npz"
FAMOUS_VECTORS, FAMOUS_DIMENSIONS = 10_000, 100
COURSES = ("nudged", "video")
STEPS = 250
"""As many as the video takes."""
SNAPSHOTS = (0, 5, 10, 20, 30, 45, 65, 90, 130, 180, 250)
NEAR = 1
"""Degrees from the right angle that the video claims."""
WINGS = 10
"""Degrees from 0 or 180 that count as parallel."""
MOST_NEAR = 102
"""So many vectors in 100 dimensions can have every pair that near."""
RUNGS = (102, 255, 3300, 10_000)
"""Vectors in 100 dimensions: nudged apart, they stay within about 1, 5, 10 and 12 degrees of 90."""

FAMOUS, LIVE = range(2)

KNOBS = (
    Knob(key="show", label="show", min=0, max=1, step=1, start=0, where="server", options=["10,000 in 100 dimensions", "live"]),
    Knob(key="step", label="step", min=0, max=STEPS, step=1, start=STEPS),
    Knob(key="vectors", label="vectors, live", min=3, max=300, step=1, start=102, where="server"),
    Knob(key="dimensions", label="dimensions, live", min=3, max=100, step=1, start=100, where="server"),
)  # fmt: skip


class Params(BaseModel):
    """The famous crowd or one that is packed live; the largest of these takes half a second."""

    model_config = ConfigDict(extra="forbid")

    show: int = Field(default=FAMOUS, ge=FAMOUS, le=LIVE)
    vectors: int = Field(default=102, ge=3, le=300)
    dimensions: int = Field(default=100, ge=3, le=100)


class Course(BaseModel):
    """The angles of all pairs at every snapshot, as the vectors are moved."""

    first_bar: list[int]
    """(snapshots,)  in degrees; every bar is one degree wide"""
    bars: list[list[int]]
    """(snapshots, bars)  100 log10(1 + pairs), so that one pair is seen beside millions"""
    worst: list[float]
    """(snapshots,)  the angle farthest from 90 degrees, told as one below"""
    near: list[float]
    """(snapshots,)  share of pairs within a degree of 90"""
    wings: float
    """In the end, the share of pairs within 10 degrees of 0 or 180."""
    square: float
    """In the end, the mean of cos²."""


class Rung(BaseModel):
    """So many vectors were nudged apart in 100 dimensions, and their worst pair was at this angle."""

    vectors: int
    worst: float


class Seen(NamedTuple):
    """What is kept of all pairs at every snapshot."""

    pairs: Ints
    """(snapshots, 180)  how many are at each degree"""
    largest: Doubles
    """(snapshots,)  |cos| of the worst pair"""
    squares: Doubles
    """(snapshots,)  mean of cos²"""


class Result(BaseModel):
    vectors: int
    dimensions: int
    pairs: int
    limit: float
    """Proven, in degrees: some pair is at this angle or closer."""
    least_square: float
    """Proven: the mean of cos² is not below this."""
    steps: list[int]
    """(snapshots,)"""
    nudged: Course
    video: Course
    ladder: list[Rung]


def compute(params: Params, rng: np.random.Generator) -> Result:
    """The famous crowd has been moved before; only a live one needs `rng`."""
    vectors, dimensions = FAMOUS_VECTORS, FAMOUS_DIMENSIONS
    with np.load(ASSET) as stored:
        nudged, video = (
            Seen(*(stored[f"{course}_{part}"] for part in Seen._fields)) for course in COURSES
        )
        rungs = stored["rungs"]
    if params.show == LIVE:
        vectors, dimensions = params.vectors, params.dimensions
        start = random_directions(vectors, dimensions, rng)
        nudged, video = seen(nudged_apart(start)), seen(moved_by_the_video(start))
    return Result(
        vectors=vectors,
        dimensions=dimensions,
        pairs=vectors * (vectors - 1) // 2,
        limit=round(closest_angle(vectors, dimensions), 3),
        least_square=round(least_square(vectors, dimensions), 6),
        steps=list(SNAPSHOTS),
        nudged=_course(nudged),
        video=_course(video),
        ladder=[
            Rung(vectors=vectors, worst=round(float(worst), 2))
            for vectors, worst in zip(RUNGS, rungs, strict=True)
        ],
    )


def checks(params: Params, result: Result) -> list[Check]:
    random = share_near(result.dimensions)
    spread = _off(1 / result.dimensions)
    found = [
        Check(
            name=f"random, within {NEAR}°",
            unit="\u00a0%",
            got=round(100 * result.nudged.near[0], 4),
            want=round(100 * random, 4),
            # Any two pairs are independent: five standard errors of as many draws.
            tol=round(500 * math.sqrt(random * (1 - random) / result.pairs) + 1e-4, 4),
        ),
        Check(
            # A root mean square. That nothing was gained is the point: theory has a floor.
            name="nudged, typical angle off 90°",
            unit="°",
            got=round(_off(result.nudged.square), 4),
            want=round(_off(result.least_square), 4),
            tol=round(0.02 * spread, 4),
        ),
        Check(
            name="nudged, past the proven wall",
            unit="°",
            got=round(max(0.0, result.nudged.worst[-1] - result.limit), 3),
            want=0,
            tol=0.001,
        ),
    ]
    if result.vectors >= 2 * result.dimensions:
        copies = 100 * (result.vectors / result.dimensions - 1) / (result.vectors - 1)
        found.append(
            Check(
                name="the video’s, parallel pairs",
                unit="\u00a0%",
                got=round(100 * result.video.wings, 3),
                want=round(copies, 3),
                # Some axes get more copies than others, and a few vectors none yet.
                tol=round(0.3 * copies, 3),
            )
        )
    return found


def caption(params: Params, result: Result) -> str:
    first, last = result.nudged.worst[0], result.nudged.worst[-1]
    start = f"{result.vectors:,} vectors in {result.dimensions} dimensions. "
    if params.show == LIVE:
        return start + (
            f"Nudged apart, the worst pair gets from {first:.1f}° to {last:.1f}°; no arrangement has it "
            f"beyond {result.limit:.1f}°."
        )
    return start + (
        f"Nudged apart, the worst pair gets from {first:.0f}° to {last:.0f}°; no arrangement has it "
        f"beyond {result.limit:.0f}°. Between 89° and 91° are {100 * result.nudged.near[-1]:.0f} of 100 "
        f"pairs, where chance had {100 * result.nudged.near[0]:.0f}."
    )


def text(params: Params, result: Result) -> str:
    rungs = "; ".join(
        f"{rung.vectors:,} within {90 - rung.worst:.1f}°" for rung in result.ladder[1:]
    )
    return (
        f"Three histograms of the angles between all pairs of {result.vectors:,} vectors in "
        f"{result.dimensions} dimensions, on an axis from 0 to 180 degrees; every step up is ten times as "
        f"many pairs. Random: {_told(result.nudged, 0)}. After {STEPS} steps of nudging apart: "
        f"{_told(result.nudged, -1)}. After {STEPS} steps with the video’s loss: "
        f"{_told(result.video, -1)}, but {_percent(result.video.wings)} of the pairs are within {WINGS}° "
        f"of 0 or 180. A red wall stands at {result.limit:.2f}°: in every arrangement some pair is that "
        f"close or closer. In {FAMOUS_DIMENSIONS} dimensions {FAMOUS_DIMENSIONS} vectors fit at exactly "
        f"90°, {MOST_NEAR} with every pair within {NEAR}°, and no more; nudging has kept {rungs}."
    )


def class_text(params: Params, answers: ClassAnswers) -> str:
    if answers.values:
        n, median = len(answers.values), float(np.median(answers.values))
        return (
            f"Dots show how many vectors the class thought to fit: {n:,} "
            f"{'guess' if n == 1 else 'guesses'}, from {min(answers.values):,.0f} to "
            f"{max(answers.values):,.0f}, half of them at most {median:,.0f}."
        )
    if answers.counts:
        chosen = zip(answers.options, answers.counts, strict=False)
        return "The class answered " + ", ".join(f"“{o}”: {c}" for o, c in chosen) + "."
    return ""


def random_directions(vectors: int, dimensions: int, rng: np.random.Generator) -> Floats:
    directions = rng.standard_normal((vectors, dimensions), dtype=np.float32)
    return _unit(directions)


def nudged_apart(start: Floats, steps: int = STEPS) -> Iterator[Floats]:
    """The unit vectors before the first and after every step, (vectors, dimensions).

    Each step turns every vector away from those it is closest to, the farther the earlier: the
    sharpness k grows from 2 to 100, the step falls from 0.2 to 0.002.
    """
    X = start
    yield X
    speed = np.zeros_like(X)
    for t in range(steps):
        done = t / (steps - 1)
        sharpness, rate = np.float32(2 * 50**done), np.float32(0.2 * 0.01**done)
        if t == 0:
            worst = max(float(np.square(cosines).max()) for _, cosines in _blocks(X))
        push, next_worst = np.empty_like(X), 0.0
        for rows, cosines in _blocks(X):
            squares = np.square(cosines)  # (rows, vectors)
            next_worst = max(next_worst, float(squares.max()))
            # The last step's worst pair sets the scale; this one's may be worse, but exp must not overflow.
            squares *= sharpness / np.float32(max(worst, 1e-12))
            weights = np.exp(np.minimum(squares - sharpness, 20)) * cosines
            push[rows] = weights @ X
        worst = next_worst
        push -= (push * X).sum(1, keepdims=True) * X  # along the sphere
        push /= np.sqrt(np.square(push).sum(1).mean()) + np.float32(1e-20)
        speed = np.float32(0.9) * speed + np.float32(0.1) * push
        X = _unit(X - rate * speed)
        yield X


def moved_by_the_video(start: Floats, steps: int = STEPS) -> Iterator[Floats]:
    """The same for the video's loss."""
    X = start.copy()
    yield start
    step = adam(X)
    for _ in range(steps):
        step(0.01, (video_slope(X),))
        yield _unit(X)


def video_slope(X: Floats) -> Floats:
    """The slope of the video's loss, written out by hand; its vectors may be a little off length 1."""
    slope = np.empty_like(X)
    for rows, products in _blocks(X):
        # Both G and its transpose hold each pair, hence 2.
        slope[rows] = 2 * (np.sign(products) * (np.abs(products) > np.float32(0.01))) @ X
    excess = np.square(X).sum(1, keepdims=True) - 1  # (vectors, 1)
    slope += 2 * (np.sign(excess) * (np.abs(excess) > 0.01) + 2 * len(X) * excess) * X
    return slope


def seen(course: Iterator[Floats]) -> Seen:
    """Look at the snapshots of a course as it goes by."""
    looks = [_look(X) for step, X in enumerate(course) if step in SNAPSHOTS]
    pairs, largest, squares = (np.array(part) for part in zip(*looks, strict=True))
    return Seen(pairs, largest, squares)


def closest_angle(vectors: int, dimensions: int) -> float:
    """The proven limit in degrees: of so many vectors, some pair is at this angle or closer."""
    extra = vectors - dimensions
    if extra <= 0:
        return 90.0
    low, high = 0.0, 90.0  # the farther apart they must be, the fewer fit
    while high - low > 1e-4:
        middle = (low + high) / 2
        fits = log10_most_lines(dimensions, math.cos(math.radians(middle))) >= math.log10(vectors)
        low, high = (middle, high) if fits else (low, middle)
    spread = (2 + (extra - 1) * math.sqrt(extra + 2)) / (extra + 1)
    by_kernel = math.degrees(math.acos(min(1.0, extra / (vectors * spread - extra))))
    return min(high, by_kernel)


def least_square(vectors: int, dimensions: int) -> float:
    """The mean of cos² over all pairs is not below this."""
    return max(0.0, (vectors - dimensions) / (dimensions * (vectors - 1)))


def share_near(dimensions: int) -> float:
    """The chance that a random pair is within a degree of 90: the density is that of `angles`."""
    x, weights = np.polynomial.legendre.leggauss(20)
    off = np.radians(NEAR) * (x + 1) / 2
    log_beta = math.lgamma(0.5) + math.lgamma((dimensions - 1) / 2) - math.lgamma(dimensions / 2)
    density = np.cos(off) ** (dimensions - 2) / math.exp(log_beta)
    return float(math.radians(NEAR) * (weights * density).sum())


def write_asset() -> None:
    """Takes about ten minutes on one core."""
    rng = np.random.default_rng(7)
    start = random_directions(FAMOUS_VECTORS, FAMOUS_DIMENSIONS, rng)
    nudged, video = seen(nudged_apart(start)), seen(moved_by_the_video(start))
    # The last rung is the famous crowd itself; the others are small enough for four times the steps.
    largest = [
        _largest_in_the_end(random_directions(n, FAMOUS_DIMENSIONS, rng)) for n in RUNGS[:-1]
    ]
    largest.append(float(nudged.largest[-1]))
    ASSET.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        ASSET,
        rungs=np.degrees(np.arccos(largest)),
        **{f"nudged_{name}": part for name, part in nudged._asdict().items()},
        **{f"video_{name}": part for name, part in video._asdict().items()},
    )


def _largest_in_the_end(start: Floats) -> float:
    for X in nudged_apart(start, 4 * STEPS):
        end = X
    return max(float(np.abs(cosines).max()) for _, cosines in _blocks(end))


def _told(course: Course, snapshot: int) -> str:
    return (
        f"the worst pair is at {course.worst[snapshot]:.1f}°, and {_percent(course.near[snapshot])} of "
        f"the pairs are between {90 - NEAR}° and {90 + NEAR}°"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}\u00a0%"


def _off(square: float) -> float:
    """The angle off 90 degrees that belongs to the square of a cosine."""
    return math.degrees(math.asin(math.sqrt(square)))


def _course(seen: Seen) -> Course:
    heights = np.rint(100 * np.log10(1 + seen.pairs)).astype(int)  # (snapshots, 180)
    filled = [np.flatnonzero(row) for row in heights]
    share = seen.pairs / seen.pairs.sum(1, keepdims=True)
    return Course(
        first_bar=[int(places[0]) for places in filled],
        bars=[
            row[places[0] : places[-1] + 1].tolist()
            for row, places in zip(heights, filled, strict=True)
        ],
        worst=np.round(np.degrees(np.arccos(np.minimum(seen.largest, 1))), 3).tolist(),
        near=np.round(share[:, 90 - NEAR : 90 + NEAR].sum(1), 6).tolist(),
        wings=round(float(share[-1, :WINGS].sum() + share[-1, -WINGS:].sum()), 6),
        square=round(float(seen.squares[-1]), 6),
    )


def _look(X: Floats) -> tuple[Ints, float, float]:
    """All pairs of one snapshot, each counted once: at each degree, the worst |cos|, the mean of cos²."""
    pairs, largest, squares = np.zeros(181, dtype=np.int64), 0.0, 0.0
    for rows, cosines in _blocks(X):
        later = np.arange(len(X)) > np.arange(rows.start, rows.stop)[:, None]
        each = np.clip(cosines[later], -1, 1)  # (pairs of this block,)
        pairs += np.bincount(np.degrees(np.arccos(each)).astype(np.intp), minlength=181)
        largest = max(largest, float(np.abs(each).max(initial=0)))
        squares += float(np.square(each).sum(dtype=np.float64))
    pairs[179] += pairs[180]  # exactly 180 degrees belongs to the last bar
    return pairs[:180], largest, squares / int(pairs[:180].sum())


def _blocks(X: Floats) -> Iterator[tuple[slice, Floats]]:
    """The products of some vectors at a time with all, their own left out."""
    for start in range(0, len(X), 512):
        rows = slice(start, min(start + 512, len(X)))
        cosines = X[rows] @ X.T  # (rows, vectors)
        np.fill_diagonal(cosines[:, start:], 0)
        yield rows, cosines


def _unit(X: Floats) -> Floats:
    unit: Floats = X / np.linalg.norm(X, axis=1, keepdims=True)
    return unit


if __name__ == "__main__":
    write_asset()
