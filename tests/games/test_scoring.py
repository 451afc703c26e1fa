"""Points and places, held against hand-worked examples, exact fractions and a slow second opinion."""

from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games import scoring
from games.rules import Given, RoomSettings
from games.scoring import (
    EXTRAS,
    Line,
    Preset,
    TeamPlace,
    places,
    points_for_answers,
    ranks,
    streak_bonus,
    team_places,
)
from lessons.questions import (
    FULL_CREDIT,
    ChoiceAnswer,
    ChoicesAnswer,
    NumberAnswer,
    NumberGuess,
    Poll,
    Question,
    SeveralRight,
    TrueFalse,
)

LIMIT_MS = 30_000
PRESETS: tuple[Preset, ...] = ("standard", "linear", "accuracy", "accuracy_first", "graceful")
STANDARD = RoomSettings()
STREAKS = RoomSettings(streak_bonus=True)


def asked(points: int = 1000, limit_ms: int = LIMIT_MS) -> TrueFalse:
    return TrueFalse.model_validate(
        {"prompt": "Is it?", "right": True, "points": points, "limit_ms": limit_ms}
    )


def score_round(
    question: Question,
    settings: RoomSettings,
    players: list[str],
    given: Mapping[str, Given],
    before: Mapping[str, Line],
) -> dict[str, Line]:
    """With the question's own limit, in a quiz of ten."""
    limit_ms = question.limit_ms or 0
    return scoring.score_round(question, settings, players, given, before, limit_ms, 10)


def right(elapsed_ms: int) -> Given:
    return Given(answer=ChoiceAnswer(choice=0), elapsed_ms=elapsed_ms)


def wrong(elapsed_ms: int) -> Given:
    return Given(answer=ChoiceAnswer(choice=1), elapsed_ms=elapsed_ms)


def earned(elapsed_ms: int, points: int = 1000, preset: Preset = "standard") -> int:
    hit, times = np.array([FULL_CREDIT]), np.array([elapsed_ms])
    return int(points_for_answers(hit, times, LIMIT_MS, points, preset)[0])


# One answer


@pytest.mark.parametrize(
    ("elapsed_ms", "points"),
    [
        (0, 1000),
        (499, 1000),
        (500, 992),
        (2_000, 967),
        (15_000, 750),
        (LIMIT_MS, 500),
        (LIMIT_MS + 1, 500),
        (10 * LIMIT_MS, 500),
    ],
)
def test_standard_falls_from_full_marks_to_half_at_the_bell(elapsed_ms: int, points: int) -> None:
    assert earned(elapsed_ms) == points


def test_double_points_are_double_and_none_are_none() -> None:
    assert [earned(2_000, points) for points in (0, 1000, 2000)] == [0, 967, 1933]


@pytest.mark.parametrize("elapsed_ms", [0, 2_000, LIMIT_MS])
def test_accuracy_is_blind_to_time(elapsed_ms: int) -> None:
    assert earned(elapsed_ms, preset="accuracy") == 1000


def test_a_wrong_answer_earns_nothing_however_fast() -> None:
    nobody, times = np.array([0, 0]), np.array([0, 2_000])

    for preset in PRESETS:
        assert points_for_answers(nobody, times, LIMIT_MS, 1000, preset).tolist() == [0, 0]


def test_a_half_is_rounded_up() -> None:
    # 1000 * (1 - 1015 / 14000) = 927.5, where rounding half to even would give 928 too...
    assert fraction_of_points(1_015, 7_000, 1000) == Fraction(1855, 2)
    assert one(1_015, 7_000, 1000) == 928
    # ... and 1000 * (1 - 1001 / 14000) = 928.5, where it would give 928.
    assert fraction_of_points(1_001, 7_000, 1000) == Fraction(1857, 2)
    assert one(1_001, 7_000, 1000) == 929


@given(
    elapsed_ms=st.integers(0, 300_000),
    limit_ms=st.integers(5_000, 240_000),
    points=st.sampled_from([0, 1000, 2000]),
)
def test_points_are_the_exact_fraction_rounded_half_up(
    elapsed_ms: int, limit_ms: int, points: int
) -> None:
    exact = fraction_of_points(elapsed_ms, limit_ms, points)

    assert one(elapsed_ms, limit_ms, points) == floor(exact + Fraction(1, 2))


