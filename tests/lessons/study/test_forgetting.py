from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from lessons.study.forgetting import (
    across_reviews,
    due_on_each_day,
    mean_recall,
    recalls,
    times_as_many_reviews,
)
from lessons.study.models import Learner
from lessons.study.scheduling import DEFAULT_PARAMETERS, Memo, State, recall

NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OTHER_PARAMETERS = (*DEFAULT_PARAMETERS[:20], 0.5)
STABILITIES = np.array([0.2, 3.0, 400.0])


def memo(stability: float, last_review: datetime = NOON) -> Memo:
    return Memo(State.Review, None, stability, 5.0, last_review, last_review)


@pytest.mark.parametrize("parameters", [DEFAULT_PARAMETERS, OTHER_PARAMETERS])
def test_many_cards_fade_as_each_one_does(parameters: tuple[float, ...]) -> None:
    elapsed_d = np.array([-1.0, 0.0, 0.7, 90.0])

    together = recalls(elapsed_d, STABILITIES[:, np.newaxis], parameters)

    alone = [[recall(memo(s), NOON + d * DAY, parameters) for d in elapsed_d] for s in STABILITIES]
    assert together == pytest.approx(np.array(alone))
    assert together[:, 0].tolist() == [1, 1, 1]


def test_the_mean_is_over_all_cards_at_each_time() -> None:
    elapsed_d = np.array([0.0, 1.5, 30.0])

    means = mean_recall(elapsed_d, STABILITIES, np.array([0.0, 10.0]), DEFAULT_PARAMETERS)

    cards = [memo(s, NOON - d * DAY) for s, d in zip(STABILITIES.tolist(), elapsed_d, strict=True)]
    assert means.tolist() == pytest.approx(
        [sum(recall(card, NOON + ahead * DAY) for card in cards) / 3 for ahead in (0, 10)]
    )


def test_cards_fall_due_on_the_learners_days() -> None:
    """The clocks of Berlin go forward in the second of these nights."""
    learner = Learner(zone="Europe/Berlin")
    begins = [learner.day_begins(date(2026, 3, 27) + n * DAY) for n in range(4)]
    second = timedelta(seconds=1)
    due = {
        begins[0] - 90 * DAY: 0,
        begins[1] - second: 0,
        begins[1]: 1,
        begins[2] - second: 1,
        begins[2]: 2,
        begins[3] - second: 2,
        begins[3]: None,
    }

    def on_each_day(*at: datetime, is_buried: bool = False) -> list[int]:
        cards = due_on_each_day(
            np.array([a.timestamp() for a in at]),
            np.array([is_buried] * len(at), dtype=bool),
            np.array([b.timestamp() for b in begins]),
        )
        return list(cards)

    assert begins[2] - begins[1] == timedelta(hours=23)
    assert begins[2].hour == 2
    for at, day in due.items():
        assert on_each_day(at) == [int(day == n) for n in range(3)]
    assert on_each_day(*due) == [2, 2, 2]
    assert on_each_day(*due, is_buried=True) == [0, 4, 2]
    assert on_each_day() == [0, 0, 0]


def test_what_a_higher_retention_costs() -> None:
    for wanted in (0.7, 0.85, 0.97):
        times = times_as_many_reviews(wanted, 0.9, OTHER_PARAMETERS)
        # By definition a card is at 90 % after as many days as its stability.
        assert recall(memo(8.0), NOON + 8 / times * DAY, OTHER_PARAMETERS) == pytest.approx(wanted)
    assert times_as_many_reviews(0.9, 0.9, DEFAULT_PARAMETERS) == 1


def test_a_cards_curve_jumps_at_each_review() -> None:
    reviewed_d, stabilities = np.array([0.0, 2.0, 2.0, 9.0]), np.array([2.0, 0.5, 6.0, 20.0])

    days, chance = across_reviews(reviewed_d, stabilities, 12.0, DEFAULT_PARAMETERS)

    assert (np.diff(days) >= 0).all()
    assert [days[0], days[-1]] == [0, 12]
    tops = np.flatnonzero(chance == 1)
    assert set(days[tops]) == {0, 2, 9}
    before = [chance[days == 2].min(), chance[days == 9].min(), chance[-1]]
    assert before == pytest.approx(
        [recall(memo(s), NOON + d * DAY) for s, d in ((2.0, 2), (6.0, 7), (20.0, 3))]
    )
