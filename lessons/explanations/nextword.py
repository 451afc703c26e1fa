"""The class' votes for the next word are the data; a model is trained on them, nudge by nudge.

A language model gives every token of its vocabulary a score zᵢ (a logit) and by softmax a chance.
Its loss is the surprise at the words that people really chose, on average over their shares yᵢ:

    pᵢ = exp(zᵢ) / Σⱼ exp(zⱼ)          L = -Σᵢ yᵢ ln pᵢ

The slope of the loss is ∂L/∂zᵢ = pᵢ - yᵢ, so gradient descent, z ← z - rate · (p - y), lifts the
words that are chosen more often than the model thought and lowers the others. In a real model
backpropagation hands this p - y on to the weights behind the scores; here the scores themselves
learn, for one sentence, and each word is taken as one token.

Known numbers. A model that has learned nothing gives each of V tokens the chance 1/V and has the
loss ln V. And L = H(y) + KL(y‖p): the entropy of the votes is a floor, reached only by p = y. It is
0 only if all say the same. A word that nobody chose gets ever less, but softmax never gives it 0.

Tokens not on show are never chosen and start equal, so they stay equal: their common score stands for
all. The curvature of the loss is the covariance of a die with chances p, at most 1/2 in any
direction, so the loss falls at every step if the rate is below 4. Beyond, it may overshoot.

Sources: J. Bridle, "Probabilistic interpretation of feedforward classification network outputs"
(1990), for softmax with this loss; C. Shannon, "A mathematical theory of communication" (1948), for
the floor; A. Radford et al., "Language models are unsupervised multitask learners" (2019), for the
vocabulary of 50,257 tokens.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from lessons.explanations import Check, ClassAnswers, Knob
from lessons.explanations._votes import (
    Counts,
    Options,
    listed,
    percent,
    require_a_count_for_each,
    six_digits,
    votes_in,
)

TITLE = "The next word is learned by nudges"
IDEA = "A model learns which word comes next by being nudged, again and again, from its own chances towards what people say."
CORRECTION = "Often told: a well trained model reaches loss 0, and backpropagation picks the right word at once. In truth the loss can’t fall below the entropy of what people say: it is 0 only if all say the same. And each step only nudges: every score moves a little, by the votes’ share minus the model’s chance."
FORMULA = r"L = -\sum_i y_i \ln p_i, \quad p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}, \qquad \frac{\partial L}{\partial z_i} = p_i - y_i"
SOURCE = "Bridle (1990) for softmax with this loss, Shannon (1948) for the floor, Radford et al. (2019) for GPT-2’s 50,257 tokens"

STEPS = 1000
RATE = 1.0
MOMENTS = (1, 10, 20, 50, 100, 1000)
WATCHED = 20
"""The step at which the slope is measured: a word on its way, neither unknown nor learned."""

KNOBS = (
    Knob(key="step", label="training step", min=1, max=STEPS, step=1, start=STEPS, scale="log"),
    Knob(key="rate", label="learning rate", min=0.1, max=10, step=0.1, start=RATE, scale="log"),
)

SENTENCE = "Michael Jordan plays the sport of"
WORDS = ("basketball", "baseball", "golf", "football", "chess", "swimming")
VOTES = (17, 5, 3, 2, 1, 0)

Floats = NDArray[np.float64]


class Params(BaseModel):
    """The votes are an example until a class has voted."""

    model_config = ConfigDict(extra="forbid")

    sentence: str = Field(default=SENTENCE, max_length=200)
    """What the words complete; may be empty."""
    words: Options = list(WORDS)
    votes: Counts = list(VOTES)
    vocabulary: int = Field(default=50_257, ge=2, le=1_000_000)
    """Tokens between which the model can choose, those on show among them."""

    @model_validator(mode="after")
    def _belongs_together(self) -> "Params":
        require_a_count_for_each(self.words, self.votes)
        if self.vocabulary < len(self.words):
            raise ValueError("the vocabulary must hold the words on show")
        return self


class Moment(BaseModel):
    """What the model says at one step; before the first nudge, it is step 1."""

    step: int
    loss: float
    chances: list[float]
    """(words,)"""
    other: float
    """The chance of all other tokens together."""


class Result(BaseModel):
    sentence: str
    words: list[str]
    votes: list[int]
    """(words,)"""
    shares: list[float]
    """(words,)  of the votes"""
    others: int
    """Tokens not on show."""
    clueless: float
    """The loss of a model that holds all tokens equally likely."""
    floor: float
    """The entropy of the votes."""
    moments: list[Moment]
    missing: float
    """KL(votes‖chances) after the last step."""
    slope: float
    """Of the loss at step 20, along the score of the word with the most votes, by small differences."""
    nudge: float
    """That word's chance minus its share at step 20."""


