"""How each team did, by the room's own rule: the mean, the sum or the best of its members' points."""

from dataclasses import dataclass

from games.reports.played import PlayedGame
from games.scoring import team_places


@dataclass(frozen=True)
class Row:
    """A team."""

    rank: int
    name: str
    points: int
    members: tuple[str, ...]
    """Nicknames, by place."""
    mean_right: float | None
    """Questions that a member got right, on average; None for a team of nobody."""


def compute(game: PlayedGame) -> list[Row]:
    """By place; empty when the game was played alone, or each phone was a team."""
    places = team_places(
        game.settings.team_names,
        {player.seat: player.team for player in game.players},
        {player.seat: player.points for player in game.players},
        game.settings.team_score,
    )
    rows = []
    for place in places:
        members = [player for player in game.players if player.team == place.name]
        rows.append(
            Row(
                rank=place.rank,
                name=place.name,
                points=place.points,
                members=tuple(player.nickname for player in members),
                mean_right=sum(p.right for p in members) / len(members) if members else None,
            )
        )
    return rows
