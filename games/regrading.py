"""Scoring a finished game again, by corrected keys or another preset, and going back.

Answers are facts and stay; the points and places that follow from them are written anew. The quiz
and the settings as they were played stay too, so that old and new can be shown side by side.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from games.archive import any_answer, quiz_in_force, rescored, retold, settings_in_force
from games.models import Game, Player, PlayerAnswer
from games.rules import Quiz, RoomSettings
from games.scoring import Line
from lessons.questions import is_right

REGRADED = ["regraded_quiz", "regraded_settings", "regraded_at"]


@dataclass(frozen=True)
class Change:
    """A player's standing now, and as it would be."""

    nickname: str
    team: str
    old_rank: int
    new_rank: int
    old_points: int
    new_points: int
    old_right: int
    new_right: int

    @property
    def is_change(self) -> bool:
        return (self.old_rank, self.old_points) != (self.new_rank, self.new_points)

    @property
    def climbed(self) -> int:
        """Places, down if negative."""
        return self.old_rank - self.new_rank


def preview(game: Game, quiz: Quiz, settings: RoomSettings) -> list[Change]:
    """What `regrade` would change, by the new places; saves nothing."""
    lines, _ = rescored(game, quiz, settings)
    changes = [
        Change(
            nickname=player.nickname,
            team=player.team,
            old_rank=player.rank,
            new_rank=line.rank,
            old_points=player.points,
            new_points=line.total,
            old_right=player.right,
            new_right=line.right,
        )
        for player in game.players.all()
        for line in [lines.get(player.seat, Line())]
    ]
    return sorted(changes, key=lambda change: (change.new_rank, change.old_rank, change.nickname))


def regrade(game: Game, quiz: Quiz, settings: RoomSettings) -> None:
    """Score the game by these; all of it or nothing."""
    with transaction.atomic():
        locked = Game.objects.select_for_update().get(pk=game.pk)
        as_played = Quiz.model_validate(locked.quiz), RoomSettings.model_validate(locked.settings)
        if (quiz, settings) == as_played:
            locked.regraded_quiz = locked.regraded_settings = locked.regraded_at = None
        else:
            locked.regraded_quiz = quiz.model_dump(mode="json")
            locked.regraded_settings = settings.model_dump(mode="json")
            locked.regraded_at = timezone.now()
        locked.save(update_fields=REGRADED)
        _write_points(locked)
    game.refresh_from_db(fields=REGRADED)


def undo(game: Game) -> None:
    """Back to the keys and the preset the game was played with."""
    regrade(game, Quiz.model_validate(game.quiz), RoomSettings.model_validate(game.settings))


def places_as_played(game: Game) -> Mapping[str, int]:
    """Everyone's place by the quiz as it was played, by seat."""
    quiz, settings = Quiz.model_validate(game.quiz), RoomSettings.model_validate(game.settings)
    return {seat: line.rank for seat, line in rescored(game, quiz, settings)[0].items()}


def _write_points(game: Game) -> None:
    lines, each = rescored(game, quiz_in_force(game), settings_in_force(game))
    players = list(game.players.all())
    for player in players:
        line = lines.get(player.seat, Line())
        player.rank, player.points, player.right = line.rank, line.total, line.right
    # One statement for thousands of rows, where bulk_update writes a case for each.
    Player.objects.bulk_create(
        players,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["rank", "points", "right"],
        batch_size=2000,
    )
    asked, quiz = Quiz.model_validate(game.quiz), quiz_in_force(game)
    answers = list(PlayerAnswer.objects.filter(player__game=game).select_related("player"))
    for answer in answers:
        if answer.is_first_vote:
            said = retold(any_answer.validate_python(answer.answer), asked, quiz, answer.round)
            answer.is_right = is_right(quiz.questions[answer.round], said)
        else:
            line = each[answer.round][answer.player.seat]
            answer.is_right, answer.points = line.is_right, line.points
    PlayerAnswer.objects.bulk_create(
        answers,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["is_right", "points"],
        batch_size=2000,
    )
