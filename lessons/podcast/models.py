"""What is kept of a lesson's podcast: its script, who approved it, and what was recorded."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from lessons.drafts import LessonDraft, explanation_problem
from lessons.models import Lesson
from lessons.podcast.script import Script

LONGEST_QUEUE = timedelta(minutes=30)
"""The worker may have other episodes to record first."""
LONGEST_TURN = timedelta(minutes=3)
"""Longer than a worker that lives takes to record one."""
LONGEST_CHAPTER = timedelta(minutes=10)
"""Longer than a language model has for one, with its second tries."""


class Recording(models.Model):
    """One script in one voice, named by both: lessons that say the same share it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for the worker")
        RECORDING = "recording", _("is being recorded")
        RECORDED = "recorded", _("recorded")
        FAILED = "failed", _("failed")

    key = models.CharField(max_length=32, unique=True)
    """`audio.key_of` script and voice; names the file too."""
    voice_key = models.CharField(max_length=60)
    voice = models.CharField(_("voice"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    attempt = models.CharField(max_length=16, blank=True)
    """Whose work counts: a worker that finds another attempt here stops."""
    beat_at = models.DateTimeField(default=timezone.now)
    """When its worker was last heard of, or was asked."""
    turns = models.PositiveIntegerField(_("turns"))
    """How many there are to record."""
    cues = models.JSONField(default=list)
    """For each turn that is recorded: [start_ms, end_ms]."""
    bytes = models.PositiveBigIntegerField(default=0)
    """Of the file, up to the last of these turns."""
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")

    def __str__(self) -> str:
        return f"{self.key} ({self.voice})"

    @property
    def is_stalled(self) -> bool:
        """Its worker was ended, or there is none."""
        longest = {self.State.WAITING: LONGEST_QUEUE, self.State.RECORDING: LONGEST_TURN}
        patience = longest.get(self.State(self.state))
        return patience is not None and self.beat_at < timezone.now() - patience

    @property
    def duration_ms(self) -> int:
        return int(self.cues[-1][1]) if self.cues else 0


class EpisodeQuerySet(models.QuerySet["Episode"]):
    def to_subscribe(self) -> "EpisodeQuerySet":
        """What a feed may tell of: recorded, of published lessons; the newest first."""
        return self.filter(
            lesson__is_published=True,
            approved_at__isnull=False,
            recording__state=Recording.State.RECORDED,
        ).order_by("-approved_at", "-pk")


class Episode(models.Model):
    """A lesson's podcast. A script waits until a teacher approves it; what was approved stays till then."""

    lesson = models.OneToOneField(
        Lesson, models.CASCADE, related_name="episode", verbose_name=_("lesson")
    )
    waiting = models.JSONField(null=True)
    """A `Script` to be approved."""
    waiting_from = models.JSONField(null=True)
    """The `LessonDraft` that it was made from."""
    approved = models.JSONField(null=True)
    approved_from = models.JSONField(null=True)
    approved_at = models.DateTimeField(_("approved"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    recording = models.ForeignKey(
        Recording,
        models.SET_NULL,
        null=True,
        related_name="episodes",
        verbose_name=_("recording"),
    )
    """Of the approved script; None where nobody can speak."""
    writing = models.CharField(max_length=16, blank=True)
    """The attempt by which a language model writes a script just now."""
    written_chapters = models.PositiveSmallIntegerField(default=0)
    writing_beat_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)
    """What went wrong when a script was made."""

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("episode")
        verbose_name_plural = _("episodes")

    def __str__(self) -> str:
        return str(self.lesson)

    @property
    def script(self) -> Script | None:
        """What visitors hear."""
        return Script.model_validate(self.approved) if self.approved_at else None

    @property
    def edited(self) -> Script | None:
        """What a teacher works on: the script that waits, else the approved one."""
        kept = self.waiting or self.approved
        return Script.model_validate(kept) if kept else None

    @property
    def edited_from(self) -> LessonDraft | None:
        return _lesson_of(self.waiting_from if self.waiting else self.approved_from)

    @property
    def approved_source(self) -> LessonDraft | None:
        return _lesson_of(self.approved_from)

    @property
    def is_stalled(self) -> bool:
        """The worker was ended while a language model wrote, or there is none."""
        at = self.writing_beat_at
        return bool(self.writing and at and at < timezone.now() - LONGEST_CHAPTER)

    def is_open_to(self, user: AbstractBaseUser | AnonymousUser) -> bool:
        """Whether there is an approved script that tells no more answers than this visitor may see.

        A script was made from what everybody saw, and that may have become less since.
        """
        if self.approved_at is None:
            return False
        limit = self.lesson.open_to(user)
        source: dict[str, Any] = self.approved_from or {}
        told = max((len(source.get(part, ())) for part in ("questions", "flashcards")), default=0)
        return limit is None or told <= limit


def _lesson_of(kept: dict[str, Any] | None) -> LessonDraft | None:
    """As the lesson itself: without the pictures that can't be computed any more."""
    if kept is None:
        return None
    told = deepcopy(kept)
    asked = [each["question"] for each in told["questions"]]
    for part in [*told["sections"], *told["flashcards"], *asked]:
        ref = part["explanation"]
        if ref and explanation_problem(ref["key"], ref["params"]):
            part["explanation"] = None
    try:
        return LessonDraft.model_validate(told)
    except ValidationError:  # kept by a version that knew other kinds of parts
        return None
