"""Spaced repetition: what a rating does. What comes next is `queue`'s, and when `scheduling`'s."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from lessons.models import Lesson, Question
from lessons.shown import ImageView, KeyView, Link, Message, QuestionView
from lessons.study.models import Learner, Memory, Review
from lessons.study.scheduling import Memo, Rating, State, reviewed


class AskedFace(Message):
    """A face of a flashcard: HTML that is safe to show, and the texts that are right if typed."""

    title: str
    front: str
    back: str
    typed: tuple[str, ...]


class AskedQuestion(Message):
    """A question with its key, for whoever may see its answer; `note` is HTML."""

    question: QuestionView
    key: KeyView
    typos: bool
    note: str


class AskedCard(Message):
    """A card to review: one of `face` and `question` is there."""

    name: str
    seen: int
    """How many reviews it had; a rating says so, that none counts twice."""
    state: str
    """new, learning or due."""
    lesson: Link
    lang: str
    face: AskedFace | None = None
    question: AskedQuestion | None = None
    image: ImageView | None = None
    picture: Link | None = None
    notes: Link | None = None
    page: str
    """Of this card's history; empty before its first review."""
    why: str
    """Where it was answered last, unless here."""
    after_s: tuple[float, ...]
    """For again, hard, good and easy: after how many seconds it comes back."""


class CountsView(Message):
    new: int
    learning: int
    due: int


class Finished(Message):
    """Nothing waits any more."""

    done_today: int
    known_today: int
    """How many of these reviews weren't forgotten."""
    next_at: str | None
    """ISO 8601; None where nothing will come."""
    next_in_ms: int | None
    """The same from now on: a browser's clock may be wrong."""
    more_new: int
    """New cards beyond the day's limit."""


class Turn(Message):
    """What comes now: a card, or else the end."""

    card: AskedCard | None
    counts: CountsView
    finished: Finished | None
    can_undo: bool
    leech: str = ""
    """Said of the card just rated, where it was set aside."""
    leech_notes: Link | None = None


MESSAGES: tuple[type[Message], ...] = (Turn,)


class Item(NamedTuple):
    """What is remembered: a face of a flashcard, or a question. By their rows' numbers."""

    lesson: int
    flashcard: int | None = None
    face: str = ""
    question: int | None = None

    @property
    def name(self) -> str:
        """As messages call it."""
        if self.question is not None:
            return f"question-{self.question}"
        return f"flashcard-{self.flashcard}-{self.face}"


class RatedElsewhere(Exception):
    """The card has been rated since it was shown."""


@transaction.atomic
def rate(
    learner: Learner,
    item: Item,
    rating: Rating,
    at: datetime,
    duration_ms: int | None = None,
    seen: int | None = None,
) -> Memory:
    """The learner has looked at the item and says how it went.

    seen  how many reviews it had when it was shown; raises RatedElsewhere if it has more by now
    """
    # The learner: two first ratings find no memory to lock.
    Learner.objects.select_for_update().get(pk=learner.pk)
    memory = memory_of(learner, item)
    if seen is not None and seen != (memory.reviews_count if memory else 0):
        raise RatedElsewhere
    review = _reviewed(learner, item, memory, rating, at, Review.Source.REVIEW)
    review.duration_ms = duration_ms
    review.memory.save()
    # Again, now that a new memory has a number.
    review.memory = review.memory
    review.save()
    return review.memory


@transaction.atomic
def undo(learner: Learner, now: datetime) -> Item | None:
    """Takes back today's last review, as if it had never been; None if there is none to take back."""
    last = last_review(learner, now)
    if last is None:
        return None
    memory = last.memory
    item = Item(memory.lesson_id or 0, memory.flashcard_id, memory.face, memory.question_id)
    if last.before is None:
        memory.delete()
        return item
    memory.memo = _memo_in(last.before)
    memory.lapses = last.before["lapses"]
    memory.is_suspended, memory.is_leech = last.before["is_suspended"], last.before["is_leech"]
    memory.reviews_count -= 1
    memory.save()
    last.delete()
    return item


def last_review(learner: Learner, now: datetime) -> Review | None:
    """Today's last review that can be undone: nothing else has counted for its card since."""
    here = learner.reviews.filter(source=Review.Source.REVIEW, day=learner.day_of(now))
    last = here.select_related("memory").order_by("reviewed_at", "pk").last()
    return last if last and last == last.memory.reviews.last() else None


