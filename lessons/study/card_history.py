"""One card's log, and its forgetting curve across its own reviews."""

from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from lessons.study import charts
from lessons.study.forgetting import across_reviews, recalls
from lessons.study.models import Learner, Memory, Review

AHEAD = timedelta(days=14)
"""Drawn at least, and beyond the day on which the card is due."""


class Past(NamedTuple):
    """A review, and how likely the card was known just before it; None before the first."""

    review: Review
    recall_percent: int | None


def card_log(learner: Learner, reviews: list[Review]) -> list[Past]:
    parameters = learner.plan.parameters
    log = []
    for review in reviews:
        percent = None
        if review.before:
            elapsed = review.reviewed_at - datetime.fromisoformat(review.before["last_review"])
            chance = recalls(
                np.array(elapsed / timedelta(days=1)),
                np.array(review.before["stability"]),
                parameters,
            )
            percent = round(100 * float(chance))
        log.append(Past(review, percent))
    return log


def card_plot(
    learner: Learner, memory: Memory, reviews: list[Review], now: datetime
) -> charts.Plot:
    """Through those reviews whose outcome is known: what undoing the next one would bring back."""
    after = {
        datetime.fromisoformat(review.before["last_review"]): review.before["stability"]
        for review in reviews
        if review.before
    }
    after[memory.last_review] = memory.stability
    times, day = sorted(after), timedelta(days=1)
    begins = times[0]
    reviewed_d = np.array([(at - begins) / day for at in times])
    stabilities = np.array([after[at] for at in times])
    now_d, until_d = (now - begins) / day, (max(now, memory.due) + AHEAD - begins) / day
    parameters = learner.plan.parameters
    ahead_d = np.linspace(now_d, until_d, 60)
    return charts.one_card(
        across_reviews(reviewed_d, stabilities, now_d, parameters),
        (ahead_d, recalls(ahead_d - reviewed_d[-1], stabilities[-1], parameters)),
        begins,
        memory.due,
        learner.desired_retention,
    )
