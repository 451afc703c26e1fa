"""People compare answers, comparisons become scores, scores tilt the model, and a leash holds it.

Three steps turn votes into behaviour:

1. Duels. A first choice among m answers says that the chosen one beat each of the others, and
   nothing about how these compare; that is the assumption here. So cᵢ votes for answer i are cᵢ won
   duels against each other answer. Half a won duel each way is added between any two, or an answer
   that nobody chose would have the score minus infinity.

2. Scores. By Bradley and Terry, i beats j with chance 1 / (1 + exp(rⱼ - rᵢ)). The likeliest rᵢ are
   found by Zermelo's iteration, as Hunter (2004) explains it; only differences count, so their mean
   is 0. For duels from first choices they are known: rᵢ - rⱼ = ln((cᵢ+½)/(cⱼ+½)), the strengths that
   Luce's axiom of choice gives to the same votes.

3. Tilt. Of all ways to answer, the model shall find the p with the largest E[r] - β KL(p‖p₀): much
   score, but not far from the base model p₀. The β is the leash, long where it is small. The best is

       pᵢ = p₀ᵢ exp(rᵢ/β) / Z        with the value β ln Z

   It goes to p₀ for β → ∞. Drawn as score over KL, these p form a curve that bends down, and the
   line that touches it at p has the slope β and meets KL = 0 at β ln Z.

Scores can be wrong. A bonus by mistake on one answer (flattery that a score falls for, say) shows
what the leash is for: the model gains what it is scored by and loses what the voters prefer.

No answer is new: what p₀ can't say, pᵢ can't say either. A real model tilts chances of whole texts,
by many small steps (proximal policy optimisation), and its scores come from a network trained
on such comparisons.

Sources: R. Bradley and M. Terry, "Rank analysis of incomplete block designs" (1952); D. Hunter, "MM
algorithms for generalized Bradley-Terry models" (2004); R. Luce, "Individual choice behavior" (1959);
L. Ouyang et al., "Training language models to follow instructions with human feedback" (2022); L. Gao
et al., "Scaling laws for reward model overoptimization" (2022), for what a wrong score does.
"""

import math
from typing import Annotated, NamedTuple

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

TITLE = "Votes become scores, scores tilt the model"
IDEA = "People compare answers; the comparisons become scores, and the scores shift what a model likes to say, on a leash."
CORRECTION = "Often told: people write the right answers, and the model learns new facts from them. In truth people only compare answers here, and no answer is new: chances move between answers that the model could already give. And scores can be fooled, by flattery for one; that is what the leash is for."
FORMULA = r"P(i \succ j) = \frac{1}{1 + e^{r_j - r_i}}, \qquad p_i = \frac{p^0_i\, e^{r_i/\beta}}{\sum_j p^0_j\, e^{r_j/\beta}}"
SOURCE = "Bradley and Terry (1952) and Hunter (2004) for the scores, Ouyang et al. (2022) for the method, Gao et al. (2022) for fooled scores"

ITERATIONS = 200
"""Of Zermelo's formula. The slowest votes that are allowed, 100,000 to 0, need 120 for 12 digits."""
HALF_A_DUEL = 0.5
TIGHTEST = 100
"""The largest β on the knob: a leash this tight is held against its limit."""

KNOBS = (
    Knob(
        key="beta", label="leash tightness β", min=0.1, max=TIGHTEST, step=0.1, start=1, scale="log"
    ),
    Knob(key="bonus", label="bonus by mistake", min=0, max=5, step=0.1, start=0),
)

PROMPT = "How do I boil an egg?"
ANSWERS = (
    "Eight minutes in boiling water, then into cold water.",
    "What a wonderful question! You will be a great cook.",
    "How do I fry an egg? How do I poach one?",
    "Eggs are laid by hens and have a shell.",
)
VOTES = (17, 6, 1, 4)
BASE = (0.2, 0.15, 0.4, 0.25)
"""Chances made up for the example: a model that only learned to go on with a text asks on."""

Floats = NDArray[np.float64]


class Params(BaseModel):
    """The votes are an example until a class has voted."""

    model_config = ConfigDict(extra="forbid")

    prompt: str = Field(default=PROMPT, max_length=200)
    """What is answered; may be empty."""
    answers: Options = list(ANSWERS)
    votes: Counts = list(VOTES)
    base: Annotated[
        list[Annotated[float, Field(ge=0.001, le=1000)]], Field(min_length=2, max_length=6)
    ] = list(BASE)
    """How likely the base model gives each answer, in proportion."""
    beta: float = Field(default=1, ge=0.1, le=TIGHTEST)
    bonus: float = Field(default=0, ge=0, le=5)
    """Added by mistake to the score of one answer."""
    fooled_by: int = Field(default=2, ge=1, le=6)
    """That answer, counted from 1."""

    @model_validator(mode="after")
    def _belongs_together(self) -> "Params":
        require_a_count_for_each(self.answers, self.votes)
        if len(self.base) != len(self.answers):
            raise ValueError(f"{len(self.answers)} answers need as many base chances")
        if self.fooled_by > len(self.answers):
            raise ValueError("fooled_by must be one of the answers")
        return self