def fraction_of_points(elapsed_ms: int, limit_ms: int, points: int) -> Fraction:
    if elapsed_ms < 500:
        return Fraction(points)
    return points * (1 - Fraction(min(elapsed_ms, limit_ms), limit_ms) / 2)


def one(elapsed_ms: int, limit_ms: int, points: int) -> int:
    hit, times = np.array([FULL_CREDIT]), np.array([elapsed_ms])
    return int(points_for_answers(hit, times, limit_ms, points, "standard")[0])


@pytest.mark.parametrize(
    ("preset", "elapsed_ms", "points"),
    [
        ("linear", 0, 1000),
        ("linear", 3_000, 900),
        ("linear", LIMIT_MS, 0),
        ("linear", LIMIT_MS + 1, 0),
        ("graceful", 0, 1000),
        ("graceful", 2_000, 1000),
        ("graceful", 16_000, 525),
        ("graceful", LIMIT_MS, 50),
        ("graceful", LIMIT_MS + 1, 50),
        ("accuracy_first", LIMIT_MS, 1000),
    ],
)
def test_each_preset_falls_in_its_own_way(preset: Preset, elapsed_ms: int, points: int) -> None:
    assert earned(elapsed_ms, preset=preset) == points


@pytest.mark.parametrize("preset", PRESETS)
def test_without_a_limit_time_does_not_count(preset: Preset) -> None:
    hit = np.array([FULL_CREDIT, FULL_CREDIT // 2, 0])

    assert points_for_answers(hit, hit * 0 + 99_999, 0, 1000, preset).tolist() == [1000, 500, 0]


@given(
    preset=st.sampled_from(PRESETS),
    part=st.integers(0, FULL_CREDIT),
    elapsed_ms=st.integers(0, 300_000),
    limit_ms=st.integers(5_000, 240_000),
    points=st.sampled_from([0, 1000, 2000]),
)
def test_every_preset_is_its_exact_fraction_rounded_half_up(
    preset: Preset, part: int, elapsed_ms: int, limit_ms: int, points: int
) -> None:
    t = min(elapsed_ms, limit_ms)
    marks = {
        "standard": Fraction(1) if t < 500 else 1 - Fraction(t, limit_ms) / 2,
        "linear": 1 - Fraction(t, limit_ms),
        "accuracy": Fraction(1),
        "accuracy_first": Fraction(1),
        "graceful": 1 - Fraction(19, 20) * Fraction(max(0, t - 2_000), limit_ms - 2_000),
    }[preset]
    exact = points * marks * Fraction(part, FULL_CREDIT)

    found = points_for_answers(np.array([part]), np.array([elapsed_ms]), limit_ms, points, preset)
    assert found.tolist() == [floor(exact + Fraction(1, 2))]


# Parts of a right answer

FRUIT = SeveralRight(
    prompt="Which are fruit?",
    options=("fig", "plum", "pear", "brick"),
    right=(0, 1, 2),
    per_option=True,
)


@pytest.mark.parametrize(
    ("chosen", "points"),
    [
        ((0, 1, 2), 1000),
        ((0, 1), 667),
        ((0,), 333),
        ((0, 1, 3), 333),
        ((0, 3), 0),
        ((3,), 0),
        ((0, 1, 2, 3), 667),
    ],
)
def test_each_right_option_earns_its_part_and_each_wrong_one_takes_one(
    chosen: tuple[int, ...], points: int
) -> None:
    answer = Given(answer=ChoicesAnswer(choices=chosen), elapsed_ms=0)
    line = score_round(FRUIT, STANDARD, ["ada"], {"ada": answer}, {})["ada"]

    assert (line.points, line.is_right) == (points, points == 1000)


@pytest.mark.parametrize(
    ("number", "points"),
    [(90, 1000), (95, 1000), (85, 1000), (95.001, 1000), (100, 667), (110, 0), (60, 0), (180, 0)],
)
def test_a_close_guess_earns_its_part(number: float, points: int) -> None:
    asked = NumberGuess(
        prompt="How many degrees?", right=90, tolerance=5, low=0, high=180, zero_at=20
    )
    answer = Given(answer=NumberAnswer(number=number), elapsed_ms=0)
    line = score_round(asked, STANDARD, ["ada"], {"ada": answer}, {})["ada"]

    assert (line.points, line.is_right) == (points, abs(number - 90) <= 5)


def test_a_poll_earns_nothing_and_ends_no_streak() -> None:
    poll = Poll(prompt="Which?", options=("a", "b"))

    line = score_round(poll, STREAKS, ["ada"], {"ada": right(0)}, {"ada": Line(streak=3, total=9)})

    assert (line["ada"].points, line["ada"].streak, line["ada"].is_right) == (0, 3, False)
    assert line["ada"].answered


# Accuracy first


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, LIMIT_MS)), min_size=1, max_size=40),
    st.data(),
)
def test_with_accuracy_first_another_right_answer_always_wins(
    played: list[tuple[bool, int]], data: st.DataObject
) -> None:
    chosen = RoomSettings(scoring="accuracy_first")
    fewer = [hit and data.draw(st.booleans()) for hit, _ in played]
    lines: dict[str, Line] = {}
    for (hit, elapsed_ms), is_also in zip(played, fewer, strict=True):
        # Ada is right more often, and as slow as can be; Ben is as fast as can be.
        given = {
            "ada": right(elapsed_ms if hit else LIMIT_MS) if hit else wrong(0),
            "ben": right(0) if is_also else wrong(0),
        }
        lines = scoring.score_round(
            asked(), chosen, ["ada", "ben"], given, lines, LIMIT_MS, len(played)
        )
    extras = [line.total - 1000 * line.right for line in lines.values()]

    assert all(0 <= extra <= EXTRAS for extra in extras)
    if lines["ada"].right > lines["ben"].right:
        assert lines["ada"].total > lines["ben"].total


