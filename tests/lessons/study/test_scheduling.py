"""FSRS through our own functions, against numbers that others published."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.study.scheduling import (
    FUZZ,
    LONGEST_D,
    Memo,
    Plan,
    Rating,
    State,
    intervals,
    recall,
    reviewed,
)

AGAIN, HARD, GOOD, EASY = Rating
NOON = datetime(2022, 11, 29, 12, 30, tzinfo=UTC)
PLAN = Plan()


def after(*ratings: Rating, plan: Plan = PLAN) -> Memo:
    """A card rated so, each time when it was due."""
    memo = None
    for rating in ratings:
        memo = reviewed(memo, rating, memo.due if memo else NOON, plan)
    assert memo
    return memo


def minutes(memo: Memo) -> float:
    return (memo.due - memo.last_review) / timedelta(minutes=1)


def test_intervals_are_those_of_ts_fsrs() -> None:
    """ts-fsrs, packages/fsrs/__tests__/FSRS-6.test.ts, `ivl_history`."""
    ratings = [GOOD] * 6 + [AGAIN] * 2 + [GOOD] * 5
    days = [
        (memo := after(*ratings[:n])).due - memo.last_review for n in range(1, len(ratings) + 1)
    ]

    assert [d.days for d in days] == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


def test_memory_is_that_of_fsrs_rs() -> None:
    """fsrs-rs, src/inference.rs, `test_memo_state`; ts-fsrs repeats it, short term and long term."""
    found = []
    for plan in (PLAN, PLAN.without_steps):
        memo, at = None, NOON
        for rating, days in zip([AGAIN] + [GOOD] * 5, [0, 0, 1, 3, 8, 21], strict=True):
            at += timedelta(days=days)
            memo = reviewed(memo, rating, at, plan)
        assert memo
        found.append((round(memo.stability, 4), round(memo.difficulty, 4)))

    assert found == [(53.6269, 6.3575), (53.6269, 6.3575)]


def test_first_ratings_are_those_of_ts_fsrs() -> None:
    """ts-fsrs, FSRS-6.test.ts, `first repeat`."""
    first = [after(rating) for rating in Rating]

    assert [memo.stability for memo in first] == [0.212, 1.2931, 2.3065, 8.2956]
    assert [round(memo.difficulty, 8) for memo in first] == [6.4133, 5.11217071, 2.11810397, 1]
    assert [(memo.due - NOON).days for memo in first] == [0, 0, 0, 8]
    assert [memo.state.name for memo in first] == ["Learning"] * 3 + ["Review"]


def test_easy_again_and_again_is_as_easy_as_can_be() -> None:
    """py-fsrs, tests/test_basic.py, `test_repeated_correct_reviews`."""
    assert after(*[EASY] * 10).difficulty == 1.0


@pytest.mark.parametrize(
    ("ratings", "steps", "expected"),
    [
        ([AGAIN], (1, 10), (State.Learning, 0, 1)),
        ([HARD], (1, 10), (State.Learning, 0, 5.5)),  # between the first two steps
        ([HARD], (10,), (State.Learning, 0, 15)),  # half as much again of the only one
        ([GOOD], (1, 10), (State.Learning, 1, 10)),
        ([GOOD, HARD], (1, 10), (State.Learning, 1, 10)),
        ([GOOD, AGAIN], (1, 10), (State.Learning, 0, 1)),
        ([GOOD, GOOD], (1, 10), (State.Review, None, 2 * 24 * 60)),
        ([EASY], (1, 10), (State.Review, None, 8 * 24 * 60)),
        ([GOOD], (), (State.Review, None, 2 * 24 * 60)),
        ([AGAIN], (), (State.Review, None, 24 * 60)),
    ],
)
def test_steps_of_learning(
    ratings: list[Rating], steps: tuple[float, ...], expected: tuple[State, int | None, float]
) -> None:
    memo = after(*ratings, plan=Plan(learning_steps_min=steps))

    assert (memo.state, memo.step, minutes(memo)) == expected


def test_what_was_forgotten_is_learnt_anew() -> None:
    learnt = (GOOD, GOOD, GOOD)

    forgotten, again, known = (
        after(*learnt, *more) for more in ([AGAIN], [AGAIN, AGAIN], [AGAIN, GOOD])
    )

    assert (forgotten.state, forgotten.step, minutes(forgotten)) == (State.Relearning, 0, 10)
    assert (again.state, again.step, minutes(again)) == (State.Relearning, 0, 10)
    assert (known.state, known.step) == (State.Review, None)


def test_what_should_be_known_better_comes_sooner() -> None:
    days = [
        (memo := after(GOOD, GOOD, GOOD, plan=Plan(desired_retention=r))).due - memo.last_review
        for r in (0.97, 0.9, 0.8)
    ]

    assert days == sorted(days)
    assert days[0] < days[1] < days[2]


def test_a_card_is_known_as_often_as_promised_when_its_stability_is_over() -> None:
    memo = after(GOOD, GOOD, GOOD)
    at = memo.last_review + timedelta(days=memo.stability)

    assert round(recall(memo, at), 12) == 0.9
    assert recall(memo, memo.last_review) == 1
    assert recall(memo, memo.last_review - timedelta(days=1)) == 1


def test_other_zones_are_the_same_instants() -> None:
    """Whose clock says it makes no difference, on days of 23 and 25 hours either."""
    from zoneinfo import ZoneInfo

    for at in (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)):
        told = {
            reviewed(None, EASY, at.astimezone(ZoneInfo(zone)), PLAN)
            for zone in ("UTC", "Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago")
        }
        assert told == {reviewed(None, EASY, at, PLAN)}


histories = st.lists(st.sampled_from(list(Rating)), min_size=1, max_size=12)


@given(histories, st.text(max_size=8), st.integers(0, 400))
def test_a_button_says_what_it_will_do(ratings: list[Rating], seed: str, late_d: int) -> None:
    memo = after(*ratings)
    at = memo.due + timedelta(days=late_d)

    told = intervals(memo, at, PLAN, seed)

    assert told == {rating: reviewed(memo, rating, at, PLAN, seed).due - at for rating in Rating}


@given(histories, st.text(max_size=8))
def test_spread_intervals_stay_within_ankis_bounds(ratings: list[Rating], seed: str) -> None:
    memo = after(*ratings)
    exact = reviewed(memo, GOOD, memo.due, PLAN)
    spread = reviewed(memo, GOOD, memo.due, PLAN, seed)

    days, spread_days = ((m.due - m.last_review) / timedelta(days=1) for m in (exact, spread))
    may_be_off = 1 + sum(share * max(0.0, min(days, to) - low) for low, to, share in FUZZ)
    assert spread[:4] == exact[:4]
    assert spread_days <= LONGEST_D
    if exact.state != State.Review or days < 2.5:
        assert spread_days == days
    else:
        assert abs(spread_days - days) <= may_be_off + 0.5
        assert spread_days >= 2


def test_cards_learnt_together_come_apart() -> None:
    memo = after(GOOD, GOOD, GOOD, GOOD)

    dues = {reviewed(memo, GOOD, memo.due, PLAN, str(n)).due for n in range(200)}

    # 163 days, by Anki's ranges 10 more or less.
    assert 15 <= len(dues) <= 21
