"""When a card comes back: FSRS-6, as the `fsrs` package computes it. Pure: no database, no clock.

Source: https://github.com/open-spaced-repetition/py-fsrs, and for the forgetting curve
https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm.
"""

import random
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import fsrs
from fsrs import Rating, State
from fsrs.scheduler import DEFAULT_PARAMETERS

__all__ = [
    "DEFAULT_PARAMETERS",
    "Memo",
    "Plan",
    "Rating",
    "State",
    "intervals",
    "recall",
    "reviewed",
]

LONGEST_D = 36_500
FUZZ = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, float("inf"), 0.05))
"""From which days to which, and by which share of those an interval may be off: Anki's."""


class Memo(NamedTuple):
    """What FSRS knows of a card. Stability in days, difficulty from 1 to 10, instants in UTC."""

    state: State
    step: int | None
    stability: float
    difficulty: float
    due: datetime
    last_review: datetime


class Plan(NamedTuple):
    """How a learner wants cards scheduled."""

    desired_retention: float = 0.9
    learning_steps_min: tuple[float, ...] = (1, 10)
    relearning_steps_min: tuple[float, ...] = (10,)
    parameters: tuple[float, ...] = DEFAULT_PARAMETERS

    @property
    def without_steps(self) -> "Plan":
        """For answers that aren't followed by another look on the same day."""
        return self._replace(learning_steps_min=(), relearning_steps_min=())


def reviewed(
    memo: Memo | None, rating: Rating, at: datetime, plan: Plan, seed: str | None = None
) -> Memo:
    """The card after this review; `memo` None is a new one.

    seed  for the days by which long intervals are spread, so that cards learnt together don't
          return together; the same seed spreads alike, so a button can say what it will do.
          None spreads nothing.
    """
    at = at.astimezone(UTC)
    after, _ = _scheduler(plan).review_card(_card(memo, at), rating, at)
    assert after.stability is not None
    assert after.difficulty is not None
    due = after.due
    if seed is not None and after.state == State.Review:
        due = at + timedelta(days=_spread((due - at).days, seed))
    return Memo(after.state, after.step, after.stability, after.difficulty, due, at)


def intervals(
    memo: Memo | None, at: datetime, plan: Plan, seed: str | None = None
) -> dict[Rating, timedelta]:
    """For each rating, after how long the card would come back."""
    return {rating: reviewed(memo, rating, at, plan, seed).due - at for rating in Rating}


def recall(memo: Memo, at: datetime, parameters: tuple[float, ...] = DEFAULT_PARAMETERS) -> float:
    """The chance that the card is still known: R = (1 + F t / S)^(-w20), t in days and parts of days.

    F makes R = 0.9 at t = S. The package counts whole days only, which would draw stairs.
    """
    decay = -parameters[20]
    factor = 0.9 ** (1 / decay) - 1
    days = max(0.0, (at - memo.last_review) / timedelta(days=1))
    return float((1 + factor * days / memo.stability) ** decay)


def _scheduler(plan: Plan) -> fsrs.Scheduler:
    return fsrs.Scheduler(
        parameters=plan.parameters,
        desired_retention=plan.desired_retention,
        learning_steps=[timedelta(minutes=m) for m in plan.learning_steps_min],
        relearning_steps=[timedelta(minutes=m) for m in plan.relearning_steps_min],
        maximum_interval=LONGEST_D,
        enable_fuzzing=False,  # the package's uses the global random and can leave its own range
    )


def _card(memo: Memo | None, at: datetime) -> fsrs.Card:
    # Without an id the package sleeps a millisecond to find one.
    if memo is None:
        return fsrs.Card(card_id=0, due=at)
    return fsrs.Card(
        card_id=0,
        state=memo.state,
        step=memo.step,
        stability=memo.stability,
        difficulty=memo.difficulty,
        due=memo.due,
        last_review=memo.last_review,
    )


def _spread(days: int, seed: str) -> int:
    if days < FUZZ[0][0]:
        return days
    delta = 1 + sum(share * max(0.0, min(days, to) - low) for low, to, share in FUZZ)
    low, high = max(2, round(days - delta)), min(LONGEST_D, round(days + delta))
    return random.Random(seed).randint(min(low, days), max(high, days))
