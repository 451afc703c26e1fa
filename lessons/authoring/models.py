"""What is kept of drafts: each one that was made, what became of it, and when they were made."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lessons.authoring.draft import Draft
from lessons.drafts import CardDraft
from lessons.models import Flashcard, Lesson, Question
from lessons.questions import any_question
from lessons.spans import Span


class Proposal(models.Model):
    """A draft that waits for a teacher's yes, or had an answer: what was refused stays refused."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="proposals")
    fingerprint = models.CharField(max_length=16)
    kind = models.CharField(max_length=20)
    """A question's, or “flashcard”."""
    item: "models.JSONField[Any, Any]" = models.JSONField()
    """The question or CardDraft; once accepted, as it was accepted."""
    section = models.CharField(max_length=120, blank=True)
    span: "models.JSONField[Any, Any]" = models.JSONField()
    sentence = models.TextField()
    score = models.FloatField()
    model = models.CharField(max_length=200, blank=True)
    """The language model that wrote it; empty where rules made it."""
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    question = models.OneToOneField(Question, models.SET_NULL, null=True, related_name="+")
    flashcard = models.OneToOneField(Flashcard, models.SET_NULL, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)
    """When a learner said that it is no good question."""

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "fingerprint"], name="one_proposal_of_a_fingerprint"
            )
        ]

    def __str__(self) -> str:
        return self.draft.asked

    @property
    def draft(self) -> Draft:
        is_card = self.kind == "flashcard"
        return Draft(
            CardDraft.model_validate(self.item)
            if is_card
            else any_question.validate_python(self.item),
            self.section or None,
            Span(*self.span),
            self.sentence,
            self.score,
        )

    @property
    def row(self) -> Question | Flashcard | None:
        """What it became; None until it is accepted, and where that was deleted."""
        return self.question or self.flashcard


LONGEST_MAKING = timedelta(minutes=5)
"""Whoever is at it for longer has been stopped in the middle."""


class Making(models.Model):
    """One look for drafts: through a whole lesson by rules, or through a section by a model."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="makings")
    section = models.CharField(max_length=120, blank=True)
    """The title of the section that a model reads; empty for rules."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    asked_at = models.DateTimeField()
    content = models.CharField(max_length=64, blank=True)
    """Of the notes that drafts were last made from, as `making.content_of` tells it."""
    found = models.PositiveIntegerField(default=0)
    """New drafts."""
    dropped = models.PositiveIntegerField(default=0)
    """What a model said that couldn't be used."""
    problem = models.CharField(max_length=300, blank=True)
    """Why it failed, in words."""

    class Meta:
        verbose_name = _("making of drafts")
        verbose_name_plural = _("makings of drafts")
        constraints = [
            models.UniqueConstraint(fields=["lesson", "section"], name="one_making_of_a_section")
        ]

    def __str__(self) -> str:
        return f"{self.lesson}: {self.state}"

    @property
    def is_under_way(self) -> bool:
        is_busy = self.state in {self.State.QUEUED, self.State.RUNNING}
        return is_busy and timezone.now() - self.asked_at < LONGEST_MAKING
