"""How each player did."""

from collections.abc import Callable

from games.reports import per_player
from games.reports.per_player import OwnRound
from games.reports.played import PlayedGame, load
from games.store import SeatRecord
from tests.games.reports.conftest import (
    ANGLE,
    LINEAR,
    MOOD,
    PARTS,
    RELU,
    WriteGame,
    choice,
    choices,
    text,
)

Play = Callable[..., PlayedGame]


def test_players_stand_by_place_with_their_sums(play: Play) -> None:
    game = play(
        [ANGLE, LINEAR, RELU],
        ["Ada", "Ben", SeatRecord("Cem", None, "cem", ("Cem", "Dot"))],
        {
            0: {"Ada": (choice(1), 1_000), "Ben": (choice(1), 4_000)},
            1: {"Ada": (choice(0), 2_000), "Ben": (choice(1), 1_000)},
            2: {"Ada": (text("tanh"), 6_000)},
        },
        scoring="accuracy",
    )

    rows = per_player.compute(game)

    assert [
        (r.rank, r.nickname, r.members, r.points, r.right, r.answered, r.mean_seconds) for r in rows
    ] == [
        (1, "Ada", (), 2000, 2, 3, 3.0),
        (2, "Ben", (), 1000, 1, 2, 2.5),
        (3, "Cem", ("Cem", "Dot"), 0, 0, 0, None),
    ]
    assert [r.best_streak for r in rows] == [2, 1, 0]


def test_each_round_is_told_in_words(play: Play) -> None:
    game = play(
        [ANGLE, MOOD, PARTS, RELU],
        ["Ada"],
        {
            0: {"Ada": (choice(1), 1_500)},
            1: {"Ada": choice(2)},
            2: {"Ada": (choices(3, 0), 2_500)},
        },
        first={0: {"Ada": choice(0)}},
        scoring="accuracy",
    )

    angle, mood, parts, relu = per_player.rounds_of(game, 0)

    assert angle == OwnRound(
        round=0,
        prompt=ANGLE.prompt,
        key="about 90°",
        answer="about 90°",
        first_answer="about 45°",
        is_right=True,
        points=1000,
        seconds=1.5,
        streak=1,
    )
    # A poll is neither right nor wrong, and breaks no streak.
    assert (mood.answer, mood.is_right, mood.points, mood.streak) == ("hard", None, 0, 1)
    # Two of three right options: two thirds of the points, and not right.
    assert (parts.answer, parts.is_right, parts.points) == ("a matrix; a ReLU", False, 667)
    assert parts.is_partly_right
    assert not angle.is_partly_right
    assert not relu.is_partly_right
    assert (relu.answer, relu.seconds, relu.is_right, relu.key) == (
        None,
        None,
        False,
        "ReLU; rectifier",
    )


def test_one_player_read_alone_is_the_same(write: WriteGame) -> None:
    game = write(
        [ANGLE, RELU],
        ["Ada", "Ben"],
        {0: {"Ada": choice(1), "Ben": choice(0)}, 1: {"Ben": text("ReLU")}},
    )
    whole = load(game)

    for row, player in enumerate(whole.players):
        alone = load(game, player)
        assert per_player.rounds_of(alone, 0) == per_player.rounds_of(whole, row)
        assert per_player.compute(alone) == per_player.compute(whole)[row : row + 1]


def test_a_game_of_nobody_has_no_rows(play: Play) -> None:
    assert per_player.compute(play([ANGLE], [], {})) == []
