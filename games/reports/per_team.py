"""How each team did, by the mean of its members' points."""

from games.models import Game
from games.rules import RoomSettings
from games.scoring import TeamPlace, team_places


def compute(game: Game) -> list[TeamPlace]:
    """By place; empty when the game was played alone."""
    players = {player.seat: player for player in game.players.all()}
    return team_places(
        RoomSettings.model_validate(game.settings).team_names,
        {seat: player.team for seat, player in players.items()},
        {seat: player.points for seat, player in players.items()},
    )
