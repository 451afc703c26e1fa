"""Play Quiz alone: one go at a lesson's questions."""

import random
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from pydantic import Field

from lessons.authoring.models import Proposal
from lessons.authoring.texts import as_markdown
from lessons.drafts import explanation_problem
from lessons.gallery import link_to
from lessons.markdown import enriched, inline
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


class Source(Message):
    """The sentence that a new question was made from; no teacher has approved of it yet."""

    sentence: str
    """HTML."""
    section: Link | None
    report_address: str
    is_reported: bool
    """Not a good question, the learner says."""


class ReportedQuestion(Message):
    """From the browser: which new question is no good."""

    round: int = Field(ge=0)


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
    source: Source | None
    """Of a question that was made from the notes for this learner."""


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
    new: tuple[int, ...]
    """The rounds whose questions were made from the notes for this learner."""
    verdicts: tuple[Verdict, ...]
    closed: str
    """Why no answer is taken any more, in words; empty while it is."""


MESSAGES: tuple[type[Message], ...] = (GivenAnswer, ReportedQuestion, Verdict, RunView)


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
    # A new question has no row whose memory could be reviewed.
    row = run.quiz[given.round]["id"]
    if run.lesson and is_scored(question) and row is not None:
        count_answers(
            run.learner,
            run.lesson,
            {row: stored.is_right},
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
    return [_question(frozen) for frozen in run.quiz]


def _question(frozen: Mapping[str, Any]) -> Question:
    return any_question.validate_python({k: v for k, v in frozen.items() if k not in _ABOUT})


_ABOUT = {"id", "new"}
"""What a run keeps of each question besides the question."""


def missed_in(run: Run) -> set[int]:
    """The lesson's scored questions that were answered, and not rightly (their rows' numbers)."""
    questions = questions_of(run)
    return {
        run.quiz[answer.round]["id"]
        for answer in run.answers.all()
        if not answer.is_right
        and is_scored(questions[answer.round])
        and run.quiz[answer.round]["id"] is not None
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
        new=tuple(round for round, asked in enumerate(run.quiz) if asked.get("new")),
        verdicts=tuple(verdict(run, a) for a in run.answers.all()),
        closed=closed(run, at),
    )


def verdict(run: Run, stored: RunAnswer) -> Verdict:
    """What the learner is told of a stored answer."""
    question = _question(run.quiz[stored.round])
    source = _source(run, stored.round)
    # The note of a question that was made is its sentence.
    note = "" if source else question.note
    return Verdict(
        round=stored.round,
        answer=stored.answer,
        is_right=stored.is_right,
        part=stored.credit / FULL_CREDIT,
        elapsed_ms=stored.elapsed_ms,
        key=key_view(question),
        note=note,
        rich=enriched(note),
        picture=picture_link(question.explanation),
        source=source,
    )


def _source(run: Run, round: int) -> Source | None:
    new = run.quiz[round].get("new")
    if not new:
        return None
    slug = run.lesson.slug if run.lesson else "-"
    section = run.lesson and run.lesson.sections.filter(title=new["section"]).first()
    return Source(
        sentence=inline(as_markdown(new["sentence"])),
        section=Link(
            title=section.title, address=f"{section.lesson.get_absolute_url()}#{section.anchor}"
        )
        if section
        else None,
        report_address=reverse("report_question", args=[slug, run.key]),
        is_reported=new.get("is_reported", False),
    )


@transaction.atomic
def report(run: Run, round: int, at: datetime) -> RunAnswer:
    """A new question is no good: its teacher will see it, and nobody is asked it any more.

    Raises Refused for another question, or before it was answered.
    """
    run = Run.objects.select_for_update(of=("self",)).select_related("lesson").get(pk=run.pk)
    stored = run.answers.filter(round=round).first()
    if stored is None or not run.quiz[round].get("new"):
        raise Refused(_("There is no such question in this quiz."))
    run.quiz[round]["new"]["is_reported"] = True
    run.save(update_fields=["quiz"])
    reported = Proposal.objects.filter(pk=run.quiz[round]["new"]["proposal"], reported_at=None)
    reported.update(reported_at=at)
    stored.run = run
    return stored


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
