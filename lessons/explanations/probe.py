"""A dot product asks a vector whether an idea is in it; the other ideas only blur the answer.

Each idea is a direction s_i of length 1, and a text that has k ideas in it is their sum E. The dot
product of E with one direction is how long a shadow E casts on it, |E| times the cosine of the angle:

    E · s_i = 1 + (k-1 cosines)     where idea i is in the text
    E · s_i = 0 + (k cosines)       where it is not

The cosine of two random directions in d dimensions has mean 0, variance 1/d and excess kurtosis
-6/(d+2), so a sum of m independent ones has

    mean 0,   standard deviation √(m/d),   excess kurtosis -6/(m(d+2))

which is close to a normal law. Read-outs around 1 and around 0 are told apart at 1/2, the better the
wider the space. How many ideas exist does not blur the read-outs, only how many are in one text; but
each idea that exists is one more that can be found by mistake.

E has |E|² = k on average, hence the cosine of its angle with any of its own ideas is about 1/√k.

Source: moments of the cosine from T. Cai, J. Fan and T. Jiang, "Distributions of angles in random
packing on spheres", Journal of Machine Learning Research 14 (2013); the rest follows by adding.
"""

import math

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from lessons.explanations import Check, ClassAnswers, Knob

TITLE = "A dot product asks: is this idea in there?"
IDEA = "A text’s vector is a sum of ideas, and its dot product with the direction of one idea tells whether that idea is in it."
CORRECTION = "Often told: a dot product of 1 means “the same direction”. In truth it grows with the length too. A sum of 10 ideas is about √10 ≈ 3.2 long: its dot product with each of the 10 is about 1, and yet it stands 72° away from them."
FORMULA = r"\vec E\cdot\vec s = |\vec E|\,|\vec s|\cos\theta, \qquad \sigma_{\text{in}} = \sqrt{\tfrac{k-1}{d}}, \quad \sigma_{\text{not in}} = \sqrt{\tfrac{k}{d}}"
SOURCE = "Cai, Fan and Jiang, Distributions of angles in random packing on spheres (2013), for the spread of one cosine"

KNOBS = (
    Knob(key="angle", label="arrow’s angle", min=0, max=180, step=1, start=60),
    Knob(key="length", label="arrow’s length", min=0.5, max=1.5, step=0.05, start=1),
    Knob(key="dimensions", label="dimensions", min=16, max=1024, step=1, start=256, scale="log", where="server"),
    Knob(key="active", label="ideas in a text", min=2, max=40, step=1, start=10, where="server"),
    Knob(key="features", label="ideas in all", min=50, max=2000, step=1, start=2000, scale="log", where="server"),
)  # fmt: skip

TEXTS = 400
TEXT_NUMBERS = 102_400
"""Texts times dimensions, at most: reading 2000 ideas out of them then takes a few hundredths of a second."""
THRESHOLD = 0.5
"""Halfway between the two means."""
LOWEST, HIGHEST = -1.6, 1.8
"""Read-outs that are drawn: those of the longest arrow, and a little more."""

Floats = NDArray[np.float32]


class Params(BaseModel):
    model_config = ConfigDict(extra="forbid")

    angle: float = Field(default=60, ge=0, le=180)
    """Degrees between an arrow in the plane and the direction it is asked about."""
    length: float = Field(default=1, ge=0.5, le=1.5)
    dimensions: int = Field(default=256, ge=16, le=1024)
    active: int = Field(default=10, ge=2, le=40)
    """Ideas in each text."""
    features: int = Field(default=2000, ge=50, le=2000)
    """Ideas that exist."""


class Readouts(BaseModel):
    """Dot products of texts with ideas. Bar i counts those from `lowest + bar_width * i` on."""

    n: int
    mean: float
    spread: float
    above: float
    """Share of them above 1/2."""
    lowest: float
    bar_width: float
    bars: list[int]


class Result(BaseModel):
    texts: int
    present: Readouts
    """Of ideas that are in the text."""
    absent: Readouts
    length: float
    """Of a text's vector: root of the mean square."""
    own_angle: float
    """Degrees between a text's vector and the ideas in it, on average."""