class Result(BaseModel):
    prompt: str
    answers: list[str]
    votes: list[int]
    """(answers,)"""
    fooled_by: int
    """The answer that gets the bonus, counted from 1."""
    wins: list[list[int]]
    """(answers, answers)  how many duels the row won against the column"""
    scores: list[float]
    """(answers,)  without the bonus; their mean is 0"""
    base: list[float]
    """(answers,)  chances before"""
    chances: list[float]
    """(answers,)  chances after, at this β and bonus"""
    kl: float
    """How far that is from the base model."""
    scored: float
    """The average score after, bonus included: what the training goes by."""
    preferred: float
    """The average score after, without the bonus: what the voters think."""
    best: float
    """β ln Z, the largest value of scored - β kl."""
    steepness: float
    """Of the curve of scored over kl, by small differences; 0 where it has no length."""
    moved: float
    """Percent of the chances that a leash of tightness 100 lets move."""
    nearly_moved: float
    """The same by the first term in 1/β."""


def with_answers(params: Params, answers: ClassAnswers) -> Params:
    """What the class voted takes the place of the example."""
    voted = votes_in(answers)
    if voted is None:
        return params
    options, votes = voted
    is_example = not set(options).isdisjoint(ANSWERS)
    # Nothing is known of how likely other answers were, unless somebody said so.
    is_meant = len(params.base) == len(options) and (is_example or params.base != list(BASE))
    return params.model_copy(
        update={
            "prompt": params.prompt if is_example or params.prompt != PROMPT else "",
            "answers": options,
            "votes": votes,
            "base": params.base if is_meant else [1.0] * len(options),
            "fooled_by": min(params.fooled_by, len(options)),
        }
    )


def compute(params: Params, rng: np.random.Generator) -> Result:
    wins = duels(np.array(params.votes))  # (answers, answers)
    scores = fitted(wins + HALF_A_DUEL * (1 - np.eye(len(wins))))  # (answers,)
    base = np.array(params.base) / sum(params.base)  # (answers,)
    trained_by = scores.copy()
    trained_by[params.fooled_by - 1] += params.bonus

    here = tilted(base, trained_by, params.beta)
    looser, tighter = (tilted(base, trained_by, params.beta * f) for f in (0.999, 1.001))
    has_length = looser.kl - tighter.kl > 1e-9
    steepness = (looser.scored - tighter.scored) / (looser.kl - tighter.kl) if has_length else 0
    held = tilted(base, trained_by, TIGHTEST).chances
    pull = (trained_by - base @ trained_by) / TIGHTEST

    return Result(
        prompt=params.prompt,
        answers=params.answers,
        votes=params.votes,
        fooled_by=params.fooled_by,
        wins=wins.tolist(),
        scores=np.round(scores, 6).tolist(),
        base=np.round(base, 6).tolist(),
        chances=[six_digits(chance) for chance in here.chances],
        kl=round(here.kl, 6),
        scored=round(here.scored, 6),
        preferred=round(float(here.chances @ scores), 6),
        best=round(here.best, 6),
        steepness=round(steepness, 6),
        moved=round(50 * float(np.abs(held - base).sum()), 6),
        nearly_moved=round(50 * float(np.abs(base * pull).sum()), 6),
    )


def checks(params: Params, result: Result) -> list[Check]:
    a, b = (votes + HALF_A_DUEL for votes in params.votes[:2])
    found = [
        Check(
            name="score A − score B",
            got=round(result.scores[0] - result.scores[1], 6),
            want=round(math.log(a / b), 6),
            tol=1e-5,
        ),
        Check(
            name="score − β KL",
            got=round(result.scored - params.beta * result.kl, 6),
            want=result.best,
            # KL is rounded to six decimals, and multiplied.
            tol=round(1e-5 + 1e-6 * params.beta, 6),
        ),
        Check(
            name=f"moved at β = {TIGHTEST}",
            unit="\u00a0%",
            got=result.moved,
            want=result.nearly_moved,
            tol=_second_order(params, result),
        ),
    ]
    if result.steepness:
        slope = Check(
            name="slope of the curve, β",
            got=result.steepness,
            want=params.beta,
            tol=round(1e-3 * params.beta, 6),
        )
        found.insert(2, slope)
    return found


def caption(params: Params, result: Result) -> str:
    votes = sum(params.votes)
    by_votes = (
        f"{votes:,} votes, read as duels, make scores."
        if votes > 1
        else "One vote, read as duels, makes scores."
    )
    best = int(np.argmax(params.votes))
    likely = int(np.argmax(result.chances))
    moved = (
        f"Held by a leash of β = {params.beta:g}, answer {_letter(best)} goes from "
        f"{percent(result.base[best])} to {percent(result.chances[best])}"
    )
    if params.bonus and likely == params.fooled_by - 1 != best:
        return f"{by_votes} {moved}; the model says {_letter(likely)} most, which fools the score."
    if likely != best:
        return f"{by_votes} {moved}; the model says {_letter(likely)} most."
    return f"{by_votes} {moved}. No answer is new."


