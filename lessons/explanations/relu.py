"""What a neuron does last: it keeps what is positive and drops what is negative, hard or soft.

Three functions are in use. Each is the input times a share of it that is kept:

    ReLU(x) = x · [x > 0]        all or nothing
    GELU(x) = x · Φ(x)           Φ is the normal distribution, (1 + erf(x/√2)) / 2
    SiLU(x) = x · σ(x)           σ is the logistic function, 1 / (1 + exp(-x))

GELU is an average over coins. Draw a normal number z and keep x if z < x, else make it 0: on average
x Φ(x) is left, because z < x has the chance Φ(x). So -1 is kept 16 times in 100, and -0.16 is left.

GELU is not monotonic. Its slope Φ(x) + x φ(x) is 0 at x = -0.751792, where it has its lowest value,
-0.169971. SiLU's lowest value is -W(1/e) = -0.278465, where W is Lambert's function. Many programs
compute GELU without erf, as x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, which is off by 0.000473 at
most.

The four people come from a neuron that asks for the names Michael and Jordan: its dot product is how
many of them match, 2, 1, 1 and 0, and then the bias is added.

Source: D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units (GELUs)", arXiv 1606.08415 (2016), for
GELU with its coins, for its tanh form and for SiLU. The extremes are found here and, independently, in
the tests.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from lessons.explanations import Check, ClassAnswers, Knob

TITLE = "ReLU cuts at zero, GELU has a soft edge"
IDEA = "A neuron’s last step keeps what is positive and drops what is negative; GELU does it with a soft edge."
CORRECTION = "Often told: ReLU switches a neuron on, to 1, above a threshold, or takes the absolute value. In truth a positive number passes unchanged, however large, and every negative number becomes 0. There is nothing in it to be learned."
FORMULA = r"\operatorname{ReLU}(x) = \max(0, x), \qquad \operatorname{GELU}(x) = x\,\Phi(x) = \frac x2\left(1 + \operatorname{erf}\frac{x}{\sqrt2}\right), \qquad \operatorname{SiLU}(x) = \frac{x}{1 + e^{-x}}"
SOURCE = "Hendrycks and Gimpel, Gaussian Error Linear Units (2016)"

NAMES = ("ReLU", "GELU", "SiLU")
PEOPLE = ("Michael Jordan", "Michael Phelps", "Alexis Jordan", "Alexis Phelps")
ASKED_FOR = ("Michael", "Jordan")

KNOBS = (
    Knob(key="function", label="function", min=0, max=2, step=1, start=1, options=list(NAMES)),
    Knob(key="input", label="input", min=-3, max=2.5, step=0.05, start=-1),
    Knob(key="bias", label="bias", min=-2.5, max=0.5, step=0.05, start=-1),
)

GELU_LOWEST, GELU_LOWEST_AT = -0.169971, -0.751792
SILU_LOWEST = -0.278465
TANH_MISS = 0.000473
COINS = 1_000_000
"""So many that their average is right to a thousandth."""

Doubles = NDArray[np.float64]


class Params(BaseModel):
    """The class is asked about `input`: its guesses are drawn there."""

    model_config = ConfigDict(extra="forbid")

    function: int = Field(default=1, ge=0, le=2)
    input: float = Field(default=-1, ge=-3, le=2.5)
    bias: float = Field(default=-1, ge=-2.5, le=0.5)


class Function(BaseModel):
    name: str
    of_people: list[float]
    of_input: float
    lowest: float
    lowest_at: float
    """Of all places where the function is that low, the first from below -6."""


class Result(BaseModel):
    people: list[str]
    matches: list[int]
    """Names that match: the neuron's dot product, before the bias."""
    inputs: list[float]
    """What reaches the function, (people,)."""
    functions: list[Function]
    """As the knob has them."""
    kept: float
    """Share of the coins that kept the input."""
    tanh_miss: float
    """How far the tanh form is from GELU, at worst."""


def compute(params: Params, rng: np.random.Generator) -> Result:
    matches = np.array([sum(name in person for name in ASKED_FOR) for person in PEOPLE])
    inputs = matches + params.bias  # (people,)
    coins = rng.standard_normal(COINS, dtype=np.float32)
    axis = np.linspace(-6, 6, 6001)
    return Result(
        people=list(PEOPLE),
        matches=matches.tolist(),
        inputs=_rounded(inputs),
        functions=[
            _function(name, f, inputs, params.input)
            for name, f in zip(NAMES, (relu, gelu, silu), strict=True)
        ],
        kept=round(float((coins < params.input).mean()), 6),
        tanh_miss=round(float(np.abs(gelu_by_tanh(axis) - gelu(axis)).max()), 6),
    )


def checks(params: Params, result: Result) -> list[Check]:
    """The coins may be off by five standard errors, the other numbers by their rounding."""
    share = float(normal_share(np.array(params.input)))
    by_gelu, by_silu = result.functions[1:]
    error = math.sqrt(share * (1 - share) / COINS)
    return [
        Check(
            name=f"GELU({_number(params.input)}) by coins",
            got=round(params.input * result.kept, 4) + 0.0,
            want=round(params.input * share, 4) + 0.0,
            tol=round(5 * error * abs(params.input) + 1e-4, 6),
        ),
        Check(name="GELU’s minimum", got=by_gelu.lowest, want=GELU_LOWEST, tol=2e-6),
        Check(name="at x =", got=by_gelu.lowest_at, want=GELU_LOWEST_AT, tol=2e-6),
        Check(name="SiLU’s minimum", got=by_silu.lowest, want=SILU_LOWEST, tol=2e-6),
        Check(
            name="GELU by tanh, off by",
            unit="\u00a0‰",
            got=round(1000 * result.tanh_miss, 3),
            want=round(1000 * TANH_MISS, 3),
            tol=0.002,
        ),
    ]


