"""What a learner's own page tells, in a number of queries that doesn't grow with cards and reviews."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse

from lessons.models import Flashcard, Lesson, Question
from lessons.questions import UNSCORED_KINDS
from lessons.sight import in_sight
from lessons.study import charts
from lessons.study.forgetting import Floats, Ints, due_on_each_day, mean_recall
from lessons.study.models import Learner, Memory, Review, Run
from lessons.study.scheduling import State

AHEAD_D = 30
RUNS_SHOWN = 10
SOURCES_SHOWN = 12

Visitor = AbstractBaseUser | AnonymousUser


class LessonBegun(NamedTuple):
    lesson: Lesson
    cards: int
    due: int
    """Today's, steps of learning only as far as their minute has come."""


class RunResult(NamedTuple):
    """How a quiz alone went, of its scored questions."""

    run: Run
    address: str
    """Of its page; empty where the lesson can't be read now."""
    questions: int
    right: int | None
    """None while the homework is open: others are still at it."""


class ReviewsFrom(NamedTuple):
    """Where reviews came from: what kind of studying, and which; `last` is the latest one."""

    source: str
    why: str
    reviews: int
    last: datetime


class Overview(NamedTuple):
    lessons: list[LessonBegun]
    due: int
    streak: int
    reviews_by_day: dict[date, int]
    """Of the weeks that the calendar shows."""
    runs: list[RunResult]
    sources: list[ReviewsFrom]
    due_ahead: Ints
    """(days,) how many cards fall due on each of the next days."""
    recall_ahead: Floats
    """(days + 1,) the mean over all cards, from now on."""
    set_aside: list[Memory]

    @property
    def has_begun(self) -> bool:
        return bool(self.lessons or self.sources or self.runs)

    @property
    def cards(self) -> int:
        return sum(begun.cards for begun in self.lessons)


def overview(learner: Learner, user: Visitor, locked: Collection[int], now: datetime) -> Overview:
    """As of now. `locked` are lessons that are left out."""
    today = learner.day_of(now)
    memories = memories_open_to(user, learner, locked)
    rows: list[Any] = list(
        # A card that was put aside before it was ever asked is still a new one.
        memories.filter(reviews_count__gt=0).values_list(
            "lesson", "state", "due", "stability", "last_review", "is_suspended", "buried_on",
            named=True,
        )
    )  # fmt: skip
    coming = [row for row in rows if not row.is_suspended]
    tomorrow = learner.next_day_begins(now)
    due = Counter(
        row.lesson
        for row in coming
        if row.buried_on != today
        and (row.due < tomorrow if row.state == State.Review.value else row.due <= now)
    )
    cards = Counter(row.lesson for row in rows)
    day_begins = [learner.day_begins(today + timedelta(days=d)) for d in range(AHEAD_D + 1)]
    return Overview(
        lessons=[
            LessonBegun(lesson, cards[lesson.pk], due[lesson.pk])
            for lesson in Lesson.objects.filter(pk__in=cards)
        ],
        due=due.total(),
        streak=_streak(_days_studied(learner), today),
        reviews_by_day=_reviews_by_day(learner, today),
        runs=_last_runs(learner, user, locked, now),
        sources=_sources(learner),
        due_ahead=due_on_each_day(
            np.array([row.due.timestamp() for row in coming]),
            np.array([row.buried_on == today for row in coming], dtype=bool),
            np.array([begins.timestamp() for begins in day_begins]),
        ),
        recall_ahead=_recall_ahead(rows, learner, now),
        set_aside=list(
            memories.filter(is_suspended=True)
            .select_related("flashcard", "question", "lesson")
            .order_by("-is_leech", "-lapses", "pk")
        ),
    )


def memories_open_to(user: Visitor, learner: Learner, locked: Collection[int]) -> QuerySet[Memory]:
    """Those of the learner's whose card is still there and may be seen by this visitor now."""
    begun = Lesson.objects.visible_to(user).filter(pk__in=learner.memories.values("lesson"))
    lessons = begun.exclude(pk__in=locked)
    limits = {lesson.pk: most for lesson in lessons if (most := lesson.open_to(user)) is not None}
    of_cards, of_questions = Q(flashcard__isnull=False), Q(question__isnull=False)
    if limits:
        of_cards &= ~Q(lesson__in=limits) | Q(flashcard__in=_first(Flashcard, limits))
        of_questions &= ~Q(lesson__in=limits) | Q(question__in=_first(Question, limits))
    return learner.memories.filter(of_cards | of_questions, lesson__in=lessons)


def _first(parts: type[Flashcard] | type[Question], limits: dict[int, int]) -> list[int]:
    """The numbers of each lesson's first rows, as many as its limit says."""
    in_order = parts._default_manager.filter(lesson__in=limits).order_by("position", "pk")
    rows = in_order.values_list("lesson", "pk")
    return [pk for _lesson, pk in in_sight(rows, itemgetter(0), limits)]


def _days_studied(learner: Learner) -> set[date]:
    finished = learner.runs.filter(finished_at__isnull=False).values_list("finished_at", flat=True)
    reviewed = learner.reviews.order_by().values_list("day", flat=True).distinct()
    return {*reviewed, *(learner.day_of(at) for at in finished if at)}


def _streak(days: set[date], today: date) -> int:
    """Days in a row up to today; that today isn't over breaks nothing."""
    last = today if today in days else today - timedelta(days=1)
    return next(n for n in count() if last - timedelta(days=n) not in days)


def _reviews_by_day(learner: Learner, today: date) -> dict[date, int]:
    shown = learner.reviews.filter(day__gt=today - timedelta(weeks=charts.WEEKS), day__lte=today)
    return dict(shown.order_by().values_list("day").annotate(n=Count("pk")))


def _last_runs(
    learner: Learner, user: Visitor, locked: Collection[int], now: datetime
) -> list[RunResult]:
    kept = learner.runs.exclude(lesson__in=locked)
    runs = kept.select_related("lesson").prefetch_related("answers")[:RUNS_SHOWN]
    lessons = Lesson.objects.visible_to(user).filter(pk__in={run.lesson_id for run in runs})
    readable = set(lessons.values_list("pk", flat=True))
    return [_result(run, run.lesson_id in readable, now) for run in runs]


def _result(run: Run, is_readable: bool, now: datetime) -> RunResult:
    scored = {n for n, asked in enumerate(run.quiz) if asked["kind"] not in UNSCORED_KINDS}
    slug = run.lesson.slug if run.lesson and is_readable else ""
    return RunResult(
        run,
        reverse("practice_run", args=[slug, run.key]) if slug else "",
        len(scored),
        None
        if is_open_homework(run, now)
        else sum(a.is_right for a in run.answers.all() if a.round in scored),
    )


def is_open_homework(run: Run, now: datetime) -> bool:
    return run.is_homework and run.closes_at is not None and run.closes_at > now


def _sources(learner: Learner) -> list[ReviewsFrom]:
    told = learner.reviews.order_by().values_list("source", "why")
    counted = told.annotate(n=Count("pk"), last=Max("reviewed_at")).order_by("-last")
    return [
        ReviewsFrom(str(Review.Source(source).label), why, n, last)
        for source, why, n, last in counted[:SOURCES_SHOWN]
    ]


def _recall_ahead(rows: Sequence[Any], learner: Learner, now: datetime) -> Floats:
    if not rows:
        return np.zeros(0)
    return mean_recall(
        np.array([(now - row.last_review) / timedelta(days=1) for row in rows]),
        np.array([row.stability for row in rows]),
        np.arange(AHEAD_D + 1.0),
        learner.plan.parameters,
    )