@transaction.atomic
def bury(learner: Learner, item: Item, now: datetime) -> None:
    """It doesn't come again before tomorrow."""
    memory = _memory_to_keep(learner, item, now)
    memory.buried_on = learner.day_of(now)
    memory.save()


@transaction.atomic
def suspend(learner: Learner, item: Item, now: datetime) -> None:
    """It doesn't come again until it is brought back."""
    memory = _memory_to_keep(learner, item, now)
    memory.is_suspended = True
    memory.save()


@transaction.atomic
def bring_back(learner: Learner, item: Item) -> None:
    """A card that was put aside comes again; one set aside as a leech gets another chance."""
    if memory := memory_of(learner, item):
        let_come(memory)


def let_come(memory: Memory) -> None:
    """Its lapses are counted anew, or the next one would set it aside at once."""
    memory.buried_on, memory.is_suspended = None, False
    if memory.is_leech:
        memory.is_leech, memory.lapses = False, 0
    memory.save()


def _memory_to_keep(learner: Learner, item: Item, now: datetime) -> Memory:
    """The item's memory; one without reviews for a new card that is put aside."""
    memory = memory_of(learner, item)
    if memory is None:
        memory = _blank(learner, item)
        # Nothing is known yet: what its first review would replace.
        memory.memo = reviewed(None, Rating.Again, now, learner.plan)
    return memory


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
    # Two games that end together, or a game and a quiz, find no memory to lock.
    Learner.objects.select_for_update().get(pk=learner.pk)
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
    reviews = []
    for pk in fresh:
        rating = Rating.Good if was_right[pk] else Rating.Again
        item = Item(lesson.pk, question=pk)
        reviews.append(_reviewed(learner, item, known.get(pk), rating, at, source, why))
    # A whole class is archived at once: few queries, whatever a game's number of questions.
    memories = [review.memory for review in reviews]
    Memory.objects.bulk_create(memory for memory in memories if memory.pk is None)
    Memory.objects.bulk_update((known[pk] for pk in fresh if pk in known), CHANGED_BY_REVIEW)
    for review in reviews:
        review.memory = review.memory
    Review.objects.bulk_create(reviews)
    return len(fresh)


def memory_of(learner: Learner, item: Item) -> Memory | None:
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
    why: str = "",
) -> Review:
    """The review, and its memory as it is afterwards; neither is saved."""
    is_review = source == Review.Source.REVIEW
    plan = learner.plan if is_review else learner.plan.without_steps
    before = memory.memo if memory and memory.reviews_count else None
    after = reviewed(before, rating, at, plan, seed_of(learner, item, memory))
    if not is_review and rating == Rating.Again:
        after = after._replace(due=learner.next_day_begins(at))
    kept = _snapshot(memory) if memory and before else None
    memory = memory or _blank(learner, item)
    memory.memo = after
    memory.reviews_count += 1
    if rating == Rating.Again and before and before.state == State.Review:
        memory.lapses += 1
    if memory.lapses >= learner.leech_after and not memory.is_leech:
        memory.is_leech = memory.is_suspended = True
    return Review(
        learner=learner,
        memory=memory,
        rating=rating.value,
        reviewed_at=at,
        day=learner.day_of(at),
        source=source,
        why=why,
        before=kept,
    )


CHANGED_BY_REVIEW = (
    *("state", "step", "stability", "difficulty", "due", "last_review"),
    *("reviews_count", "lapses", "is_leech", "is_suspended"),
)


def _blank(learner: Learner, item: Item) -> Memory:
    return Memory(
        learner=learner,
        lesson_id=item.lesson,
        flashcard_id=item.flashcard,
        face=item.face,
        question_id=item.question,
    )


def seed_of(learner: Learner, item: Item, memory: Memory | None) -> str:
    """The chance by which this review's interval is spread; the same for each look at the buttons."""
    count = memory.reviews_count if memory else 0
    # Whoever sees a first card may be nobody yet, and becomes a learner by rating it.
    who = learner.key if count else ""
    return f"{who} {item.flashcard} {item.face} {item.question} {count}"


def _snapshot(memory: Memory) -> dict[str, Any]:
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
