"""FSRS' parameters fitted to one learner's own reviews, with the package `fsrs-rs-python`.

It is optional: the dependency group `optimizer`. 13,000 reviews take it 0.02 s.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from importlib.util import find_spec
from itertools import pairwise
from typing import NamedTuple

import fsrs
from django.db import transaction

from lessons.study.models import Learner, Memory
from lessons.study.scheduling import DEFAULT_PARAMETERS, Memo, Plan, Rating, reviewed

LEAST_REVIEWS = 512
"""With fewer, the defaults, which were fitted to many people, know more than the learner's log."""

History = list[tuple[date, int]]
"""Of one card: each day on which it was answered, and the day's first rating from 1 to 4."""


class Fit(NamedTuple):
    """Parameters before and after, and how far each is off the learner's answers: less is better."""

    before: tuple[float, ...]
    after: tuple[float, ...]
    log_loss_before: float
    log_loss_after: float
    reviews_count: int

    @property
    def is_better(self) -> bool:
        return self.log_loss_after < self.log_loss_before

    @property
    def pairs(self) -> list[tuple[float, float]]:
        """Each parameter before and after."""
        return list(zip(self.before, self.after, strict=True))


class NotFitted(Exception):
    """These reviews say too little, or something that FSRS refuses."""


def is_installed() -> bool:
    return find_spec("fsrs_rs_python") is not None


def histories(learner: Learner) -> list[History]:
    """The learner's log, card by card. What follows on the same day says little about forgetting."""
    found: dict[int, History] = defaultdict(list)
    log = learner.reviews.order_by("memory", "reviewed_at", "pk")
    for memory, day, rating in log.values_list("memory", "day", "rating"):
        history = found[memory]
        # Who travels west may have a day twice.
        if not history or day > history[-1][0]:
            history.append((day, rating))
    return list(found.values())


def reviews_in(found: Iterable[History]) -> int:
    """How many reviews count."""
    return sum(map(len, found))


def fitted(found: list[History], before: tuple[float, ...]) -> Fit:
    """New parameters for those reviews; the same reviews always give the same ones.

    Raises NotFitted.
    """
    from fsrs_rs_python import FSRS, FSRSItem, FSRSReview

    # Each review after a card's first is something to foretell from those before it.
    items = [
        FSRSItem(reviews[: end + 1])
        for history in found
        for reviews in [[FSRSReview(*one) for one in _with_gaps(history)]]
        for end in range(1, len(reviews))
    ]
    try:
        # Four digits are what FSRS publishes its own with, and the model's 32 bits would stray past
        # the bounds with more.
        after = tuple(round(p, 4) for p in FSRS(before).compute_parameters(items))
        losses = [FSRS(parameters).evaluate(items).log_loss for parameters in (before, after)]
    except ValueError as error:
        raise NotFitted from error
    if not are_allowed(after):
        raise NotFitted
    return Fit(before, after, losses[0], losses[1], reviews_in(found))


def take(learner: Learner, parameters: tuple[float, ...]) -> None:
    """From now on these count; those before are kept, so that taking them again goes back.

    What each card's stability and difficulty are is found anew from its log; its date stays.
    """
    memos = _remembered(learner, learner.plan._replace(parameters=parameters))
    with transaction.atomic():
        learner.previous_parameters = list(learner.plan.parameters)
        learner.parameters = None if parameters == DEFAULT_PARAMETERS else list(parameters)
        learner.save(update_fields=["parameters", "previous_parameters"])
        changed = []
        for memory in learner.memories.select_for_update():
            memo = memos.get(memory.pk)
            # Not where it was reviewed meanwhile.
            if memo and memory.last_review == memo.last_review:
                memory.stability, memory.difficulty = memo.stability, memo.difficulty
                changed.append(memory)
        Memory.objects.bulk_update(changed, ["stability", "difficulty"], batch_size=400)


def are_allowed(parameters: tuple[float, ...]) -> bool:
    """Are they within FSRS' bounds?"""
    try:
        fsrs.Scheduler(parameters)
    except ValueError:
        return False
    return True


def _with_gaps(history: History) -> list[tuple[int, int]]:
    """Each rating, and how many days after the one before it was given."""
    first = [(history[0][1], 0)]
    return first + [
        (rating, (day - earlier).days) for (earlier, _), (day, rating) in pairwise(history)
    ]


def _remembered(learner: Learner, plan: Plan) -> dict[int, Memo]:
    """Each memory (its row's number) as that plan sees its log."""
    memos: dict[int, Memo] = {}
    for pk, rating, at in learner.reviews.values_list("memory", "rating", "reviewed_at"):
        memos[pk] = reviewed(memos.get(pk), Rating(rating), at, plan)
    return memos