def compute(params: Params, rng: np.random.Generator) -> Result:
    shape = (params.features, params.dimensions)
    ideas = rng.standard_normal(shape, dtype=np.float32)
    ideas /= np.linalg.norm(ideas, axis=1, keepdims=True)  # (features, dimensions)

    chosen = _dealt(params, rng)  # (texts, active)
    texts = ideas[chosen].sum(axis=1)  # (texts, dimensions)

    readouts = texts @ ideas.T  # (texts, features)
    is_in = np.zeros(readouts.shape, dtype=np.bool_)
    np.put_along_axis(is_in, chosen, values=True, axis=1)
    lengths = np.linalg.norm(texts, axis=1)
    cosines = (readouts / lengths[:, None])[is_in]  # (texts * active,)

    return Result(
        texts=len(texts),
        present=_counted(readouts[is_in], blur(params.active - 1, params.dimensions)),
        absent=_counted(readouts[~is_in], blur(params.active, params.dimensions)),
        length=round(float(np.sqrt(np.square(lengths).mean())), 4),
        own_angle=round(float(np.degrees(np.arccos(cosines)).mean()), 2),
    )


def checks(params: Params, result: Result) -> list[Check]:
    """Each tolerance is five standard errors."""
    k, d = params.active, params.dimensions
    present, absent = result.present, result.absent
    # |E|² blurs a whole text alike; its relative variance, in the mean over all texts.
    uneven = 2 / d / result.texts
    ones, zeros = _independent(params, result.texts)
    return [
        _mean("idea in the text, mean", present, 1, blur(k - 1, d), ones),
        _spread("its spread", present, blur(k - 1, d), ones, uneven),
        _spread("idea not in it, spread", absent, blur(k, d), zeros, uneven),
        _mean("its mean", absent, 0, blur(k, d), zeros),
        _mistaken(absent, k, d, zeros, uneven),
    ]


def caption(params: Params, result: Result) -> str:
    found, mistaken = _found(params, result)
    return (
        f"The sum of {params.active} ideas in {params.dimensions:,} dimensions is asked about every "
        f"idea by a dot product. Above ½ are {found} of its own {params.active}, and {mistaken} of "
        f"{_others(params)} others."
    )


def text(params: Params, result: Result) -> str:
    found, mistaken = _found(params, result)
    present, absent = result.present, result.absent
    dot = params.length * math.cos(math.radians(params.angle))
    return (
        f"On the left, an arrow of length {params.length:g} at {params.angle:g} degrees to the direction "
        f"of an idea, say basketball. Its shadow on that direction is the dot product, "
        f"{_signed(dot)}. On the right, on the same upright axis, two histograms of dot products. {result.texts} texts with {params.active} "
        f"ideas each, out of {params.features:,} random directions in {params.dimensions:,} "
        f"dimensions, are asked about every idea. Ideas that are in the text read {present.mean:.2f} "
        f"on average with a standard deviation of {present.spread:.3f}; the others read "
        f"{_signed(absent.mean)} with {absent.spread:.3f}. The two curves are normal laws around 1 and "
        f"0. With a threshold of ½, {found} of {params.active} ideas are found in a text, and "
        f"{mistaken} of the {_others(params)} others by mistake. A text’s vector is "
        f"{result.length:.2f} long and stands {result.own_angle:.0f} degrees away from its own ideas: "
        f"a dot product of 1 does not mean the same direction."
    )


def class_text(params: Params, answers: ClassAnswers) -> str:
    guesses = np.array([angle for angle in answers.values if 0 <= angle <= 180])
    if len(guesses):
        miss = float(np.abs(guesses - params.angle).mean())
        return (
            f"Amber arrows show the angles the class guessed: {len(guesses):,} "
            f"{'guess' if len(guesses) == 1 else 'guesses'}, from {guesses.min():g} to "
            f"{guesses.max():g} degrees, on average {guesses.mean():.0f}. They miss "
            f"{params.angle:g} degrees by {miss:.0f} on average."
        )
    votes = zip(answers.options, answers.counts, strict=False)
    said = ", ".join(f"“{option}”: {count}" for option, count in votes)
    return f"The class answered {said}." if said else ""


def blur(cosines: int, dimensions: int) -> float:
    """Standard deviation of a sum of so many cosines of random directions."""
    return math.sqrt(cosines / dimensions)