def text(params: Params, result: Result) -> str:
    whose = "example votes" if params.votes == list(VOTES) and _is_example(params) else "votes"
    prompt = f"The question is “{params.prompt}”. " if params.prompt else ""
    answers = "; ".join(
        f"{_letter(i)}, “{answer}”, {votes:,} {'vote' if votes == 1 else 'votes'}, "
        f"score {_signed(score)}, chance {percent(before)} before and {percent(after)} after"
        for i, (answer, votes, score, before, after) in enumerate(
            zip(
                params.answers,
                params.votes,
                result.scores,
                result.base,
                result.chances,
                strict=True,
            )
        )
    )
    fooled = (
        f" The score of {_letter(params.fooled_by - 1)} has {params.bonus:g} added by mistake: the "
        f"average score that the model is trained by is {_signed(result.scored)}, by the votes it is "
        f"{_signed(result.preferred)}."
        if params.bonus
        else f" The average score goes from {_signed(_before(result))} to {_signed(result.scored)}."
    )
    return (
        f"{prompt}{len(params.answers)} answers were compared by {sum(params.votes):,} {whose}; each "
        f"vote counts as a won duel against every other answer. Duels become scores, and scores tilt "
        f"a base model’s chances, held by a leash of β = {params.beta:g}: {answers}.{fooled} The "
        f"tilted model is {result.kl:.2f} away from the base model, measured by the KL divergence. A "
        f"tighter leash, a larger β, holds it closer. People only compared; no answer is new."
    )


def class_text(params: Params, answers: ClassAnswers) -> str:
    voted = votes_in(answers)
    if voted is None:
        return ""
    options, votes = voted
    if (options, votes) != (params.answers, params.votes):
        return f"The class chose: {listed(options, votes)}."
    return (
        f"The votes are the class’ own: {listed(options, votes)}. The scores were made from them."
    )


class _Tilted(NamedTuple):
    chances: Floats
    """(answers,)"""
    kl: float
    scored: float
    best: float


def duels(votes: NDArray[np.int64]) -> NDArray[np.int64]:
    """How often the row beat the column, (answers, answers): whenever it was chosen."""
    wins: NDArray[np.int64] = votes[:, None] * (1 - np.eye(len(votes), dtype=np.int64))
    return wins


def fitted(wins: Floats) -> Floats:
    """The likeliest Bradley-Terry scores, (answers,), of any table of won duels.

    Zermelo's formula: an answer's strength is its wins over what they would be worth if it met
    others of the present strengths, Wᵢ / Σⱼ nᵢⱼ/(sᵢ+sⱼ). Each round makes the duels likelier.

    wins  (answers, answers)  every answer has won and lost something, and never met itself
    """
    met = wins + wins.T
    strengths = np.ones(len(wins))
    for _ in range(ITERATIONS):
        strengths = wins.sum(1) / (met / (strengths[:, None] + strengths)).sum(1)
        strengths /= np.exp(np.log(strengths).mean())
    scores: Floats = np.log(strengths)
    return scores


def tilted(base: Floats, scores: Floats, beta: float) -> _Tilted:
    """The chances with the largest average score that the leash allows."""
    # Lowered by the best, no exponential overflows.
    high = scores.max()
    weights = base * np.exp((scores - high) / beta)  # (answers,)
    chances = weights / weights.sum()
    said = chances > 0  # an underflow to 0 adds nothing to KL
    return _Tilted(
        chances=chances,
        kl=abs(float((chances[said] * np.log(chances[said] / base[said])).sum())),  # not -0
        scored=float(chances @ scores),
        best=float(high + beta * math.log(weights.sum())),
    )


def _second_order(params: Params, result: Result) -> float:
    """Bound of what the first term in 1/β leaves out of the move, in percent.

    With x = (r - mean)/β and X its largest size, a chance is p₀ exp(x)/E[exp(x)]. The remainder of
    exp(x) after 1 + x is at most X²/2·exp(X), that of its mean after 1 too, so p - p₀(1 + x) is at
    most p₀ X² exp(2X), and what moves is half the sum of such differences.
    """
    scores = np.array(result.scores)
    scores[params.fooled_by - 1] += params.bonus
    x = float(np.abs(scores - np.array(result.base) @ scores).max()) / TIGHTEST
    return round(50 * x * x * math.exp(2 * x) + 1e-5, 6)


def _before(result: Result) -> float:
    return float(np.array(result.base) @ np.array(result.scores))


def _is_example(params: Params) -> bool:
    return params.answers == list(ANSWERS)


def _letter(answer: int) -> str:
    return "ABCDEF"[answer]


def _signed(score: float) -> str:
    return f"{score:+.2f}".replace("-", "−")
