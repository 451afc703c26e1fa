"""What is kept of somebody who studies: what they remember, each review, quizzes, and questions."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lessons.models import Flashcard, Lesson, Question
from lessons.study.scheduling import Memo, Plan, Rating, State

DAY_BEGINS_H = 4
"""Who studies past midnight still studies today."""


def new_key() -> str:
    """A name that nobody guesses."""
    return secrets.token_urlsafe(16)


def one_step() -> list[int]:
    return [10]


def two_steps() -> list[int]:
    return [1, 10]


def check_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(gettext("There is no time zone of that name."))


class Learner(models.Model):
    """Whoever studies: an account, or a device until its owner signs up."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="learner",
        verbose_name=_("account"),
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    zone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[check_zone])
    desired_retention = models.FloatField(
        _("desired retention"),
        default=0.9,
        validators=[MinValueValidator(0.7), MaxValueValidator(0.97)],
        help_text=_("How likely you still know a card on the day it comes back."),
    )
    new_per_day = models.PositiveSmallIntegerField(
        _("new cards a day"), default=10, validators=[MaxValueValidator(500)]
    )
    reviews_per_day = models.PositiveSmallIntegerField(
        _("reviews a day"), default=200, validators=[MaxValueValidator(5000)]
    )
    learning_steps = models.JSONField(_("learning steps"), default=two_steps)
    relearning_steps = models.JSONField(_("relearning steps"), default=one_step)
    both_directions = models.BooleanField(
        _("both directions"),
        default=False,
        help_text=_("Ask for the term as well as for its definition."),
    )
    has_questions = models.BooleanField(
        _("questions as cards"),
        default=False,
        help_text=_("Bring a lesson’s questions in as new cards too."),
    )
    leech_after = models.PositiveSmallIntegerField(
        _("set aside after"),
        default=8,
        validators=[MinValueValidator(2), MaxValueValidator(50)],
        help_text=_("A card forgotten this often is set aside."),
    )
    parameters: "models.JSONField[Any, Any]" = models.JSONField(null=True, blank=True)
    """FSRS' 21, where they were fitted to this learner; `previous_parameters` are those before."""
    previous_parameters: "models.JSONField[Any, Any]" = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("learner")
        verbose_name_plural = _("learners")

    def __str__(self) -> str:
        return str(self.user) if self.user else gettext("a device")

    @property
    def plan(self) -> Plan:
        """How this learner's cards are scheduled."""
        return Plan(
            desired_retention=self.desired_retention,
            learning_steps_min=tuple(self.learning_steps),
            relearning_steps_min=tuple(self.relearning_steps),
            parameters=tuple(self.parameters) if self.parameters else Plan().parameters,
        )

    def day_of(self, at: datetime) -> date:
        """The learner's day at that instant, which begins at four in the morning."""
        return (at.astimezone(ZoneInfo(self.zone)) - timedelta(hours=DAY_BEGINS_H)).date()

    def day_begins(self, day: date) -> datetime:
        """The instant at which that day of the learner's begins."""
        local = datetime(day.year, day.month, day.day, DAY_BEGINS_H, tzinfo=ZoneInfo(self.zone))
        return local.astimezone(ZoneInfo("UTC"))

    def next_day_begins(self, at: datetime) -> datetime:
        """When the day after the one of that instant begins."""
        return self.day_begins(self.day_of(at) + timedelta(days=1))


class Memory(models.Model):
    """What a learner remembers of one item: a face of a flashcard, or a question.

    There is none before the first review, unless the card was put aside. It outlives what it is about, for the log's sake.
    """

    learner = models.ForeignKey(Learner, models.CASCADE, related_name="memories")
    lesson = models.ForeignKey(Lesson, models.SET_NULL, null=True, related_name="+")
    flashcard = models.ForeignKey(Flashcard, models.SET_NULL, null=True, related_name="memories")
    face = models.CharField(max_length=12, blank=True)
    """Of a flashcard: see `lessons.faces`."""
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="memories")
    state = models.PositiveSmallIntegerField(choices=[(s.value, s.name) for s in State])
    step = models.PositiveSmallIntegerField(null=True)
    stability = models.FloatField()
    difficulty = models.FloatField()
    due = models.DateTimeField()
    last_review = models.DateTimeField()
    reviews_count = models.PositiveIntegerField(default=0)
    lapses = models.PositiveIntegerField(default=0)
    """How often it was forgotten after it had been learnt."""
    is_suspended = models.BooleanField(default=False)
    is_leech = models.BooleanField(default=False)
    buried_on = models.DateField(null=True)
    """The learner's day on which it doesn't come again."""

    class Meta:
        verbose_name = _("memory")
        verbose_name_plural = _("memories")
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "flashcard", "face"], name="one_memory_of_a_face"
            ),
            models.UniqueConstraint(
                fields=["learner", "question"], name="one_memory_of_a_question"
            ),
        ]
        indexes = [models.Index(fields=["learner", "due"], name="memories_by_due")]

    def __str__(self) -> str:
        return str(self.flashcard or self.question or gettext("something deleted"))

    @property
    def memo(self) -> Memo:
        return Memo(
            state=State(self.state),
            step=self.step,
            stability=self.stability,
            difficulty=self.difficulty,
            due=self.due,
            last_review=self.last_review,
        )

    @memo.setter
    def memo(self, memo: Memo) -> None:
        self.state, self.step = memo.state.value, memo.step
        self.stability, self.difficulty = memo.stability, memo.difficulty
        self.due, self.last_review = memo.due, memo.last_review