def caption(params: Params, result: Result) -> str:
    chosen = result.functions[params.function]
    return (
        f"Four people match 2, 1, 1 and 0 of two names. The bias {_number(params.bias)} makes that "
        f"{_listed(result.inputs)}, and {chosen.name} makes it {_listed(chosen.of_people)}."
    )


def text(params: Params, result: Result) -> str:
    people = "; ".join(
        f"{' and '.join(alike)}: {_number(result.inputs[i])}, which "
        + ", ".join(f"{f.name} makes {_number(f.of_people[i])}" for f in result.functions)
        for i, alike in _alike(result)
    )
    of_input = ", ".join(f"{_number(f.of_input)} by {f.name}" for f in result.functions)
    by_gelu, by_silu = result.functions[1:]
    return (
        f"The curves of ReLU, GELU and SiLU over one axis, with four people as beads on them. A neuron "
        f"that asks for Michael and Jordan reads how many names match, then the bias adds "
        f"{_number(params.bias)}. {people}. An input of {_number(params.input)} becomes {of_input}. "
        f"ReLU keeps all of a positive number and nothing of a negative one. GELU keeps the share "
        f"Φ(x), as on average over coins that say whether to keep it: of {COINS:,} normal numbers "
        f"drawn, {100 * result.kept:.1f}\u00a0% are below "
        f"{_number(params.input)}. GELU’s lowest value is {_number(by_gelu.lowest, 4)} at "
        f"{_number(by_gelu.lowest_at, 4)}, SiLU’s is {_number(by_silu.lowest, 4)} at "
        f"{_number(by_silu.lowest_at, 4)}."
    )


def class_text(params: Params, answers: ClassAnswers) -> str:
    guesses = np.array([value for value in answers.values if -1 <= value <= 1])
    if len(guesses):
        f = (relu, gelu, silu)[params.function]
        return (
            f"Amber dots show what the class thinks {NAMES[params.function]} makes of "
            f"{_number(params.input)}: {len(guesses):,} "
            f"{'guess' if len(guesses) == 1 else 'guesses'}, from {_number(guesses.min())} to "
            f"{_number(guesses.max())}, on average {_number(guesses.mean())}. It makes "
            f"{_number(float(f(np.array(params.input))))}."
        )
    votes = zip(answers.options, answers.counts, strict=False)
    said = ", ".join(f"“{option}”: {count}" for option, count in votes)
    return f"The class answered {said}." if said else ""


def relu(x: Doubles) -> Doubles:
    kept: Doubles = np.maximum(x, 0)
    return kept


def gelu(x: Doubles) -> Doubles:
    kept: Doubles = x * normal_share(x)
    return kept


def silu(x: Doubles) -> Doubles:
    kept: Doubles = x / (1 + np.exp(-x))
    return kept


def gelu_by_tanh(x: Doubles) -> Doubles:
    kept: Doubles = x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return kept


def normal_share(x: Doubles) -> Doubles:
    """Φ, the chance that a normal number is below x."""
    share: Doubles = (1 + _erf(x / math.sqrt(2))) / 2
    return share


_erf = np.vectorize(math.erf, otypes=[np.float64])


def _function(
    name: str, f: Callable[[Doubles], Doubles], inputs: Doubles, one_input: float
) -> Function:
    lowest_at = _lowest_at(f)
    return Function(
        name=name,
        of_people=_rounded(f(inputs)),
        of_input=round(float(f(np.array(one_input))), 4) + 0.0,
        lowest=round(float(f(np.array(lowest_at))), 6) + 0.0,
        lowest_at=round(lowest_at, 6),
    )


def _lowest_at(f: Callable[[Doubles], Doubles]) -> float:
    """Where f is lowest between -6 and 6: among 601 places, then among 601 around the best, and so on."""
    middle, reach = 0.0, 6.0
    for _ in range(4):
        places = middle + np.linspace(-reach, reach, 601)
        middle = float(places[f(places).argmin()])
        reach /= 100
    return middle


def _alike(result: Result) -> list[tuple[int, list[str]]]:
    """The people by their number of matches: the place of the first, and their names."""
    places = {n: result.matches.index(n) for n in result.matches}
    return [
        (place, [name for name, m in zip(result.people, result.matches, strict=True) if m == n])
        for n, place in places.items()
    ]


def _rounded(values: Doubles) -> list[float]:
    # Adding 0 turns -0.0 into 0.0.
    rounded: list[float] = (values.round(4) + 0.0).tolist()
    return rounded


def _listed(values: list[float]) -> str:
    *first, last = (_number(value) for value in values)
    return f"{', '.join(first)} and {last}"


def _number(value: float, digits: int = 2) -> str:
    """Rounded, but something is not made nothing."""
    is_tiny = 0 < abs(value) < 0.5 * 10**-digits
    return (f"{value:.1g}" if is_tiny else f"{round(value, digits) + 0.0:g}").replace("-", "−")
