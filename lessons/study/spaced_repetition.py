"""Spaced repetition: what waits, and what a rating does. When it comes back is `scheduling`'s."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q

from lessons.faces import BACKWARD, face_keys
from lessons.models import Flashcard, Lesson, Question
from lessons.questions import UNSCORED_KINDS
from lessons.shown import ImageView, KeyView, Link, Message, QuestionView
from lessons.study.models import Learner, Memory, Review
from lessons.study.scheduling import Memo, Rating, State, reviewed

LEARN_AHEAD = timedelta(minutes=20)
"""Steps that are due within it come early when nothing else is left."""


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


class Counts(NamedTuple):
    """How many cards wait: new ones and reviews within the day's limits, and steps of learning."""

    new: int
    learning: int
    due: int


class Waiting(NamedTuple):
    """An item whose turn comes; a new one may have no memory."""

    item: Item
    memory: Memory | None


class Queue(NamedTuple):
    """All that waits today, each list in the order it comes."""

    steps: list[Waiting]
    """Of learning: due by now."""
    reviews: list[Waiting]
    new: list[Waiting]
    soon: list[Waiting]
    """Steps that are due within LEARN_AHEAD."""
    more_new: int
    """New ones beyond the day's limit."""
    next_at: datetime | None
    """When the next one comes that doesn't wait yet."""
    is_new_next: bool
    """New ones are spread evenly among the reviews: is it a new one's turn?"""

    @property
    def counts(self) -> Counts:
        return Counts(len(self.new), len(self.steps) + len(self.soon), len(self.reviews))

    @property
    def in_order(self) -> list[Waiting]:
        """The first of these is the next card; the others are there in case it can't be shown."""
        mixed = self.new + self.reviews if self.is_new_next else self.reviews + self.new
        return self.steps + mixed + self.soon


def counts(
    learner: Learner | None,
    now: datetime,
    lesson: Lesson | None = None,
    leave_out: Collection[int] = (),
    sight: int | None = None,
) -> Counts:
    """How many cards wait, of one lesson or of all that the learner has begun.

    learner    None is nobody yet: the lesson's new cards wait
    leave_out  lessons that are locked
    sight      how many flashcards, and questions, of that lesson are open to the visitor
    """
    return queue(learner, now, lesson, leave_out, sight).counts


def queue(
    learner: Learner | None,
    now: datetime,
    lesson: Lesson | None = None,
    leave_out: Collection[int] = (),
    sight: int | None = None,
) -> Queue:
    """What waits, as `counts` counts it. The same few queries however many cards there are."""
    learner = learner or Learner()
    if lesson is not None:
        sights = {} if lesson.pk in leave_out else {lesson.pk: sight}
    else:
        sights = _begun(learner, leave_out)
    items = _items(sights)
    memories = _memories(learner, items)
    today = learner.day_of(now)
    tomorrow = learner.next_day_begins(now)
    log = (
        list(learner.reviews.filter(day=today).select_related("memory").order_by("pk"))
        if learner.pk
        else []
    )
    faces_seen: dict[int, set[str]] = {}
    for review in log:
        if review.memory.flashcard_id:
            faces_seen.setdefault(review.memory.flashcard_id, set()).add(review.memory.face)
    here = [review for review in log if review.source == Review.Source.REVIEW]
    new_done = sum(review.before is None for review in here)
    reviews_done = sum((r.before or {}).get("state") == State.Review.value for r in here)

    steps: list[Waiting] = []
    soon: list[Waiting] = []
    reviews: list[Waiting] = []
    new: list[Waiting] = []
    next_at: list[datetime] = []
    for item in items:
        memory = memories.get(item)
        if memory and memory.is_suspended:
            continue
        is_held = memory is not None and memory.buried_on == today
        if memory is None or memory.reviews_count == 0:
            if is_held:
                next_at.append(tomorrow)
            elif _comes_in(item, learner):
                new.append(Waiting(item, memory))
        elif is_held:
            next_at.append(max(memory.due, tomorrow))
        elif is_due(memory, learner, now):
            (reviews if memory.state == State.Review else steps).append(Waiting(item, memory))
        elif memory.state != State.Review and memory.due <= now + LEARN_AHEAD:
            soon.append(Waiting(item, memory))
        else:
            is_learnt = memory.state == State.Review
            day = learner.day_begins(learner.day_of(memory.due))
            next_at.append(day if is_learnt else memory.due)

    for waiting in (steps, soon, reviews):
        waiting.sort(key=_by_due)
    _without_siblings(steps + soon, faces_seen)
    lone_reviews = _without_siblings(reviews, faces_seen)
    lone_new = _without_siblings(new, faces_seen)
    shown_reviews = lone_reviews[: max(0, learner.reviews_per_day - reviews_done)]
    shown_new = lone_new[: max(0, learner.new_per_day - new_done)]
    if len(shown_reviews) + len(shown_new) < len(reviews) + len(new):
        next_at.append(tomorrow)
    return Queue(
        steps=steps,
        reviews=shown_reviews,
        new=shown_new,
        soon=soon,
        more_new=len(lone_new) - len(shown_new),
        next_at=min(next_at, default=None),
        is_new_next=new_done * (reviews_done + len(shown_reviews))
        < reviews_done * (new_done + len(shown_new)),
    )


