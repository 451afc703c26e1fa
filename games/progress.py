"""How the pupils of a class get on, as far as each has agreed: counts, never single answers.

Only of lessons that this class played or was given: whatever else a pupil studies, and other
classes' homework, is nobody's business here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from games.models import Pupil, Roster
from lessons.models import Lesson
from lessons.study.models import Memory, Review, Run
from lessons.study.scheduling import State

WEEK, MONTH = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class Row:
    """One pupil and one lesson. A card is a flashcard's face or a question, once it was reviewed."""

    lesson: Lesson
    known: int = 0
    learning: int = 0
    due: int = 0
    reviews_in_week: int = 0
    reviews_in_month: int = 0
    runs: int = 0


@dataclass(frozen=True)
class PupilProgress:
    """`rows` is None where the pupil hasn't agreed: then nothing was even looked up."""

    name: str
    rows: tuple[Row, ...] | None


def compute(roster: Roster, now: datetime) -> list[PupilProgress]:
    """Everyone of the class. Queries don't grow with it."""
    if not roster.shows_progress:
        return []
    pupils = list(roster.pupils.all())
    lessons = list(lessons_of(roster))
    learners = {p.learner_id for p in pupils if p.learner_id and p.agreed_at}
    by_pair = _counts(roster, learners, [lesson.pk for lesson in lessons], now)
    return [
        PupilProgress(
            pupil.name,
            tuple(
                Row(lesson, **by_pair.get((pupil.learner_id, lesson.pk), {})) for lesson in lessons
            )
            if pupil.agreed_at
            else None,
        )
        for pupil in pupils
    ]


def lessons_of(roster: Roster) -> Iterable[Lesson]:
    """What this class was given or has played by its codes."""
    given = Q(pk__in=roster.homework.values("lesson"))
    played = Q(pk__in=Pupil.objects.filter(roster=roster).values("players__game__lesson"))
    return Lesson.objects.filter(given | played).order_by("title")


def _counts(
    roster: Roster, learners: set[int], lessons: list[int], now: datetime
) -> dict[tuple[int | None, int], dict[str, int]]:
    """By learner and lesson, the numbers of a Row."""
    found: dict[tuple[int | None, int], dict[str, int]] = {}
    whose = Q(learner__in=learners)
    is_due, is_learnt = Q(due__lte=now, is_suspended=False), Q(state=State.Review.value)
    cards = (
        Memory.objects.filter(whose, lesson__in=lessons)
        .values_list("learner", "lesson")
        .annotate(
            cards_due=Count("pk", filter=is_due),
            cards_known=Count("pk", filter=is_learnt & ~is_due),
            cards_learning=Count("pk", filter=~is_learnt & ~is_due),
        )
    )
    reviews = (
        Review.objects.filter(whose, memory__lesson__in=lessons, reviewed_at__gt=now - MONTH)
        .order_by()
        .values_list("learner", "memory__lesson")
        .annotate(
            reviews_in_week=Count("pk", filter=Q(reviewed_at__gt=now - WEEK)),
            reviews_in_month=Count("pk"),
        )
    )
    runs = (
        Run.objects.filter(whose, lesson__in=lessons)
        .filter(Q(homework_run=None, is_homework=False) | Q(homework_run__homework__roster=roster))
        .order_by()
        .values_list("learner", "lesson")
        .annotate(runs=Count("pk"))
    )
    counted: list[tuple[Any, tuple[str, ...]]] = [
        (cards, ("due", "known", "learning")),
        (reviews, ("reviews_in_week", "reviews_in_month")),
        (runs, ("runs",)),
    ]
    for rows, names in counted:
        for learner, lesson, *numbers in rows:
            found.setdefault((learner, lesson), {}).update(zip(names, numbers, strict=True))
    return found
