"""Attention: a token looks back, shares out its attention, and takes so much of what each token tells.

Every token's vector x asks a question (query), shows what it can be found by (key) and has something
to tell (value). The better key and query match, the larger the share:

    scores = Q Kᵀ / √d        later tokens get -∞: nobody sees what comes next
    shares = softmax(scores / T)     each row adds up to 1
    X'     = X + shares V     added to what came in

Here every word has a direction of its own, and a second one for what it tells: "Michael" tells that
somebody's first name is Michael. Five words are found by one question each, as a grammar would have it;
in a real model queries, keys and values are learned, and many such heads work side by side.

With the match's score s and 0 for all others, a token that sees n tokens gives its match

    w = exp(s/T) / (exp(s/T) + n - 1)

"Jordan" sees two, itself and "Michael", so w is the logistic function of s/T. As all directions are
perpendicular, the neuron that asks for Michael + Jordan then sees 1 + w: 1 from the word, w from what
"Michael" told.

Sources: A. Vaswani et al., "Attention is all you need" (2017), for the formula; 3Blue1Brown, Deep
Learning chapters 6 and 7 (2024), for the sentence and the neuron. The temperature T is 1 in the paper.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from lessons.explanations import Check, ClassAnswers, Knob

TITLE = "“Jordan” looks back at “Michael”"
IDEA = "A token looks back, shares out its attention by softmax, and adds so much of what each token tells."
CORRECTION = "Often told: attention copies a word, or tokens talk to each other inside an MLP. In a model that writes text, attention adds a weighted average of what the token itself and those before it tell, never those after it. That is the only place where tokens talk; the MLP then works on each vector alone."
FORMULA = r"X^{\prime} = X + \operatorname{softmax}\!\left(\frac{QK^{\mathsf T}}{T\sqrt d} + \text{mask}\right) V, \qquad w = \frac{e^{s/T}}{e^{s/T} + n - 1}"
SOURCE = "Vaswani et al., Attention is all you need (2017); 3Blue1Brown, Deep Learning chapters 6 and 7 (2024)"

TOKENS = ("Michael", "Jordan", "plays", "the", "sport", "of")
MICHAEL, JORDAN = 0, 1
ASKS_FOR = (0, 0, 1, 3, 2, 4)
"""Whom each token looks for: Jordan for a first name, plays for who does it, sport for what is done
with it, of for what it belongs to. Michael and the look for nobody, which is themselves."""
MATCHES = tuple(asker != asked for asker, asked in enumerate(ASKS_FOR))

WIDTH = 64
HEAD = 16
"""Numbers in a query and in a key: enough for six perpendicular directions."""

KNOBS = (
    Knob(key="match", label="match", min=0, max=6, step=0.1, start=2),
    Knob(key="temperature", label="temperature", min=0.25, max=4, step=0.05, start=1, scale="log"),
    Knob(key="token", label="who looks", min=0, max=5, step=1, start=JORDAN, options=list(TOKENS)),
)

Doubles = NDArray[np.float64]


class Params(BaseModel):
    model_config = ConfigDict(extra="forbid")

    match: float = Field(default=2, ge=0, le=6)
    temperature: float = Field(default=1, ge=0.25, le=4)
    token: int = Field(default=JORDAN, ge=0, le=len(TOKENS) - 1)


class Result(BaseModel):
    tokens: list[str]
    asks_for: list[int]
    """(tokens,)  whom each looks for; itself where it looks for nobody"""
    shares: list[list[float]]
    """(tokens, tokens)  each row adds up to 1"""
    told: list[list[float]]
    """(tokens, tokens)  what is in each vector afterwards of what each token tells"""
    kept: list[list[float]]
    """(tokens, tokens)  what is in it of the words themselves: what came in"""
    seen: list[float]
    """(tokens,)  what the neuron that asks for Michael + Jordan sees in each vector"""


def compute(params: Params, rng: np.random.Generator) -> Result:
    n = len(TOKENS)
    words, tells = _directions(2 * n, WIDTH, rng).reshape(2, n, WIDTH)  # (tokens, width) each
    keys = _directions(n, HEAD, rng)  # (tokens, head)

    # What training would find: matrices that turn a word into its query, its key and its value.
    asks = np.where(MATCHES, params.match, 0)[:, None] * keys[list(ASKS_FOR)]
    w_query = words.T @ asks * math.sqrt(HEAD)  # (width, head)
    w_key = words.T @ keys  # (width, head)
    w_value = words.T @ tells  # (width, width)

    x = words  # (tokens, width)
    scores = (x @ w_query) @ (x @ w_key).T / math.sqrt(HEAD)  # (tokens, tokens)
    shares = softmax(np.where(np.tri(n), scores / params.temperature, -np.inf))
    after = x + shares @ (x @ w_value)  # (tokens, width)
    neuron = tells[MICHAEL] + words[JORDAN]

    return Result(
        tokens=list(TOKENS),
        asks_for=list(ASKS_FOR),
        shares=_rounded(shares),
        told=_rounded(after @ tells.T),
        kept=_rounded(after @ words.T),
        seen=_rounded(after @ neuron),
    )


def checks(params: Params, result: Result) -> list[Check]:
    """The share by its closed form, what the neuron sees by adding it up; each number is rounded to a millionth."""
    asker, asked = params.token, ASKS_FOR[params.token]
    share = exact_share(params.match if MATCHES[asker] else 0, params.temperature, asker + 1)
    from_michael = share if asked == MICHAEL else (1 - share) / asker
    shares = np.array(result.shares)
    sums = shares.sum(axis=1)
    whom = "itself" if asked == asker else TOKENS[asked]
    return [
        Check(
            name=f"{TOKENS[asker]} → {whom}",
            unit="\u00a0%",
            got=round(100 * shares[asker, asked], 4),
            want=round(100 * share, 4),
            tol=2e-4,
        ),
        Check(
            name="(Michael + Jordan) · vector",
            got=result.seen[asker],
            want=round((asker == JORDAN) + from_michael, 6),
            tol=2e-6,
        ),
        Check(name="share of later tokens", got=float(np.triu(shares, k=1).sum()), want=0, tol=0),
        Check(
            name="every row adds up to",
            got=round(float(sums[np.abs(sums - 1).argmax()]), 6),
            want=1,
            tol=len(TOKENS) * 1e-6,
        ),
    ]


def caption(params: Params, result: Result) -> str:
    asker = params.token
    share, seen = result.shares[asker][ASKS_FOR[asker]], result.seen[asker]
    if asker == MICHAEL:
        return (
            "“Michael” comes first and sees only itself: all its attention stays there. What comes "
            "later in the text is hidden from it."
        )
    if not MATCHES[asker]:
        return (
            f"“{TOKENS[asker]}” looks for nobody, so the {asker + 1} tokens that it sees get "
            f"{_percent(share)} each."
        )
    there = (
        f"“{TOKENS[asker]}” gives {_percent(share)} of its attention to “{TOKENS[ASKS_FOR[asker]]}”"
    )
    if asker == JORDAN:
        return f"{there} and takes so much of what it tells. The neuron that asks for Michael + Jordan then sees {seen:.2f} instead of 1."
    return f"{there}; the others it sees share the rest. It can’t look at what comes after it."


def text(params: Params, result: Result) -> str:
    asker = params.token
    rows = "; ".join(
        f"{TOKENS[i]}: "
        + ", ".join(f"{TOKENS[j]} {_percent(result.shares[i][j])}" for j in range(i + 1))
        for i in range(len(TOKENS))
    )
    told = " + ".join(
        f"{result.told[asker][j]:.2f} of what {TOKENS[j]} tells" for j in range(asker + 1)
    )
    return (
        f"Six tokens, “{' '.join(TOKENS)}”. A match scores {_number(params.match)}, everything else 0, "
        f"at temperature {_number(params.temperature)}. The shares that softmax gives, of each token "
        f"for itself and those before it: {rows}. Later tokens get 0. The vector of "
        f"{TOKENS[asker]} becomes {TOKENS[asker]} + {told}. The neuron that asks for Michael + Jordan "
        f"sees {result.seen[JORDAN]:.2f} in the vector of Jordan: 1 from the word itself and "
        f"{result.shares[JORDAN][MICHAEL]:.2f} from Michael. After its bias of −1, {result.seen[JORDAN] - 1:.2f} "
        f"is left."
    )


def class_text(params: Params, answers: ClassAnswers) -> str:
    if answers.values:
        share = 100 * exact_share(params.match, params.temperature, JORDAN + 1)
        # A half goes up, as it does in the drawing.
        mean = math.floor(np.mean(answers.values) + 0.5)
        near = sum(abs(value - share) <= NEAR for value in answers.values)
        n = len(answers.values)
        return (
            f"Dots show the share for Michael that the class guessed: {n:,} "
            f"{'guess' if n == 1 else 'guesses'}, from {min(answers.values):g}\u00a0% to "
            f"{max(answers.values):g}\u00a0%, on average {mean}\u00a0%; {near:,} within {NEAR} "
            f"percentage points of {share:.0f}\u00a0%."
        )
    if answers.counts:
        chosen = zip(answers.options, answers.counts, strict=False)
        return "The class answered " + ", ".join(f"“{o}”: {c}" for o, c in chosen) + "."
    return ""


NEAR = 5
"""Percentage points that count as a good guess."""


def softmax(scores: Doubles) -> Doubles:
    """Positive shares that add up to 1 in each row; the largest score of a row is taken off, or e^s overflows."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Doubles = powers / powers.sum(axis=1, keepdims=True)
    return shares


def exact_share(match: float, temperature: float, visible: int) -> float:
    """Of a match among so many visible tokens, the others scoring 0."""
    return 1 / (1 + (visible - 1) * math.exp(-match / temperature))


def _directions(count: int, width: int, rng: np.random.Generator) -> Doubles:
    """Perpendicular and of length 1, (count, width), otherwise left to chance."""
    directions: Doubles = np.linalg.qr(rng.standard_normal((width, count)))[0].T
    return directions


def _rounded(values: Doubles) -> Any:
    # Adding 0 turns the -0.0 of rounded noise into 0.0.
    return (values.round(6) + 0.0).tolist()


def _number(value: float) -> str:
    return f"{round(value, 2):g}".replace("-", "−")


def _percent(share: float) -> str:
    """Never 100 % unless it is all, nor 0 % unless it is nothing."""
    if 0.995 <= share < 1:
        return "more than 99\u00a0%"
    if 0 < share < 0.005:
        return "less than 1\u00a0%"
    return f"{100 * share:.0f}\u00a0%"