def with_answers(params: Params, answers: ClassAnswers) -> Params:
    """What the class voted takes the place of the example."""
    voted = votes_in(answers)
    if voted is None:
        return params
    words, votes = voted
    # Whoever asks about other words without saying in which sentence didn't mean the example's.
    is_meant = params.sentence != SENTENCE or not set(words).isdisjoint(WORDS)
    return Params(
        sentence=params.sentence if is_meant else "",
        words=words,
        votes=votes,
        vocabulary=max(params.vocabulary, len(words)),
    )


def compute(params: Params, rng: np.random.Generator) -> Result:
    shares = np.array(params.votes) / sum(params.votes)  # (words,)
    target = _Target(
        shares=np.append(shares, 0.0),
        tokens=np.append(np.ones(len(shares)), params.vocabulary - len(shares)),
    )
    scores = descent(target, RATE)  # (steps, words and others)
    chances = softmax(scores, target)
    losses = loss(scores, target)
    top = int(shares.argmax())

    return Result(
        sentence=params.sentence,
        words=params.words,
        votes=params.votes,
        shares=np.round(shares, 6).tolist(),
        others=params.vocabulary - len(shares),
        clueless=round(float(losses[0]), 6),
        floor=round(entropy(shares), 6),
        moments=[
            Moment(
                step=step,
                loss=round(float(losses[step - 1]), 6),
                chances=[six_digits(chance) for chance in chances[step - 1, :-1]],
                other=six_digits(chances[step - 1, -1]),
            )
            for step in MOMENTS
        ],
        missing=round(_divergence(shares, chances[-1, :-1]), 6),
        slope=round(_slope(scores[WATCHED - 1], top, target), 6),
        nudge=round(float(chances[WATCHED - 1, top] - shares[top]), 6),
    )


def checks(params: Params, result: Result) -> list[Check]:
    end = result.moments[-1]
    top = params.words[result.shares.index(max(result.shares))]
    return [
        Check(
            name="loss untrained",
            got=result.clueless,
            want=round(math.log(params.vocabulary), 6),
            tol=1e-5,
        ),
        Check(
            name="loss trained",
            got=end.loss,
            want=result.floor,
            tol=_not_yet_learned(params, result),
        ),
        Check(
            name=f"slope at “{top}”" if len(top) <= 20 else "slope at the top word",
            got=result.slope,
            want=result.nudge,
            tol=1e-5,
        ),
        Check(
            name="loss − KL, entropy",
            got=round(end.loss - result.missing, 6),
            want=result.floor,
            tol=1e-5,
        ),
    ]


def caption(params: Params, result: Result) -> str:
    end = result.moments[-1]
    start = (
        f"Untrained, every token is equally likely: loss {result.clueless:.2f}. "
        f"{STEPS:,} nudges later the model says what {sum(params.votes):,} votes say: "
        f"loss {end.loss:.2f}."
    )
    if max(result.shares) == 1:
        return f"{start} All say the same, so it can come as close to 0 as you like."
    return f"{start} No model can get below {result.floor:.2f}: people disagree."


