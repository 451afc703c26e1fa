"""Finished games: facts as they were, and the standings they led to."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class GameQuerySet(models.QuerySet["Game"]):
    def with_players_count(self) -> "GameQuerySet":
        """Adds `players_count`."""
        return self.annotate(players_count=models.Count("players"))


class Game(models.Model):
    """A room that was played. `quiz` and `settings` are copies: editing the lesson changes nothing."""

    room = models.CharField(max_length=32, unique=True)
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="games"
    )
    lesson = models.ForeignKey("lessons.Lesson", on_delete=models.SET_NULL, null=True)
    title = models.CharField(max_length=200)
    quiz: "models.JSONField[Any, Any]" = models.JSONField()
    settings: "models.JSONField[Any, Any]" = models.JSONField()
    presets_version = models.PositiveSmallIntegerField()
    rounds = models.PositiveSmallIntegerField(help_text=_("How many were closed and scored."))
    played_at = models.DateTimeField()

    objects = GameQuerySet.as_manager()

    class Meta:
        ordering = ["-played_at"]
        verbose_name = _("finished game")
        verbose_name_plural = _("finished games")

    def __str__(self) -> str:
        return self.title


class Player(models.Model):
    """Somebody who sat in the room to the end, and the final standing."""

    game = models.ForeignKey(Game, on_delete=models.CASCADE, related_name="players")
    seat = models.CharField(max_length=32)
    nickname = models.CharField(max_length=20)
    team = models.CharField(max_length=24, blank=True)
    rank = models.PositiveIntegerField()
    points = models.PositiveIntegerField()
    right = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank", "nickname"]
        constraints = [models.UniqueConstraint(fields=["game", "seat"], name="one_seat_once")]

    def __str__(self) -> str:
        return self.nickname


class PlayerAnswer(models.Model):
    """One answer: what and when. `points` follows from it and can be worked out again."""

    player = models.ForeignKey(Player, on_delete=models.CASCADE, related_name="answers")
    round = models.PositiveSmallIntegerField()
    answer: "models.JSONField[Any, Any]" = models.JSONField()
    elapsed_ms = models.PositiveIntegerField()
    is_right = models.BooleanField()
    points = models.PositiveIntegerField()

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["player", "round"], name="one_answer_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.player}, {self.round + 1}"
