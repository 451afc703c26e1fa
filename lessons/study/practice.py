"""Play Quiz alone: one go at a lesson's questions."""

import random
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from pydantic import Field

from lessons.drafts import explanation_problem
from lessons.gallery import link_to
from lessons.markdown import enriched
from lessons.models import Lesson
from lessons.questions import (
    FULL_CREDIT,
    Answer,
    ExplanationRef,
    Question,
    any_question,
    credit,
    fits,
    is_asked,
    is_scored,
)
from lessons.shown import KeyView, Link, Message, QuestionView, key_view, question_view
from lessons.study.models import Learner, Review, Run, RunAnswer
from lessons.study.spaced_repetition import count_answers

LONGEST_MS = 24 * 60 * 60 * 1000
"""More than a day at a question is a tab that was left open."""


class GivenAnswer(Message):
    """From the browser: what the learner says; None is “I don't know”."""

    round: int = Field(ge=0)
    answer: Answer | None
    elapsed_ms: int = Field(ge=0)


class PictureLink(Link):
    """The page of the picture, and where its numbers are, to draw it here."""

    json_address: str


class Verdict(Message):
    """What became of an answer, and only now the question's key."""

    round: int
    answer: Answer | None
    is_right: bool
    part: float
    """Of a right answer, from 0 to 1."""
    elapsed_ms: int
    key: KeyView
    note: str
    rich: dict[str, str]
    picture: PictureLink | None


class RunView(Message):
    """A run as its learner comes to it, for the first time or again."""

    key: str
    title: str
    language: str
    back: str
    """The lesson's page; the list's where the lesson is gone."""
    answer_address: str
    again_address: str
    """Where another run begins; empty where the lesson is gone."""
    questions: tuple[QuestionView, ...]
    verdicts: tuple[Verdict, ...]
    closed: str
    """Why no answer is taken any more, in words; empty while it is."""


MESSAGES: tuple[type[Message], ...] = (GivenAnswer, Verdict, RunView)


class Refused(Exception):
    """The answer isn't taken, for a reason in words."""


class Closed(Refused):
    """Nor is any other of this run."""


def begin_run(
    learner: Learner,
    lesson: Lesson,
    at: datetime,
    *,
    first: int | None = None,
    only: Collection[int] | None = None,
    chance: random.Random | None = None,
    has_limits: bool = True,
    is_homework: bool = False,
    closes_at: datetime | None = None,
) -> Run:
    """A new run with the lesson's questions as they are now.

    first       how many of them, from the first on; None is all
    only        which of those (their rows' numbers); None is all
    chance      shuffles them; None leaves them in the lesson's order
    has_limits  keep the time limits, as a hint
    """
    chosen = [
        (row.pk, row.as_question())
        for row in lesson.questions_in_order()[:first]
        if only is None or row.pk in only
    ]
    if chance:
        # A slide belongs where it stands.
        chosen = [(pk, question) for pk, question in chosen if is_asked(question)]
        chance.shuffle(chosen)
    return Run.objects.create(
        learner=learner,
        lesson=lesson,
        title=lesson.title,
        quiz=[
            question.model_dump(mode="json")
            | {"id": pk}
            | ({} if has_limits else {"limit_ms": None})
            for pk, question in chosen
        ],
        started_at=at,
        is_homework=is_homework,
        closes_at=closes_at,
    )


@transaction.atomic
def take_answer(run: Run, given: GivenAnswer, at: datetime) -> RunAnswer:
    """Store the first answer to a round; what is stored already, whatever comes later.

    Raises Closed after the run's end, and Refused for what can't be an answer.
    """
    # One answer after the other: whoever gives the last one finishes the run.
    locked = Run.objects.select_for_update(of=("self",))
    run = locked.select_related("learner", "lesson").get(pk=run.pk)
    if stored := run.answers.filter(round=given.round).first():
        return stored
    if why := closed(run, at):
        raise Closed(why)
    questions = questions_of(run)
    if given.round >= len(questions) or not is_asked(question := questions[given.round]):
        raise Refused(_("There is no such question in this quiz."))
    if given.answer is not None and not fits(question, given.answer):
        raise Refused(_("That can’t be an answer to this question. Try again."))
    earned = credit(question, given.answer) if given.answer else 0
    stored = run.answers.create(
        round=given.round,
        answer=given.answer and given.answer.model_dump(mode="json"),
        credit=earned,
        is_right=earned == FULL_CREDIT,
        elapsed_ms=min(given.elapsed_ms, LONGEST_MS),
        answered_at=at,
    )
    if run.lesson and is_scored(question):
        count_answers(
            run.learner,
            run.lesson,
            {run.quiz[given.round]["id"]: stored.is_right},
            at,
            Review.Source.HOMEWORK if run.is_homework else Review.Source.QUIZ,
            run.title,
        )
    if run.answers.count() == sum(map(is_asked, questions)):
        run.finished_at = at
        run.save(update_fields=["finished_at"])
    return stored


def closed(run: Run, at: datetime) -> str:
    """Why the run takes no more answers, in words; empty while it does."""
    if run.closes_at and at > run.closes_at:
        return _("The time for this quiz is over. What you answered until then counts.")
    return ""


def questions_of(run: Run) -> list[Question]:
    """The run's questions with their keys, as they were when it began."""
    return [
        any_question.validate_python({k: v for k, v in frozen.items() if k != "id"})
        for frozen in run.quiz
    ]


def missed_in(run: Run) -> set[int]:
    """The scored questions of a run that were answered, and not rightly (their rows' numbers)."""
    questions = questions_of(run)
    return {
        run.quiz[answer.round]["id"]
        for answer in run.answers.all()
        if not answer.is_right and is_scored(questions[answer.round])
    }


def run_view(run: Run, at: datetime) -> RunView:
    """All that the run's page needs: of a question that isn't answered yet, nothing of its key."""
    questions, lesson = questions_of(run), run.lesson
    # Of a lesson that is gone the address serves on as the run's name.
    slug = lesson.slug if lesson else "-"
    return RunView(
        key=run.key,
        title=run.title,
        language=lesson.language if lesson else "",
        back=lesson.get_absolute_url() if lesson else reverse("lesson_list"),
        answer_address=reverse("answer_practice", args=[slug, run.key]),
        again_address=reverse("begin_practice", args=[slug]) if lesson else "",
        questions=tuple(question_view(question) for question in questions),
        verdicts=tuple(verdict(questions[a.round], a) for a in run.answers.all()),
        closed=closed(run, at),
    )


def verdict(question: Question, stored: RunAnswer) -> Verdict:
    """What the learner is told of a stored answer."""
    return Verdict(
        round=stored.round,
        answer=stored.answer,
        is_right=stored.is_right,
        part=stored.credit / FULL_CREDIT,
        elapsed_ms=stored.elapsed_ms,
        key=key_view(question),
        note=question.note,
        rich=enriched(question.note),
        picture=picture_link(question.explanation),
    )


def picture_link(ref: ExplanationRef | None) -> PictureLink | None:
    """None too where the picture's parameters stopped making sense since it was chosen."""
    if ref is None or explanation_problem(ref.key, ref.params):
        return None
    link = link_to(ref)
    query = link["address"].partition("?")[2]
    return PictureLink(
        title=link["title"],
        address=link["address"],
        json_address=reverse("picture", args=[ref.key]) + (f"?{query}" if query else ""),
    )
