"""Finished games: facts as they were, and the standings they led to. And what hosts keep between
games: classes with personal codes, their homework, and how they like their rooms.
"""

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lessons.study.models import Learner, Run, check_zone


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
    shows_progress = models.BooleanField(
        _("progress"),
        default=False,
        help_text=_("The host sees how pupils who have agreed get on; of nobody else."),
    )

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
    learner = models.ForeignKey(
        Learner, on_delete=models.SET_NULL, null=True, blank=True, related_name="pupils"
    )
    """Who studies under that name; known once the pupil has played or entered by code."""
    agreed_at = models.DateTimeField(null=True, blank=True)
    """Since when the pupil lets the host see progress; None: doesn't."""

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


class HomeworkQuerySet(models.QuerySet["Homework"]):
    def of_host(self, host: Any) -> "HomeworkQuerySet":
        """A host's, those due last first; adds `doers_count`: how many have begun."""
        doers = models.Count("runs__pupil", distinct=True)
        others = models.Count(
            "runs__run__learner", filter=models.Q(runs__pupil=None), distinct=True
        )
        mine = self.filter(host=host).select_related("roster", "lesson")
        return mine.annotate(doers_count=doers + others).order_by("-closes_at", "-pk")


def new_token() -> str:
    """An address that nobody guesses."""
    return secrets.token_urlsafe(12)


class Homework(models.Model):
    """A lesson's questions to answer alone until a deadline: by a class, or by whoever has the link."""

    class Counts(models.TextChoices):
        BEST = "best", _("the best attempt")
        LAST = "last", _("the last attempt")

    ATTEMPTS_MOST = 10

    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="homework"
    )
    lesson = models.ForeignKey("lessons.Lesson", on_delete=models.SET_NULL, null=True)
    title = models.CharField(_("title"), max_length=120)
    roster = models.ForeignKey(
        Roster, on_delete=models.CASCADE, null=True, blank=True, related_name="homework"
    )
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    opens_at = models.DateTimeField(_("opens"), default=timezone.now)
    closes_at = models.DateTimeField(_("deadline"))
    zone = models.CharField(max_length=60, default="UTC", validators=[check_zone])
    """In which the host has set the deadline."""
    attempts = models.PositiveSmallIntegerField(
        _("attempts"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(ATTEMPTS_MOST)],
    )
    """None: as many as wanted."""
    counts = models.CharField(max_length=4, choices=Counts.choices, default=Counts.BEST)
    note = models.TextField(_("note"), max_length=500, blank=True)

    objects = HomeworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("homework")
        verbose_name_plural = _("homework")

    def __str__(self) -> str:
        return self.title

    def is_open(self, at: datetime) -> bool:
        """May it be done at that instant?"""
        return self.opens_at <= at < self.closes_at


class HomeworkRun(models.Model):
    """One attempt. It goes when who made it has all that was kept of them deleted."""

    homework = models.ForeignKey(Homework, on_delete=models.CASCADE, related_name="runs")
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="homework_run")
    pupil = models.ForeignKey(
        Pupil, on_delete=models.SET_NULL, null=True, blank=True, related_name="homework_runs"
    )
    name = models.CharField(max_length=20)

    class Meta:
        ordering = ["run__started_at", "pk"]

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
