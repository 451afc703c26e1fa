"""What comes next: the cards that wait for a learner today, in their order."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from lessons.faces import BACKWARD, face_keys
from lessons.models import Flashcard, Lesson, Question
from lessons.questions import UNSCORED_KINDS
from lessons.sight import in_sight
from lessons.study.models import Learner, Memory, Review
from lessons.study.scheduling import State
from lessons.study.spaced_repetition import Item

LEARN_AHEAD = timedelta(minutes=20)
"""Steps that are due within it come early when nothing else is left."""


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
    done = _done(learner, today)
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
    _without_siblings(steps + soon, done.faces)
    lone_reviews = _without_siblings(reviews, done.faces)
    lone_new = _without_siblings(new, done.faces)
    shown_reviews = lone_reviews[: max(0, learner.reviews_per_day - done.reviews)]
    shown_new = lone_new[: max(0, learner.new_per_day - done.new)]
    if len(shown_reviews) + len(shown_new) < len(reviews) + len(new):
        next_at.append(tomorrow)
    return Queue(
        steps=steps,
        reviews=shown_reviews,
        new=shown_new,
        soon=soon,
        more_new=len(lone_new) - len(shown_new),
        next_at=min(next_at, default=None),
        is_new_next=done.new * (done.reviews + len(shown_reviews))
        < done.reviews * (done.new + len(shown_new)),
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
    for lesson, flashcard, definition in in_sight(cards, itemgetter(0), sights):
        found[lesson] += [Item(lesson, flashcard, face) for face in face_keys(definition)]
    for lesson, question, kind in in_sight(asked, itemgetter(0), sights):
        if kind not in UNSCORED_KINDS:
            found[lesson].append(Item(lesson, question=question))
    return [item for items in found.values() for item in items]


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


class _Done(NamedTuple):
    """Of today: how many new cards and reviews, and which faces of each flashcard."""

    new: int
    reviews: int
    faces: dict[int, set[str]]


def _done(learner: Learner, today: date) -> _Done:
    if learner.pk is None:
        return _Done(0, 0, {})
    log = list(learner.reviews.filter(day=today).select_related("memory").order_by("pk"))
    faces: dict[int, set[str]] = {}
    for review in log:
        if review.memory.flashcard_id:
            faces.setdefault(review.memory.flashcard_id, set()).add(review.memory.face)
    here = [review for review in log if review.source == Review.Source.REVIEW]
    return _Done(
        new=sum(review.before is None for review in here),
        reviews=sum((r.before or {}).get("state") == State.Review.value for r in here),
        faces=faces,
    )


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


def is_due(memory: Memory, learner: Learner, now: datetime) -> bool:
    """Learning steps count to the minute; what has been learnt is due for the whole of its day."""
    if memory.state == State.Review:
        return memory.due < learner.next_day_begins(now)
    return memory.due <= now
