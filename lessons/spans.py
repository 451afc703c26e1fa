"""Where in a lesson something is said: what chat, podcast and made questions cite. Pure."""

from typing import Literal, NamedTuple

Part = Literal["section", "flashcard", "question"]


class Span(NamedTuple):
    """Characters `start` to `end` of a section's notes, a flashcard's definition or a question's note.

    `place` counts the lesson's sections, flashcards or questions from 0.
    """

    of: Part
    place: int
    start: int
    end: int
