"""Spaced repetition: what is due, and what a rating does. When it comes back is `scheduling`'s."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from lessons.models import Lesson, Question
from lessons.shown import Message
from lessons.study.models import Learner, Memory, Review
from lessons.study.scheduling import Memo, Rating, State, reviewed

MESSAGES: tuple[type[Message], ...] = ()


class Item(NamedTuple):
    """What is remembered: a face of a flashcard, or a question. By their rows' numbers."""

    lesson: int
    flashcard: int | None = None
    face: str = ""
    question: int | None = None


class Counts(NamedTuple):
    """How many cards wait: new ones and reviews within the day's limits, and steps of learning."""

    new: int
    learning: int
    due: int


@transaction.atomic
def rate(
    learner: Learner, item: Item, rating: Rating, at: datetime, duration_ms: int | None = None
) -> Memory:
    """The learner has looked at the item and says how it went."""
    memory = _memory_of(learner, item)
    return _reviewed(learner, item, memory, rating, at, Review.Source.REVIEW, duration_ms)


@transaction.atomic
def count_answers(
    learner: Learner,
    lesson: Lesson,
    was_right: Mapping[int, bool],
    at: datetime,
    source: Review.Source,
    why: str,
) -> int:
    """What was answered elsewhere counts as a review: how many did.

    was_right  by question (its row's number): False too where time ran out
    why        for the learner: where this was answered

    Right is “good” and never “easy”; wrong is “again”, due when the learner's next day begins. Once
    per question and day, whatever the source: the first one told more than those after it.
    """
    day = learner.day_of(at)
    known = {
        m.question_id: m
        for m in learner.memories.select_for_update().filter(question__in=was_right)
    }
    counted = set(
        learner.reviews.filter(day=day, memory__question__in=was_right).values_list(
            "memory__question", flat=True
        )
    )
    there = set(Question.objects.filter(pk__in=was_right).values_list("pk", flat=True))
    # What an older answer would say of a memory that has been asked again since isn't known.
    late = {pk for pk, memory in known.items() if memory.last_review > at}
    fresh = [pk for pk in was_right if pk in there - counted - late]
    for pk in fresh:
        rating = Rating.Good if was_right[pk] else Rating.Again
        item = Item(lesson.pk, question=pk)
        _reviewed(learner, item, known.get(pk), rating, at, source, None, why)
    return len(fresh)


def _memory_of(learner: Learner, item: Item) -> Memory | None:
    return (
        learner.memories.select_for_update()
        .filter(flashcard=item.flashcard, face=item.face, question=item.question)
        .first()
    )


def _reviewed(
    learner: Learner,
    item: Item,
    memory: Memory | None,
    rating: Rating,
    at: datetime,
    source: Review.Source,
    duration_ms: int | None,
    why: str = "",
) -> Memory:
    is_review = source == Review.Source.REVIEW
    plan = learner.plan if is_review else learner.plan.without_steps
    before = memory.memo if memory else None
    after = reviewed(before, rating, at, plan, seed_of(learner, item, memory))
    if not is_review and rating == Rating.Again:
        after = after._replace(due=learner.next_day_begins(at))
    kept = _snapshot(memory)
    if memory is None:
        memory = Memory(
            learner=learner,
            lesson_id=item.lesson,
            flashcard_id=item.flashcard,
            face=item.face,
            question_id=item.question,
        )
    memory.memo = after
    memory.reviews_count += 1
    if rating == Rating.Again and before and before.state == State.Review:
        memory.lapses += 1
    if memory.lapses >= learner.leech_after and not memory.is_leech:
        memory.is_leech = memory.is_suspended = True
    memory.save()
    Review.objects.create(
        learner=learner,
        memory=memory,
        rating=rating.value,
        reviewed_at=at,
        day=learner.day_of(at),
        duration_ms=duration_ms,
        source=source,
        why=why,
        before=kept,
    )
    return memory


def seed_of(learner: Learner, item: Item, memory: Memory | None) -> str:
    """The chance by which this review's interval is spread; the same for each look at the buttons."""
    count = memory.reviews_count if memory else 0
    return f"{learner.key} {item.flashcard} {item.face} {item.question} {count}"


def _snapshot(memory: Memory | None) -> dict[str, Any] | None:
    if memory is None:
        return None
    memo = memory.memo
    return {
        "state": memo.state.value,
        "step": memo.step,
        "stability": memo.stability,
        "difficulty": memo.difficulty,
        "due": memo.due.isoformat(),
        "last_review": memo.last_review.isoformat(),
        "lapses": memory.lapses,
        "is_suspended": memory.is_suspended,
        "is_leech": memory.is_leech,
    }


def _memo_in(snapshot: Mapping[str, Any]) -> Memo:
    return Memo(
        state=State(snapshot["state"]),
        step=snapshot["step"],
        stability=snapshot["stability"],
        difficulty=snapshot["difficulty"],
        due=datetime.fromisoformat(snapshot["due"]),
        last_review=datetime.fromisoformat(snapshot["last_review"]),
    )


def is_due(memory: Memory, learner: Learner, now: datetime) -> bool:
    """Learning steps count to the minute; what has been learnt is due for the whole of its day."""
    until = learner.next_day_begins(now) if memory.state == State.Review else now
    return memory.due < until + timedelta(microseconds=1)
