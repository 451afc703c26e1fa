"""How memory fades and when cards fall due, over many cards at once. Pure numpy; `scheduling.recall` is
the same formula for one card.

Source: https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def recalls(elapsed_d: Floats, stabilities: Floats, parameters: tuple[float, ...]) -> Floats:
    """The chance that each card is still known, that many days and parts of days after its review.

    elapsed_d    broadcasts with `stabilities`, both in days; before the review counts as at it
    """
    decay, factor = _shape(parameters)
    result: Floats = (1 + factor * np.maximum(elapsed_d, 0) / stabilities) ** decay
    return result


def mean_recall(
    elapsed_d: Floats, stabilities: Floats, ahead_d: Floats, parameters: tuple[float, ...]
) -> Floats:
    """The share of all cards that is still known, that far ahead, if none is reviewed.

    elapsed_d, stabilities  (cards,)
    ahead_d                 (times,)
    returns                 (times,)
    """
    later = elapsed_d[:, np.newaxis] + ahead_d  # (cards, times)
    result: Floats = recalls(later, stabilities[:, np.newaxis], parameters).mean(axis=0)
    return result


def due_on_each_day(due: Floats, is_buried: Bools, day_begins: Floats) -> Ints:
    """How many cards fall due on each day; what is overdue waits on the first.

    due         (cards,)      as seconds since 1970
    is_buried   (cards,)      doesn't come on the first day any more
    day_begins  (days + 1,)   the same: where each day begins and the last one ends
    returns     (days,)
    """
    days = len(day_begins) - 1
    day = np.searchsorted(day_begins[1:], due, side="right")  # (cards,)
    day = np.maximum(day, is_buried)
    return np.bincount(day[day < days], minlength=days)


def across_reviews(
    reviewed_d: Floats, stabilities: Floats, until_d: float, parameters: tuple[float, ...]
) -> tuple[Floats, Floats]:
    """One card's curve: certain at each review, and falling until the next.

    reviewed_d   (reviews,)  when, in days; rising
    stabilities  (reviews,)  after each
    returns      (points,), (points,)  days, and the chance to know it
    """
    # Denser after a review, where the curve is steep.
    share = np.linspace(0, 1, max(5, 400 // len(reviewed_d))) ** 2
    spans = np.diff(reviewed_d, append=until_d)  # (reviews,)
    elapsed = spans[:, np.newaxis] * share  # (reviews, points of each)
    chance = recalls(elapsed, stabilities[:, np.newaxis], parameters)
    return (reviewed_d[:, np.newaxis] + elapsed).ravel(), chance.ravel()


def times_as_many_reviews(
    desired_retention: float, compared_with: float, parameters: tuple[float, ...]
) -> float:
    """How many times as many reviews the one costs as the other: what its intervals are shorter."""
    decay, factor = _shape(parameters)

    def interval(retention: float) -> float:
        """In units of a card's stability."""
        return float((retention ** (1 / decay) - 1) / factor)

    return interval(compared_with) / interval(desired_retention)


def _shape(parameters: tuple[float, ...]) -> tuple[float, float]:
    """The exponent, and the factor that makes the curve 0.9 after as many days as the stability."""
    decay = -parameters[20]
    return decay, 0.9 ** (1 / decay) - 1