class Review(models.Model):
    """One line of the log: never changed, only undone."""

    class Source(models.TextChoices):
        REVIEW = "review", _("review")
        GAME = "game", _("live game")
        QUIZ = "quiz", _("quiz")
        HOMEWORK = "homework", _("homework")

    learner = models.ForeignKey(Learner, models.CASCADE, related_name="reviews")
    memory = models.ForeignKey(Memory, models.CASCADE, related_name="reviews")
    rating = models.PositiveSmallIntegerField(choices=[(r.value, r.name) for r in Rating])
    reviewed_at = models.DateTimeField()
    day = models.DateField()
    """The learner's."""
    duration_ms = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.REVIEW)
    why = models.CharField(max_length=200, blank=True)
    """Where an answer elsewhere counted as a review: which."""
    before: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    """What undoing it brings back; None where the memory began with it."""

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["reviewed_at", "pk"]
        indexes = [models.Index(fields=["learner", "day"], name="reviews_by_day")]

    def __str__(self) -> str:
        return f"{self.memory}: {Rating(self.rating).name}"


class KnownCard(models.Model):
    """A flashcard that the learner put aside as known; spaced repetition doesn't mind."""

    learner = models.ForeignKey(Learner, models.CASCADE, related_name="known_cards")
    flashcard = models.ForeignKey(Flashcard, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "flashcard"], name="known_once")]

    def __str__(self) -> str:
        return str(self.flashcard)


class Run(models.Model):
    """One go at a lesson's questions, alone. `quiz` is a copy: editing the lesson changes nothing."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    learner = models.ForeignKey(Learner, models.CASCADE, related_name="runs")
    lesson = models.ForeignKey(Lesson, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=120)
    quiz: "models.JSONField[Any, Any]" = models.JSONField()
    """A list of `lessons.questions.Question`, each with the `id` of its row."""
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    """After that no answer is taken."""
    is_homework = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("quiz alone")
        verbose_name_plural = _("quizzes alone")
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["learner", "lesson"], name="runs_by_lesson")]

    def __str__(self) -> str:
        return self.title


class RunAnswer(models.Model):
    """What was answered in a round of a run, never changed. None is “I don't know”."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="answers")
    round = models.PositiveSmallIntegerField()
    answer: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    credit = models.PositiveIntegerField()
    """Of `lessons.questions.FULL_CREDIT`."""
    is_right = models.BooleanField()
    elapsed_ms = models.PositiveIntegerField()
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["run", "round"], name="one_answer_a_round_of_a_run")
        ]

    def __str__(self) -> str:
        return f"{self.run}, {self.round + 1}"


class ChatTurn(models.Model):
    """A question that a learner asked a lesson, and the tutor's reply."""

    learner = models.ForeignKey(Learner, models.CASCADE, related_name="chat_turns")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="+")
    question = models.CharField(max_length=500)
    asked_at = models.DateTimeField(default=timezone.now)
    reply: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    """A `lessons.tutor.replies.Reply`; None until it is whole, and where it broke off."""
    model = models.CharField(max_length=120, blank=True)
    """The language model whose words it is in; empty: the lesson's own."""
    notes = models.CharField(max_length=16, blank=True)
    """Which notes the reply's places are in: see `lessons.study.chat.OpenLesson`."""
    sight = models.PositiveSmallIntegerField(null=True)
    """How many flashcards and answers the reply could draw on, as `Lesson.open_to` says."""

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["learner", "lesson"], name="chat_turns_by_lesson")]

    def __str__(self) -> str:
        return self.question