def _begun(learner: Learner, leave_out: Collection[int]) -> dict[int, int | None]:
    """The lessons that the learner has begun and may still see, each with how much of it."""
    if learner.pk is None:
        return {}
    user = learner.user or AnonymousUser()
    begun = Q(flashcards__memories__learner=learner) | Q(questions__memories__learner=learner)
    lessons = Lesson.objects.visible_to(user).filter(begun).exclude(pk__in=leave_out).distinct()
    return {lesson.pk: lesson.open_to(user) for lesson in lessons}


def _items(sights: Mapping[int, int | None]) -> list[Item]:
    """All items in sight: lesson by lesson its flashcards' faces, then its questions."""
    found: dict[int, list[Item]] = {pk: [] for pk in sights}
    cards = Flashcard.objects.filter(lesson__in=sights).values_list("lesson", "pk", "definition")
    asked = Question.objects.filter(lesson__in=sights).values_list("lesson", "pk", "kind")
    for lesson, flashcard, definition in _in_sight(cards, sights):
        found[lesson] += [Item(lesson, flashcard, face) for face in face_keys(definition)]
    for lesson, question, kind in _in_sight(asked, sights):
        if kind not in UNSCORED_KINDS:
            found[lesson].append(Item(lesson, question=question))
    return [item for items in found.values() for item in items]


def _in_sight(
    rows: Iterable[tuple[int, int, str]], sights: Mapping[int, int | None]
) -> Iterable[tuple[int, int, str]]:
    place = dict.fromkeys(sights, 0)
    for row in rows:
        sight = sights[row[0]]
        if sight is None or place[row[0]] < sight:
            yield row
        place[row[0]] += 1


def _memories(learner: Learner, items: Collection[Item]) -> dict[Item, Memory]:
    """What the learner remembers of these."""
    if learner.pk is None:
        return {}
    lessons = {item.lesson for item in items}
    about = Q(flashcard__lesson__in=lessons) | Q(question__lesson__in=lessons)
    by_row = {item[1:]: item for item in items}
    found: dict[Item, Memory] = {}
    for memory in learner.memories.filter(about):
        # A face that is gone, or out of sight, has no item.
        if item := by_row.get((memory.flashcard_id, memory.face, memory.question_id)):
            found[item] = memory
    return found


def _comes_in(item: Item, learner: Learner) -> bool:
    """Does the learner want new cards of that kind?"""
    if item.question is not None:
        return learner.has_questions
    return item.face != BACKWARD or learner.both_directions


def _by_due(waiting: Waiting) -> tuple[datetime, int]:
    assert waiting.memory is not None
    return waiting.memory.due, waiting.memory.pk


def _without_siblings(waiting: Iterable[Waiting], faces_seen: dict[int, set[str]]) -> list[Waiting]:
    """Of each flashcard one face a day, since each gives the others away; adds to `faces_seen`."""
    kept = []
    for one in waiting:
        flashcard, face = one.item.flashcard, one.item.face
        if flashcard is None or faces_seen.setdefault(flashcard, {face}) == {face}:
            kept.append(one)
    return kept


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
    # Two first ratings find no memory to lock.
    Learner.objects.select_for_update().get(pk=learner.pk)
    memory = memory_of(learner, item)
    if seen is not None and seen != (memory.reviews_count if memory else 0):
        raise RatedElsewhere
    return _reviewed(learner, item, memory, rating, at, Review.Source.REVIEW, duration_ms)


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
    memory = memory_of(learner, item)
    if memory is None:
        return
    memory.buried_on, memory.is_suspended = None, False
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
    duration_ms: int | None,
    why: str = "",
) -> Memory:
    is_review = source == Review.Source.REVIEW
    plan = learner.plan if is_review else learner.plan.without_steps
    before = memory.memo if memory and memory.reviews_count else None
    after = reviewed(before, rating, at, plan, seed_of(learner, item, memory))
    if not is_review and rating == Rating.Again:
        after = after._replace(due=learner.next_day_begins(at))
    kept = _snapshot(memory) if before else None
    memory = memory or _blank(learner, item)
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
    if memory.state == State.Review:
        return memory.due < learner.next_day_begins(now)
    return memory.due <= now
