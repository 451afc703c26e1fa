"""Finished games: facts as they were, and the standings they led to. And what hosts keep between
games: classes with personal codes, and how they like their rooms.
"""

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
    closed: "models.JSONField[Any, Any]" = models.JSONField(
        default=dict,
        help_text=_(
            "For each round that was closed: its time limit in ms as it was in the end, 0 for none."
        ),
    )
    played_at = models.DateTimeField()
    regraded_quiz: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    regraded_settings: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    regraded_at = models.DateTimeField(null=True)

    objects = GameQuerySet.as_manager()

    class Meta:
        ordering = ["-played_at"]
        verbose_name = _("finished game")
        verbose_name_plural = _("finished games")

    def __str__(self) -> str:
        return self.title

    @property
    def closed_rounds(self) -> dict[int, int]:
        """Each round that was closed, in order, and its time limit in ms; 0 for none."""
        return {int(round): limit_ms for round, limit_ms in self.closed.items()}


class Player(models.Model):
    """Somebody who sat in the room to the end, and the final standing."""

    game = models.ForeignKey(Game, on_delete=models.CASCADE, related_name="players")
    seat = models.CharField(max_length=32)
    nickname = models.CharField(max_length=20)
    team = models.CharField(max_length=24, blank=True)
    members: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)
    pupil = models.ForeignKey(
        "Pupil", on_delete=models.SET_NULL, null=True, blank=True, related_name="players"
    )
    rank = models.PositiveIntegerField()
    points = models.PositiveIntegerField()
    right = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank", "nickname"]
        constraints = [models.UniqueConstraint(fields=["game", "seat"], name="one_seat_once")]

    def __str__(self) -> str:
        return self.nickname


class PlayerAnswer(models.Model):
    """One answer: what and when. `points` follows from it and can be worked out again.

    What was said before the talk, where the room voted twice, is kept and earns nothing.
    """

    player = models.ForeignKey(Player, on_delete=models.CASCADE, related_name="answers")
    round = models.PositiveSmallIntegerField()
    is_first_vote = models.BooleanField(default=False)
    answer: "models.JSONField[Any, Any]" = models.JSONField()
    elapsed_ms = models.PositiveIntegerField()
    lag_ms = models.PositiveSmallIntegerField(default=0)
    time_factor = models.FloatField(default=1)
    is_right = models.BooleanField()
    points = models.PositiveIntegerField()

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(
                fields=["player", "round", "is_first_vote"], name="one_answer_a_vote"
            )
        ]

    def __str__(self) -> str:
        return f"{self.player}, {self.round + 1}"


class Roster(models.Model):
    """A class that plays with personal codes, so that a pupil is the same from game to game."""

    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rosters"
    )
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        ordering = ["name"]
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        constraints = [
            models.UniqueConstraint(
                fields=["host", "name"],
                name="one_roster_of_a_name",
                violation_error_message=_("You have a class of that name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Pupil(models.Model):
    """Somebody of a class. Whoever types the code is this pupil."""

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="pupils")
    name = models.CharField(_("name"), max_length=20)
    code = models.CharField(max_length=8)
    time_factor = models.FloatField(_("time"), default=1)

    class Meta:
        ordering = ["name"]
        verbose_name = _("pupil")
        verbose_name_plural = _("pupils")
        constraints = [
            models.UniqueConstraint(fields=["roster", "code"], name="one_pupil_of_a_code"),
            models.UniqueConstraint(fields=["roster", "name"], name="one_pupil_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class HostPreferences(models.Model):
    """How a host's rooms were set the last time, to begin with the next time."""

    host = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="host_preferences"
    )
    form: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("host's preferences")
        verbose_name_plural = _("hosts' preferences")

    def __str__(self) -> str:
        return str(self.host)