# Streaks


def test_the_streak_bonus_grows_to_five_hundred() -> None:
    streaks = np.arange(1, 9)

    assert streak_bonus(np.ones(8, bool), streaks).tolist() == [
        0, 100, 200, 300, 400, 500, 500, 500,
    ]  # fmt: skip


def test_a_miss_ends_the_streak_and_a_new_one_begins_without_bonus() -> None:
    lines: dict[str, Line] = {}
    bonuses, streaks = [], []
    for answer in (right(0), right(0), right(0), wrong(0), right(0), None, right(0), right(0)):
        lines = score_round(asked(), STREAKS, ["ada"], {"ada": answer} if answer else {}, lines)
        bonuses.append(lines["ada"].bonus)
        streaks.append(lines["ada"].streak)

    assert bonuses == [0, 100, 200, 0, 0, 0, 0, 100]
    assert streaks == [1, 2, 3, 0, 1, 0, 1, 2]
    assert lines["ada"].total == 6 * 1000 + 400


def test_a_question_without_points_neither_breaks_nor_feeds_a_streak() -> None:
    lines = {"ada": Line(total=2100, streak=2), "ben": Line(total=2100, streak=2)}

    after = score_round(asked(points=0), STREAKS, ["ada", "ben"], {"ada": right(0)}, lines)

    assert [(after[p].total, after[p].streak, after[p].bonus) for p in ("ada", "ben")] == [
        (2100, 2, 0),
        (2100, 2, 0),
    ]


def test_without_the_setting_a_streak_is_counted_but_earns_nothing() -> None:
    after = score_round(asked(), STANDARD, ["ada"], {"ada": right(0)}, {"ada": Line(streak=4)})

    assert (after["ada"].streak, after["ada"].bonus, after["ada"].total) == (5, 0, 1000)


# A whole round


def test_a_line_tells_what_the_round_brought() -> None:
    before = {
        "ada": Line(total=900, streak=1, right=1, right_ms=3_000, rank=2),
        "ben": Line(total=950, streak=1, right=1, right_ms=1_500, rank=1),
    }
    given = {"ada": right(2_000), "ben": wrong(1_000)}

    assert score_round(asked(), STREAKS, ["ada", "ben", "cem"], given, before) == {
        "ada": Line(
            total=900 + 967 + 100,
            streak=2,
            right=2,
            right_ms=5_000,
            rank=1,
            rank_before=2,
            points=1067,
            bonus=100,
            answered=True,
            is_right=True,
            elapsed_ms=2_000,
            credit=FULL_CREDIT,
        ),
        "ben": Line(
            total=950,
            right=1,
            right_ms=1_500,
            rank=2,
            rank_before=1,
            answered=True,
            elapsed_ms=1_000,
        ),
        "cem": Line(rank=3),
    }