def text(params: Params, result: Result) -> str:
    start, *_, end = result.moments
    middle = next(moment for moment in result.moments if moment.step == WATCHED)
    whose = "example votes" if params == Params() else "votes"
    sentence = f"The sentence is “{params.sentence} …”. " if params.sentence else ""
    others = (
        f", the {result.others:,} other tokens together {percent(end.other)}"
        if result.others
        else ""
    )
    nobody = (
        " What nobody chose gets ever less, but softmax never gives a word exactly 0."
        if 0 in params.votes
        else ""
    )
    return (
        f"{sentence}Solid bars show how {sum(params.votes):,} {whose} for the next word are shared: "
        f"{_listed(params.words, result.shares)}. Outlines show the chances that a model gives these "
        f"words while it is trained on the votes. Before training it holds all {params.vocabulary:,} "
        f"tokens equally likely, and its loss is {start.loss:.2f}, the logarithm of that number. At "
        f"every step each word’s score is nudged by the votes’ share minus the model’s chance. At step "
        f"{middle.step} the loss is {middle.loss:.2f}, at step {end.step:,} it is {end.loss:.2f}, and "
        f"the chances are {_listed(params.words, end.chances)}{others}. The entropy of the votes, "
        f"{result.floor:.2f}, is the floor: no model can have a smaller loss on them.{nobody}"
    )


def class_text(params: Params, answers: ClassAnswers) -> str:
    voted = votes_in(answers)
    if voted is None:
        return ""
    words, votes = voted
    if (words, votes) != (params.words, params.votes):
        return f"The class chose: {listed(words, votes)}."
    return f"The votes are the class’ own: {listed(words, votes)}. The model was trained on them."


class _Target(NamedTuple):
    """What is to be learned. The last column stands for all tokens that are not on show."""

    shares: Floats
    """(words and others,)  how often people say them"""
    tokens: Floats
    """(words and others,)  how many tokens a column stands for"""


def descent(target: _Target, rate: float) -> Floats:
    """The scores at each step of gradient descent from all zeros, (steps, words and others)."""
    scores = np.zeros((STEPS, len(target.shares)))
    seen = np.maximum(target.tokens, 1)  # no other token: the column weighs nothing
    for step in range(1, STEPS):
        nudge = target.shares - softmax(scores[step - 1], target)
        # What the others are to lose together, each loses its part of.
        scores[step] = scores[step - 1] + rate * nudge / seen
    return scores


def softmax(scores: Floats, target: _Target) -> Floats:
    """The chance of each column, (..., words and others)."""
    # Lowered by the highest score, which changes no ratio, no exponential overflows.
    weights = target.tokens * np.exp(scores - scores.max(-1, keepdims=True))
    chances: Floats = weights / weights.sum(-1, keepdims=True)
    return chances


def loss(scores: Floats, target: _Target) -> Floats:
    """-Σ y ln p = ln Σ exp(z) - Σ y z, (...)."""
    high = scores.max(-1, keepdims=True)
    total = np.log((target.tokens * np.exp(scores - high)).sum(-1)) + high[..., 0]
    losses: Floats = total - scores @ target.shares
    return losses


def entropy(shares: Floats) -> float:
    said = shares[shares > 0]
    return abs(float(-(said * np.log(said)).sum()))  # not -0


def _divergence(shares: Floats, chances: Floats) -> float:
    """KL(shares‖chances): what the model's loss has above the floor."""
    said = shares > 0
    return float((shares[said] * np.log(shares[said] / chances[said])).sum())


def _slope(scores: Floats, word: int, target: _Target) -> float:
    """Of the loss along one word's score; the error of central differences is below step²/6."""
    step = 1e-4
    aside = step * np.eye(len(scores))[word]
    return float(loss(scores + aside, target) - loss(scores - aside, target)) / (2 * step)


def _not_yet_learned(params: Params, result: Result) -> float:
    """How far above the floor the last step may still be.

    A word climbs by less than its share per step, and has to climb about 1.5 ln V: what it takes to
    get from 1/V past all other tokens. A word too rare for that costs its share times ln V at most.
    The others are as good as learned; the rest is the tokens that nobody chose.
    """
    climb = 1.5 * math.log(params.vocabulary)
    rare = sum(share for share in result.shares if share * STEPS * RATE < climb)
    return round(0.03 + rare * math.log(params.vocabulary), 4)


def _listed(words: list[str], shares: list[float]) -> str:
    return ", ".join(f"{word} {percent(share)}" for word, share in zip(words, shares, strict=True))
