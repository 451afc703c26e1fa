"""A quiz made for one learner: what was missed or is due, and new questions from the same notes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django.db.models import QuerySet

from lessons.authoring.draft import Draft
from lessons.authoring.mentions import names_of
from lessons.authoring.models import Proposal
from lessons.authoring.places import Places
from lessons.authoring.weak_spots import WeakSpot, quiz_for
from lessons.drafts import CardDraft, LessonDraft, QuestionDraft
from lessons.models import Lesson
from lessons.questions import UNSCORED_KINDS, folded
from lessons.study.models import Learner, Review, Run, RunAnswer
from lessons.study.overview import is_open_homework
from lessons.study.queue import is_due
from lessons.study.scheduling import Rating

LENGTH = 10
"""Questions of such a quiz."""
LEAST_SCORE = 0.7
"""Of a draft that no teacher has looked at. Of the test lessons' drafts four in ten have it, and rules
find nothing wrong with any of these."""


MOST_RUNS = 50
"""That are looked through for what was missed: what is older has been asked since, or is due."""


class Weak(NamedTuple):
    """Something of the lesson that this learner doesn't know well, or no longer."""

    misses: int
    """Since it was last known, and how often it had been forgotten before."""
    is_due: bool


class Weaknesses(NamedTuple):
    """By the numbers of their rows, of those that are open to the learner."""

    questions: dict[int, Weak]
    flashcards: dict[int, Weak]

    @property
    def missed(self) -> int:
        return sum(weak.misses > 0 for weak in self._all())

    @property
    def due(self) -> int:
        return sum(weak.is_due for weak in self._all())

    def _all(self) -> Iterable[Weak]:
        return [*self.questions.values(), *self.flashcards.values()]


def weaknesses(
    learner: Learner | None, lesson: Lesson, sight: int | None, now: datetime
) -> Weaknesses:
    """What was missed in quizzes, games and reviews, and what is due.

    sight  how many questions, and flashcards, are open to the learner; None is all
    """
    if learner is None:
        return Weaknesses({}, {})
    questions = lesson.questions_in_order()[:sight].values_list("pk", flat=True)
    cards = lesson.flashcards.all()[:sight].values_list("pk", flat=True)
    missed_questions, missed_cards = _missed(learner, lesson, now)
    due_questions: set[int] = set()
    due_cards: set[int] = set()
    for memory in learner.memories.filter(lesson=lesson, reviews_count__gt=0):
        is_now = is_due(memory, learner, now) and not memory.is_suspended
        if memory.question_id:
            missed_questions[memory.question_id] += memory.lapses
            due_questions |= {memory.question_id} if is_now else set()
        elif memory.flashcard_id:
            missed_cards[memory.flashcard_id] += memory.lapses
            due_cards |= {memory.flashcard_id} if is_now else set()
    return Weaknesses(
        _weak(questions, missed_questions, due_questions), _weak(cards, missed_cards, due_cards)
    )


def _weak(rows: Iterable[int], misses: dict[int, int], due: set[int]) -> dict[int, Weak]:
    found = {pk: Weak(misses.get(pk, 0), pk in due) for pk in rows}
    return {pk: weak for pk, weak in found.items() if weak.misses or weak.is_due}


def _missed(
    learner: Learner, lesson: Lesson, now: datetime
) -> tuple[defaultdict[int, int], defaultdict[int, int]]:
    """How often each question, and each flashcard, was missed since it was last known."""
    said: list[tuple[datetime, tuple[str, int], bool]] = []
    for run, answer in _answers(learner, lesson):
        asked = run.quiz[answer.round]
        is_of_lesson = asked["id"] is not None and asked["kind"] not in UNSCORED_KINDS
        # Homework says what was right when it is over.
        if is_of_lesson and not is_open_homework(run, now):
            said.append((answer.answered_at, ("question", asked["id"]), answer.is_right))
    # A quiz alone is in the log too, once a day.
    elsewhere = learner.reviews.filter(
        memory__lesson=lesson, source__in=[Review.Source.REVIEW, Review.Source.GAME]
    )
    for at, rating, question, card in elsewhere.values_list(
        "reviewed_at", "rating", "memory__question", "memory__flashcard"
    ):
        was_known = rating != Rating.Again.value
        if question:
            said.append((at, ("question", question), was_known))
        elif card:
            said.append((at, ("flashcard", card), was_known))
    misses: dict[str, defaultdict[int, int]] = {
        "question": defaultdict(int),
        "flashcard": defaultdict(int),
    }
    for _at, (kind, pk), was_known in sorted(said):
        misses[kind][pk] = 0 if was_known else misses[kind][pk] + 1
    return misses["question"], misses["flashcard"]