def test_a_newcomer_starts_at_nothing_without_a_place_before() -> None:
    before = {"ada": Line(total=1000, right=1, right_ms=400, rank=1)}

    after = score_round(asked(), STANDARD, ["ada", "ben"], {"ben": right(0)}, before)

    assert (after["ben"].total, after["ben"].rank, after["ben"].rank_before) == (1000, 1, None)
    assert (after["ada"].total, after["ada"].rank, after["ada"].rank_before) == (1000, 2, 1)


def test_an_empty_room_has_no_lines() -> None:
    assert score_round(asked(), STANDARD, [], {}, {}) == {}


def test_the_answer_of_somebody_who_left_counts_for_nobody() -> None:
    after = score_round(asked(), STANDARD, ["ada"], {"ben": right(0)}, {"ben": Line(total=5000)})

    assert after == {"ada": Line(rank=1)}


# Places


def places_of(*players: tuple[int, int, int]) -> list[int]:
    total, right_count, right_ms = np.array(players, np.int64).reshape(-1, 3).T
    return [int(place) for place in ranks(total, right_count, right_ms)]


def test_more_points_come_first() -> None:
    assert places_of((500, 1, 100), (900, 1, 9_000), (700, 1, 1)) == [3, 1, 2]


def test_ties_go_to_the_smaller_mean_time_over_right_answers() -> None:
    # 2 s in one answer beat 3 s on average in two: not the sum, the mean.
    assert places_of((2000, 2, 6_000), (2000, 1, 2_000), (2000, 2, 3_000)) == [3, 2, 1]


def test_equals_share_a_place_and_the_next_is_left_out() -> None:
    assert places_of((9, 1, 5), (7, 1, 5), (9, 2, 10), (7, 3, 15), (1, 0, 0)) == [1, 3, 1, 3, 5]


def test_a_class_without_points_shares_the_first_place() -> None:
    assert places_of((0, 0, 0), (0, 0, 0), (0, 0, 0)) == [1, 1, 1]


def test_nobody_has_no_place() -> None:
    assert places_of() == []
    assert places({}) == {}


def test_who_was_sent_away_leaves_no_gap() -> None:
    lines = {"ada": Line(total=700, rank=2), "ben": Line(total=100, rank=3), "cem": Line(total=700)}

    assert places(lines) == {"ada": 1, "ben": 3, "cem": 1}


# Teams


def test_a_team_has_the_mean_of_its_members_half_up() -> None:
    team_of = {"ada": "Red", "ben": "Red", "cem": "Blue", "dot": None, "eva": "Blue"}
    totals = {"ada": 100, "ben": 101, "cem": 100, "dot": 9_999}

    # Red 100.5; Blue 50: eva has no line yet.
    assert team_places(["Blue", "Red", "Green"], team_of, totals) == [
        TeamPlace("Red", 101, 2, 1),
        TeamPlace("Blue", 50, 2, 2),
        TeamPlace("Green", 0, 0, 3),
    ]


def test_equal_teams_share_a_place_in_the_order_of_their_names() -> None:
    team_of = {"ada": "Red", "ben": "Blue", "cem": "Green"}
    totals = {"ada": 700, "ben": 700, "cem": 100}

    assert team_places(["Green", "Blue", "Red"], team_of, totals) == [
        TeamPlace("Blue", 700, 1, 1),
        TeamPlace("Red", 700, 1, 1),
        TeamPlace("Green", 100, 1, 3),
    ]


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 10_000), min_size=1))
def test_the_mean_of_a_team_is_exact(totals: dict[str, int]) -> None:
    exact = Fraction(sum(totals.values()), len(totals))

    (team,) = team_places(["Red"], dict.fromkeys(totals, "Red"), totals)

    assert team.points == floor(exact + Fraction(1, 2))


@pytest.mark.parametrize(("how", "points"), [("mean", 101), ("sum", 201), ("best", 101)])
def test_a_team_has_what_the_room_counts(how: Any, points: int) -> None:
    team_of, totals = {"ada": "Red", "ben": "Red"}, {"ada": 100, "ben": 101}

    (team,) = team_places(["Red"], team_of, totals, how)
    assert team.points == points
    assert team_places(["Red"], {}, {}, how) == [TeamPlace("Red", 0, 0, 1)]


