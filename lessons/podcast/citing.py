"""What a turn rests on: the sentence as a learner reads it, and where the lesson's page says it."""

import re
from typing import NamedTuple
from urllib.parse import quote

from lessons.authoring.texts import plain_line
from lessons.cloze import without_braces
from lessons.drafts import LessonDraft
from lessons.models import Lesson
from lessons.spans import Span

SHORTEST_FRAGMENT = 8
_FORMULA = re.compile(r"\$[^$]*\$")


class Citation(NamedTuple):
    text: str
    address: str
    """On the lesson's page; empty where the lesson has no such part any more."""


class Citations:
    """Of scripts that were made from `source`, as the lesson is now."""

    def __init__(self, source: LessonDraft, lesson: Lesson) -> None:
        self._source = source
        self._page = lesson.get_absolute_url()
        # By title: numbers are others once something was moved.
        self._anchors = {
            "section": {s.title: s.anchor for s in lesson.sections.all()},
            "flashcard": {c.term: f"card-{c.pk}" for c in lesson.flashcards.all()},
            "question": {q.prompt: f"question-{q.pk}" for q in lesson.questions.all()},
        }

    def of(self, span: Span | None) -> Citation | None:
        """None for a turn that only leads on."""
        found = span and self._found(span)
        if not span or not found:
            return None
        title, written = found
        text = plain_line(" ".join(without_braces(written[span.start : span.end]).split()))
        if not text:
            return None
        anchor = self._anchors[span.of].get(title)
        return Citation(text, f"{self._page}#{anchor}{_fragment(text)}" if anchor else "")

    def section(self, place: int | None) -> str:
        """Where the lesson's page has that section; empty where it has none."""
        if place is None or place >= len(self._source.sections):
            return ""
        anchor = self._anchors["section"].get(self._source.sections[place].title)
        return f"{self._page}#{anchor}" if anchor else ""

    def _found(self, span: Span) -> tuple[str, str] | None:
        """By what the part is known, and what is written in it."""
        source = self._source
        match span.of:
            case "section" if span.place < len(source.sections):
                section = source.sections[span.place]
                return section.title, section.notes
            case "flashcard" if span.place < len(source.flashcards):
                card = source.flashcards[span.place]
                return card.term, card.definition
            case "question" if span.place < len(source.questions):
                question = source.questions[span.place].question
                return question.prompt, question.note
            case _:
                return None


def _fragment(text: str) -> str:
    """Has the browser mark the words: the longest run of them without a formula."""
    words = max(_FORMULA.split(text), key=len).strip()
    if len(words) < SHORTEST_FRAGMENT:
        return ""
    # A hyphen has a meaning of its own there.
    return f":~:text={quote(words, safe='').replace('-', '%2D')}"