def _answers(learner: Learner, lesson: Lesson) -> Iterator[tuple[Run, RunAnswer]]:
    """Of the learner's latest quizzes of the lesson."""
    runs = learner.runs.filter(lesson=lesson).order_by("-started_at").prefetch_related("answers")
    for run in runs[:MOST_RUNS]:
        for answer in run.answers.all():
            yield run, answer


def begin_personalised_run(
    learner: Learner, lesson: Lesson, at: datetime, sight: int | None
) -> Run | None:
    """A new run for this learner; None where nothing is missed or due."""
    weak = weaknesses(learner, lesson, sight, at)
    quiz = _quiz(learner, lesson, weak, sight)
    if not quiz:
        return None
    return Run.objects.create(
        learner=learner, lesson=lesson, title=lesson.title, quiz=quiz, started_at=at
    )


def _quiz(
    learner: Learner, lesson: Lesson, weak: Weaknesses, sight: int | None
) -> list[dict[str, Any]]:
    """As `Run.quiz` keeps it: each question has its row's `id`, or is `new` and tells where it is from."""
    whole = lesson.as_draft()
    told = whole.as_far_as(sight)
    questions = _by_row(lesson.questions_in_order(), told.questions)
    cards = _by_row(lesson.flashcards.all(), told.flashcards)
    spots = [WeakSpot(questions[pk], *known) for pk, known in weak.questions.items()]
    spots += [WeakSpot(cards[pk], *known) for pk, known in weak.flashcards.items()]
    new = _new_questions(learner, lesson, told, whole) if spots else []
    # What is chosen are these very objects.
    rows = {id(question): pk for pk, question in questions.items()}
    sources = {id(draft): source for draft, source in new}
    chosen = quiz_for(spots, told, [draft for draft, _ in new], LENGTH)
    return [
        each.question.model_dump(mode="json")
        | {"id": rows[id(each)], "new": None, "limit_ms": None}
        if isinstance(each, QuestionDraft)
        else each.item.model_dump(mode="json")
        | {"id": None, "new": sources[id(each)], "limit_ms": None}
        for each in chosen
    ]


Part = TypeVar("Part", QuestionDraft, CardDraft)


def _by_row(rows: QuerySet[Any], parts: Sequence[Part]) -> dict[int, Part]:
    return dict(zip(rows.values_list("pk", flat=True), parts, strict=False))


def _new_questions(
    learner: Learner, lesson: Lesson, told: LessonDraft, whole: LessonDraft
) -> list[tuple[Draft, dict[str, Any]]]:
    """Drafts good enough to be asked before a teacher has seen them, with where each is from.

    told   the lesson as far as it is open to the learner
    whole  all of it, of which nothing else may show
    """
    places = Places(told)
    hidden = whole.flashcards[len(told.flashcards) :]
    waiting = lesson.proposals.filter(
        state=Proposal.State.WAITING, score__gte=LEAST_SCORE, reported_at=None
    ).exclude(kind="flashcard")
    found = []
    for proposal in waiting.exclude(pk__in=_answered_rightly(learner, lesson)):
        draft = proposal.draft
        place = places.of(draft)
        if place and not _tells(draft, hidden):
            source = {"proposal": proposal.pk, "section": place.section, "sentence": place.sentence}
            found.append((draft._replace(section=place.section), source))
    return found


def _answered_rightly(learner: Learner, lesson: Lesson) -> set[int]:
    """New questions of earlier quizzes that need no second time (their proposals' numbers)."""
    answers = _answers(learner, lesson)
    known = [run.quiz[answer.round] for run, answer in answers if answer.is_right]
    return {asked["new"]["proposal"] for asked in known if asked.get("new")}


def _tells(draft: Draft, hidden: Sequence[CardDraft]) -> bool:
    """Does a question name or explain what these flashcards are about?"""
    item = draft.item.model_dump()
    texts = [item["prompt"], *item.get("options", ()), *item.get("accepted", ())]
    text = f" {folded(' '.join(texts))} "
    return any(
        f" {folded(said)} " in text
        for card in hidden
        for said in (*names_of(card.term), card.definition)
        if folded(said)
    )
