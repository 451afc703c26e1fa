"""How each player did."""

from typing import NamedTuple

from games.models import Game


class Row(NamedTuple):
    """A player's game; `points_in` and `seconds_in` go by round, for the answered ones."""

    rank: int
    nickname: str
    team: str
    points: int
    right: int
    answered: int
    points_in: dict[int, int]
    seconds_in: dict[int, float]


def compute(game: Game) -> list[Row]:
    """By place, then nickname."""
    rows = []
    for player in game.players.prefetch_related("answers"):
        answers = list(player.answers.all())
        rows.append(
            Row(
                player.rank,
                player.nickname,
                player.team,
                player.points,
                player.right,
                len(answers),
                {answer.round: answer.points for answer in answers},
                {answer.round: answer.elapsed_ms / 1000 for answer in answers},
            )
        )
    return rows
