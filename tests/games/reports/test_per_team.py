"""How each team did, by the rule the room had."""

from collections.abc import Callable

import pytest

from games.reports import per_team
from games.reports.per_team import Row
from games.reports.played import PlayedGame
from games.store import SeatRecord
from tests.games.reports.conftest import ANGLE, LINEAR, choice

Play = Callable[..., PlayedGame]


@pytest.mark.parametrize(
    ("how", "red", "blue"), [("mean", 667, 1000), ("sum", 2000, 1000), ("best", 2000, 1000)]
)
def test_teams_score_by_the_rooms_rule(play: Play, how: str, red: int, blue: int) -> None:
    teams = {"Ada": "Red", "Ben": "Red", "Cem": "Red", "Dot": "Blue"}
    game = play(
        [ANGLE, LINEAR],
        [SeatRecord(name, team, name) for name, team in teams.items()],
        {0: {"Ada": choice(1), "Dot": choice(1)}, 1: {"Ada": choice(0)}},
        scoring="accuracy",
        teams="balanced",
        team_names=("Red", "Blue", "Empty"),
        team_score=how,
    )

    rows = {row.name: row for row in per_team.compute(game)}

    assert (rows["Red"].points, rows["Blue"].points, rows["Empty"].points) == (red, blue, 0)
    assert rows["Red"].members == ("Ada", "Ben", "Cem")
    assert rows["Red"].mean_right == pytest.approx(2 / 3)
    assert rows["Red"].rank == (1 if red > blue else 2)
    assert rows["Empty"] == Row(rank=3, name="Empty", points=0, members=(), mean_right=None)


def test_who_plays_alone_has_no_team(play: Play) -> None:
    assert per_team.compute(play([ANGLE], ["Ada"], {0: {"Ada": choice(1)}})) == []
