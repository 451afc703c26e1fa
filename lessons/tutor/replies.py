"""What the tutor replies. Every sentence names the place in the lesson that it comes from."""

from typing import Annotated, Literal

from pydantic import Field

from lessons.questions import ExplanationRef
from lessons.shown import Message
from lessons.spans import Part, Span
from lessons.tutor.passages import Passage


class Source(Message):
    """Characters `start` to `end` of a section's notes, a flashcard's definition or a question's note.

    `place` counts the lesson's sections, flashcards or questions from 0.
    """

    of: Part
    place: int
    start: int
    end: int
    item: int
    """Which item or paragraph of a section's notes, from 0."""
    heading: str
    """The section's title, the flashcard's term or the question."""


class Told(Message):
    """A sentence, and what in the lesson says so."""

    type: Literal["told"] = "told"
    text: str
    source: Source


class Answered(Message):
    type: Literal["answered"] = "answered"
    told: tuple[Told, ...] = Field(min_length=1)
    by: Literal["lesson", "model"]
    """The lesson's own sentences, or a language model's that the lesson's bear out."""
    explanation: ExplanationRef | None
    """The picture that goes with it."""
    next_questions: tuple[str, ...]
    model_failed: str = ""
    """Why the lesson speaks although a model was asked, in words for the reader."""


class Closest(Message):
    """The lesson doesn't quite answer that; this is what comes nearest."""

    type: Literal["closest"] = "closest"
    sentence: str
    told: tuple[Told, ...]
    next_questions: tuple[str, ...]


class NotInLesson(Message):
    type: Literal["not_in_lesson"] = "not_in_lesson"
    sentence: str
    nearest: int | None
    """Which section comes nearest, from 0; None where the lesson has none, or none comes near."""
    next_questions: tuple[str, ...]


Reply = Annotated[Answered | Closest | NotInLesson, Field(discriminator="type")]


def told(text: str, passage: Passage, span: Span) -> Told:
    place = Source(**span._asdict(), item=passage.item, heading=passage.heading)
    return Told(text=text, source=place)
