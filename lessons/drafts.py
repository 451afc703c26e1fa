"""A whole lesson apart from the database: what a format reads and writes. Pure."""

from collections.abc import Mapping
from typing import Annotated, Any

import pydantic
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from lessons.cloze import cloze_problem
from lessons.explanations import UnknownExplanation, validated
from lessons.questions import ExplanationRef, Image, Line, Question, SingleChoice, Text


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _computable(ref: ExplanationRef) -> ExplanationRef:
    if problem := explanation_problem(ref.key, ref.params):
        raise ValueError(problem[1])
    return ref


def _playable(question: Question) -> Question:
    if question.limit_ms is not None and question.limit_ms % 1000:
        raise ValueError("the time limit must be whole seconds")
    if isinstance(question, SingleChoice) and question.also_right:
        raise ValueError("a single choice has one right option; several_right has more")
    if question.explanation:
        _computable(question.explanation)
    return question


def _cloze(definition: str) -> str:
    if problem := cloze_problem(definition):
        raise ValueError(problem)
    return definition


Explained = Annotated[ExplanationRef, AfterValidator(_computable)]


class SectionDraft(_Frozen):
    title: Line = Field(min_length=1, max_length=120)
    notes: Text = Field(default="", max_length=50_000)
    explanation: Explained | None = None


class QuestionDraft(_Frozen):
    """`section` is the title of the section that tells about it."""

    question: Annotated[Question, AfterValidator(_playable)]
    section: Line | None = None


class CardDraft(_Frozen):
    term: Line = Field(min_length=1, max_length=120)
    definition: Annotated[Text, AfterValidator(_cloze)] = Field(min_length=1, max_length=1000)
    image: Image | None = None
    explanation: Explained | None = None
    section: Line | None = None


class LessonDraft(_Frozen):
    slug: str = Field(pattern=r"^[-a-zA-Z0-9_]+$", max_length=80)
    title: Line = Field(min_length=1, max_length=120)
    summary: Line = Field(default="", max_length=500)
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20)
    sections: tuple[SectionDraft, ...] = Field(default=(), max_length=100)
    questions: tuple[QuestionDraft, ...] = Field(default=(), max_length=200)
    flashcards: tuple[CardDraft, ...] = Field(default=(), max_length=1000)

    def as_far_as(self, sight: int | None) -> "LessonDraft":
        """With so many questions and flashcards as `Lesson.open_to` says; None is all of them."""
        seen = {"questions": self.questions[:sight], "flashcards": self.flashcards[:sight]}
        return self.model_copy(update=seen)

    @model_validator(mode="after")
    def _sections_are_known(self) -> "LessonDraft":
        titles = [section.title for section in self.sections]
        for title in titles:
            if titles.count(title) > 1:
                raise ValueError(f"two sections have the title “{title}”")
        named = [question.section for question in self.questions]
        named += [card.section for card in self.flashcards]
        if missing := {title for title in named if title is not None} - set(titles):
            raise ValueError(f"there is no section “{min(missing)}”")
        return self


def explanation_problem(key: str, params: Mapping[str, Any]) -> tuple[str, str] | None:
    """Why that picture can't be computed: ("key" or "params", a sentence); None if it can."""
    try:
        validated(key, params)
    except UnknownExplanation as error:
        return "key", str(error)
    except pydantic.ValidationError as error:
        return "params", "; ".join(
            f"“{'.'.join(map(str, e['loc']))}”: {e['msg']}"
            for e in error.errors()
            # Said of a default that hangs on the parameter which is the real problem.
            if e["type"] != "default_factory_not_called"
        )
    return None