def beyond_half(cosines: int, dimensions: int) -> float:
    """Chance that such a sum is more than 1/2: the normal law, corrected once for thinner tails."""
    z = THRESHOLD / blur(cosines, dimensions)
    excess = -6 / (cosines * (dimensions + 2))
    normal = math.erfc(z / math.sqrt(2)) / 2
    # Edgeworth's series without skewness. Far out, where both are nothing, it falls below 0.
    return max(0.0, normal + _bell(z) * excess / 24 * (z**3 - 3 * z))


def _dealt(params: Params, rng: np.random.Generator) -> NDArray[np.int64]:
    """The ideas of each text, (texts, active), dealt like cards: a shuffled deck serves many texts."""
    texts = min(TEXTS, TEXT_NUMBERS // params.dimensions)
    per_deck = params.features // params.active
    decks = np.tile(np.arange(params.features), (math.ceil(texts / per_deck), 1))
    hands = rng.permuted(decks, axis=1)[:, : per_deck * params.active]
    return hands.reshape(-1, params.active)[:texts]


def _counted(readouts: Floats, spread: float) -> Readouts:
    bar_width = next((width for width in (0.2, 0.1, 0.05, 0.02) if 3 * width <= spread), 0.01)
    first = math.floor(LOWEST / bar_width + 1e-9)
    places = np.floor(readouts / bar_width).astype(np.intp) - first
    length = round((HIGHEST - LOWEST) / bar_width)
    bars = np.bincount(places[(places >= 0) & (places < length)], minlength=length)
    filled = np.flatnonzero(bars)
    return Readouts(
        n=len(readouts),
        # Adding 0 turns -0.0 into 0.0.
        mean=round(float(readouts.mean(dtype=np.float64)), 4) + 0.0,
        spread=round(float(readouts.std(dtype=np.float64)), 4),
        above=round(float((readouts > THRESHOLD).mean()), 6),
        lowest=round((first + int(filled[0])) * bar_width, 2),
        bar_width=bar_width,
        bars=bars[filled[0] : filled[-1] + 1].tolist(),
    )


def _independent(params: Params, texts: int) -> tuple[float, float]:
    """How many independent read-outs ours are worth: of ideas in a text, and of the others.

    Two ideas of one text read the same cosine, each of the other, which halves the number of the
    first. And of n ideas there are only n(n-1)/2 cosines, which few ideas in many texts use again.
    """
    k, n = params.active, params.features
    again = 2 * k / n**2
    return 1 / (2 / (texts * k) + again), 1 / (1 / (texts * (n - k)) + again)


def _mean(name: str, of: Readouts, want: float, spread: float, independent: float) -> Check:
    tol = _tolerance(spread / math.sqrt(independent))
    return Check(name=name, got=of.mean, want=want, tol=tol)


def _spread(name: str, of: Readouts, spread: float, independent: float, uneven: float) -> Check:
    tol = _tolerance(spread / 2 * math.sqrt(2 / independent + uneven))
    return Check(name=name, got=of.spread, want=round(spread, 4), tol=tol)


def _mistaken(
    absent: Readouts, active: int, dimensions: int, independent: float, uneven: float
) -> Check:
    want = beyond_half(active, dimensions)
    z = THRESHOLD / blur(active, dimensions)
    square_error = want * (1 - want) / independent + (z * _bell(z)) ** 2 * uneven / 4
    return Check(
        name="others mistaken, above ½",
        unit="\u00a0%",
        got=round(100 * absent.above, 4),
        want=round(100 * want, 4),
        tol=_tolerance(100 * math.sqrt(square_error)),
    )


def _bell(z: float) -> float:
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def _tolerance(standard_error: float) -> float:
    # The rest is rounding: four decimals are shown.
    return round(5 * standard_error + 1e-4, 6)


def _found(params: Params, result: Result) -> tuple[str, str]:
    """Ideas of a text that are found, and others that are mistaken for some, on average."""
    found = result.present.above * params.active
    mistaken = result.absent.above * (params.features - params.active)
    return _counted_on_average(found, 2), _counted_on_average(mistaken, 1)


def _others(params: Params) -> str:
    return f"{params.features - params.active:,}"


def _signed(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def _counted_on_average(count: float, digits: int) -> str:
    if count >= 100 or count == round(count):
        return f"{count:,.0f}"
    return f"{count:.{2 if count < 1 else digits}f}"
