"""How the class did on each question, held against counts by hand and against scipy."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import pointbiserialr

from games.reports import per_question
from games.reports.per_question import Option, Revote, ability_groups, discriminations
from games.reports.played import PlayedGame
from lessons.questions import Answer
from tests.games.reports.conftest import (
    ANGLE,
    CLOUD,
    COUNT,
    EVERY_KIND,
    GUESS,
    LINEAR,
    MOOD,
    PARTS,
    RELU,
    SLIDE,
    STEPS,
    choice,
    choices,
    class_of,
    number,
    order,
    rightly_ordered,
    text,
)

Play = Callable[..., PlayedGame]
FOUR = ["Ada", "Ben", "Cem", "Dot"]


def told(options: tuple[Option, ...]) -> list[tuple[str, int, bool, int]]:
    return [(o.text, o.count, o.is_right, o.percent) for o in options]


def test_a_choice_is_counted_option_by_option(play: Play) -> None:
    game = play(
        [ANGLE],
        FOUR,
        {0: {"Ada": (choice(1), 1_000), "Ben": (choice(1), 2_000), "Cem": (choice(0), 6_000)}},
    )

    [row] = per_question.compute(game)

    assert (row.number, row.kind, row.players, row.answered) == (1, "single_choice", 4, 3)
    assert (row.right, row.right_percent, row.key) == (2, 50, "about 90°")
    assert (row.median_seconds, row.mean_seconds) == (2.0, 3.0)
    assert told(row.options) == [
        ("about 45°", 1, False, 33),
        ("about 90°", 2, True, 67),
        ("about 135°", 0, False, 0),
    ]
    assert [option.place for option in row.options] == [0, 1, 2]
    assert row.times
    assert (row.times.high_s, sum(row.times.right), sum(row.times.others)) == (20.0, 2, 1)
    # Of four players nothing is said about the question's quality.
    assert row.discrimination is None
    assert row.doubts == ()
    assert not row.has_groups


def test_several_right_count_each_option(play: Play) -> None:
    game = play([PARTS], FOUR, {0: {"Ada": choices(0, 1, 3), "Ben": choices(0, 2)}})

    [row] = per_question.compute(game)

    assert (row.right, row.right_percent) == (1, 25)
    assert [(o.count, o.is_right) for o in row.options] == [
        (2, True),
        (1, True),
        (1, False),
        (1, True),
    ]


def test_typed_answers_that_come_to_the_same_are_one(play: Play) -> None:
    answers = {
        "Ada": text("ReLU"),
        "Ben": text("sigmoid"),
        "Cem": text("Sigmoid!"),
        "Dot": text("sigmoid"),
        "Eva": text("the relu"),
    }
    game = play([RELU], [*FOUR, "Eva"], {0: answers})

    [row] = per_question.compute(game)

    assert told(row.options) == [("sigmoid", 3, False, 60), ("ReLU", 2, True, 40)]
    assert row.options[0].place is None
    assert row.unlisted == 0


def test_of_many_different_answers_the_commonest_are_listed(play: Play) -> None:
    names = [f"P{n:02}" for n in range(30)]
    answers = {name: text("tanh" if n < 3 else f"word {n}") for n, name in enumerate(names)}
    game = play([RELU], names, {0: answers})

    [row] = per_question.compute(game)

    assert len(row.options) == per_question.MOST_LISTED
    assert (row.options[0].text, row.options[0].count) == ("tanh", 3)
    assert row.unlisted == 30 - 3 - 11


def test_typed_numbers_and_orders_are_told_in_words(play: Play) -> None:
    wrong = order(0, 1, 2, 3)  # as it was shown, which is never right
    game = play(
        [COUNT, STEPS],
        FOUR,
        {
            0: {"Ada": number(96), "Ben": number(12), "Cem": number(12.0)},
            1: {"Ada": rightly_ordered(STEPS), "Ben": wrong},
        },
    )

    counted, ordered = per_question.compute(game)

    assert told(counted.options) == [("12 layers", 2, False, 67), ("96 layers", 1, True, 33)]
    assert ordered.key == "multiply → add the bias → ReLU → multiply again"
    assert {(o.text == ordered.key, o.is_right) for o in ordered.options} == {
        (True, True),
        (False, False),
    }


def test_guesses_lie_on_their_scale(play: Play) -> None:
    game = play([GUESS], FOUR, {0: {"Ada": number(0), "Ben": number(90), "Cem": number(180)}})

    [row] = per_question.compute(game)

    assert row.guesses
    assert (row.guesses.low, row.guesses.high, row.guesses.median) == (0, 180, 90)
    assert [n for n, count in enumerate(row.guesses.counts) if count] == [0, 12, 23]
    assert row.key == "90° ± 5°"


def test_the_widest_scale_is_no_trouble(play: Play) -> None:
    wide = GUESS.model_copy(update={"low": -1.7e308, "high": 1.7e308, "right": 0.0})
    game = play([wide], FOUR, {0: {"Ada": number(-1.7e308), "Ben": number(1.7e308)}})

    [row] = per_question.compute(game)

    assert row.guesses
    assert (row.guesses.counts[0], row.guesses.counts[-1], row.guesses.median) == (1, 1, 0)


def test_polls_and_clouds_are_distributions(play: Play) -> None:
    game = play(
        [MOOD, SLIDE, CLOUD],
        FOUR,
        {
            0: {"Ada": choice(1), "Ben": choice(1), "Cem": choice(2)},
            2: {"Ada": text("Vectors"), "Ben": text("vectors"), "Cem": text("angles")},
        },
    )

    poll, cloud = per_question.compute(game)

    assert (poll.number, cloud.number) == (1, 3)  # nobody answers a slide
    assert not poll.is_scored
    assert told(poll.options) == [
        ("easy", 0, False, 0),
        ("just right", 2, False, 67),
        ("hard", 1, False, 33),
    ]
    assert [(o.text.lower(), o.count) for o in cloud.options] == [("vectors", 2), ("angles", 1)]
    assert (poll.key, cloud.key) == ("", "")


def test_two_votes_show_the_gain_of_those_who_voted_twice(play: Play) -> None:
    first = {"Ada": choice(1), "Ben": choice(0), "Cem": choice(0), "Dot": choice(2)}
    second = {"Ada": choice(1), "Ben": choice(1), "Cem": choice(0), "Eva": choice(0)}
    game = play([ANGLE], [*FOUR, "Eva"], {0: second}, first={0: first})

    [row] = per_question.compute(game)

    # Ada, Ben and Cem voted twice: one was right before, two after, of two that could be won one.
    assert row.revote == Revote(players=3, before_percent=33, after_percent=67, gain=0.5)
    assert [(o.first_count, o.count) for o in row.options] == [(2, 2), (1, 2), (1, 0)]


def test_where_all_were_right_before_there_is_nothing_to_gain(play: Play) -> None:
    game = play([ANGLE], ["Ada"], {0: {"Ada": choice(0)}}, first={0: {"Ada": choice(1)}})

    [row] = per_question.compute(game)

    assert row.revote == Revote(players=1, before_percent=100, after_percent=0, gain=None)


def test_discrimination_is_scipys_point_biserial_without_the_item() -> None:
    rng = np.random.default_rng(5)
    ability = rng.normal(size=(200, 1))
    is_right = ability + rng.normal(size=(200, 9)) > np.linspace(-1, 1, 9)
    is_scored = np.arange(9) != 4

    found = discriminations(is_right, is_scored)

    for item in np.flatnonzero(is_scored):
        others = is_scored & (np.arange(9) != item)
        expected = pointbiserialr(is_right[:, item], is_right[:, others].sum(axis=1)).statistic
        assert found[item] == pytest.approx(expected, abs=1e-12)
    assert np.isnan(found[4])


def test_nothing_is_said_of_few_players_or_without_spread() -> None:
    rng = np.random.default_rng(6)
    is_right = rng.random((19, 3)) > 0.5
    scored = np.ones(3, bool)
    assert np.isnan(discriminations(is_right, scored)).all()

    twenty = rng.random((20, 3)) > 0.5
    assert np.isfinite(discriminations(twenty, scored)).all()
    twenty[:, 0] = True
    assert np.isnan(discriminations(twenty, scored)).tolist() == [True, False, False]
    # Of one question alone there are no others to agree with.
    assert np.isnan(discriminations(twenty[:, 1:2], scored[:1])).all()


def test_ability_groups_are_27_percent_at_either_end() -> None:
    upper, lower = ability_groups(np.arange(100)[::-1].copy())

    assert np.flatnonzero(upper).tolist() == list(range(27))
    assert np.flatnonzero(lower).tolist() == list(range(73, 100))
    for points in (np.arange(19), np.full(50, 7), np.zeros(0, np.int64)):
        assert not any(group.any() for group in ability_groups(points))


FORTY = [f"P{n:02}" for n in range(40)]
OTHERS = [LINEAR, RELU, LINEAR, RELU, LINEAR]


def able_class() -> dict[int, dict[str, Answer]]:
    """The abler half of forty says 90° and is right about the others, give or take a few."""
    answers: dict[int, dict[str, Answer]] = {
        0: {name: choice(1 if n < 20 else 0) for n, name in enumerate(FORTY)}
    }
    for round, question in enumerate(OTHERS, 1):
        able = [n < 17 + round for n in range(40)]
        answers[round] = {
            name: choice(0 if knows else 1)
            if question == LINEAR
            else text("ReLU" if knows else "tanh")
            for name, knows in zip(FORTY, able, strict=True)
        }
    return answers


def test_a_wrong_key_is_doubted_and_says_why(play: Play) -> None:
    wrong = ANGLE.model_copy(update={"right": 0})
    game = play([wrong, *OTHERS], FORTY, able_class())

    row, *others = per_question.compute(game)

    assert row.discrimination is not None
    assert row.discrimination < -0.8
    negative, rival = row.doubts
    assert "discrimination −0." in negative
    assert rival == (
        "Of the strongest 27\u00a0%, 100\u00a0% answered “about 90°”, which counts as wrong, and "
        "0\u00a0% what the key says. Is the key right?"
    )
    assert [(o.upper_percent, o.lower_percent) for o in row.options] == [
        (0, 100),
        (100, 0),
        (0, 0),
    ]
    assert [other.doubts for other in others] == [()] * 5


def test_a_right_key_is_not_doubted(play: Play) -> None:
    game = play([ANGLE, *OTHERS], FORTY, able_class())

    assert [row.doubts for row in per_question.compute(game)] == [()] * 6


def test_nothing_is_doubted_in_a_small_room(play: Play) -> None:
    wrong = ANGLE.model_copy(update={"right": 0})
    few = {round: dict(list(by.items())[::3]) for round, by in able_class().items()}
    game = play([wrong, *OTHERS], FORTY[::3], few)

    assert [row.doubts for row in per_question.compute(game)] == [()] * 6


def test_an_empty_room_and_a_round_without_answers_are_told(play: Play) -> None:
    [row] = per_question.compute(play([ANGLE], [], {}))

    assert (row.players, row.answered, row.right_percent) == (0, 0, 0)
    assert (row.median_seconds, row.times, row.revote) == (None, None, None)


def test_rounds_that_were_skipped_are_left_out(play: Play) -> None:
    game = play([ANGLE, RELU, LINEAR], FOUR, {2: {"Ada": choice(0)}}, closed=[0, 2])

    assert [row.number for row in per_question.compute(game)] == [1, 3]


def test_every_kind_adds_up(play: Play) -> None:
    names, answers = class_of(60, np.random.default_rng(1))

    rows = per_question.compute(play(list(EVERY_KIND), names, answers))

    for row in rows:
        assert row.answered == len(answers[row.round])
        if row.kind != "several_right":
            assert sum(o.count for o in row.options) + row.unlisted == row.answered
        assert row.discrimination is None or row.discrimination > 0