# A second opinion, one player at a time and in fractions


class SlowLine:
    """The same rules, told again without numpy."""

    def __init__(self) -> None:
        self.total = self.streak = self.right = self.right_ms = 0

    def mean_ms(self) -> Fraction:
        return Fraction(self.right_ms, self.right) if self.right else Fraction(0)

    def take(self, question: TrueFalse, chosen: RoomSettings, answer: Given | None) -> int:
        is_hit = answer is not None and answer.answer == ChoiceAnswer(choice=0)
        if answer is None or not is_hit:
            if question.points:
                self.streak = 0
            return 0
        earned = Fraction(question.points)
        if chosen.scoring == "standard" and answer.elapsed_ms >= 500:
            limit_ms = question.limit_ms or 0
            used = Fraction(min(answer.elapsed_ms, limit_ms), limit_ms)
            earned *= 1 - used / 2
        points = floor(earned + Fraction(1, 2))
        if question.points:
            self.streak += 1
            if chosen.streak_bonus:
                points += min(100 * (self.streak - 1), 500)
        self.total += points
        self.right += 1
        self.right_ms += answer.elapsed_ms
        return points


PLAYERS = ["ada", "ben", "cem", "dot"]
answers = st.dictionaries(
    st.sampled_from(PLAYERS),
    st.builds(
        Given,
        answer=st.builds(ChoiceAnswer, choice=st.integers(0, 1)),
        # Few different times, so that ties happen.
        elapsed_ms=st.sampled_from([0, 499, 500, 2_000, 5_000]) | st.integers(0, 31_000),
    ),
)
rounds = st.lists(
    st.tuples(
        st.builds(
            asked,
            points=st.sampled_from([0, 1000, 2000]),
            limit_ms=st.sampled_from([5_000, 7_000, 30_000]),
        ),
        answers,
    ),
    min_size=1,
    max_size=9,
)
chosen_settings = st.builds(
    RoomSettings, scoring=st.sampled_from(["standard", "accuracy"]), streak_bonus=st.booleans()
)


@given(game=rounds, chosen=chosen_settings)
def test_a_slow_second_opinion_agrees(
    game: list[tuple[TrueFalse, dict[str, Given]]], chosen: RoomSettings
) -> None:
    lines: Mapping[str, Line] = {}
    slow = {player: SlowLine() for player in PLAYERS}
    for question, given_answers in game:
        lines = score_round(question, chosen, PLAYERS, given_answers, lines)
        for player, line in lines.items():
            points = slow[player].take(question, chosen, given_answers.get(player))
            assert line.points == points
        for player, line in lines.items():
            own = slow[player]
            better = [
                other
                for other in slow.values()
                if (-other.total, other.mean_ms()) < (-own.total, own.mean_ms())
            ]
            assert (line.total, line.streak, line.right, line.right_ms, line.rank) == (
                own.total,
                own.streak,
                own.right,
                own.right_ms,
                1 + len(better),
            )


@given(game=rounds, chosen=chosen_settings)
def test_nobody_gains_without_a_right_answer_and_scoring_twice_is_scoring_once(
    game: list[tuple[TrueFalse, dict[str, Given]]], chosen: RoomSettings
) -> None:
    lines: Mapping[str, Line] = {}
    for question, given_answers in game:
        before = lines
        lines = score_round(question, chosen, PLAYERS, given_answers, before)
        assert score_round(question, chosen, PLAYERS, given_answers, before) == lines
        for player, line in lines.items():
            old = before.get(player, Line())
            answer = given_answers.get(player)
            is_hit = answer is not None and answer.answer == ChoiceAnswer(choice=0)
            assert line.is_right == is_hit
            assert line.total == old.total + line.points
            assert (line.points > 0) == (is_hit and question.points > 0)
            assert 0 <= line.bonus <= 500


@given(given_answers=answers)
def test_the_order_of_the_class_changes_no_line(given_answers: dict[str, Given]) -> None:
    forth = score_round(asked(), STREAKS, PLAYERS, given_answers, {})
    back = score_round(asked(), STREAKS, PLAYERS[::-1], given_answers, {})

    assert forth == back
