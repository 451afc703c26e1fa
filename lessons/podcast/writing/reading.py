"""A lesson in a language that the hosts have no phrases for: its notes, read by two voices. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from lessons.authoring.texts import blocks
from lessons.drafts import LessonDraft
from lessons.podcast.script import MOST_TURNS, Chapter, Script, Turn
from lessons.podcast.spoken import spoken, spoken_line
from lessons.podcast.writing.sentences import pieces
from lessons.spans import Span


class Item(NamedTuple):
    """An item of the notes or a paragraph, as it is said."""

    text: str
    span: Span


def items(notes: str, place: int, language: str) -> list[Item]:
    """All of a section's notes; `place` counts the lesson's sections from 0."""
    return [
        Item(text, Span("section", place, block.sentences[0].start, block.sentences[-1].end))
        for block in blocks(notes)
        if (text := spoken(block.text, language))
    ]


class ReadAloud:
    """Writes like `talk.Talk`, but adds no word of its own."""

    def __init__(self, draft: LessonDraft) -> None:
        self._draft = draft

    def chapter(self, place: int, body: Sequence[Turn] | None = None) -> Chapter:
        """A section's title and its notes, one voice after the other; or what was written of them."""
        section = self._draft.sections[place]
        if body is None:
            said = [
                (piece, item.span)
                for item in items(section.notes, place, self._draft.language)
                for piece in pieces(item.text)
            ]
            body = [
                Turn(speaker="a" if i % 2 else "b", text=text, span=span)
                for i, (text, span) in enumerate(said)
            ]
        title = Turn(speaker="a", text=self._line(section.title))
        return Chapter(title=section.title, section=place, turns=(title, *body))

    def script(self, sections: Sequence[Chapter]) -> Script:
        """Title and summary before the sections' chapters; together no longer than a script may be."""
        turns = [Turn(speaker="a", text=self._line(self._draft.title))]
        turns += [Turn(speaker="b", text=p) for p in pieces(self._line(self._draft.summary))]
        opening = Chapter(title=self._draft.title, turns=tuple(turns))
        left = MOST_TURNS - len(turns)
        if sum(len(chapter.turns) for chapter in sections) > left:
            most = left // len(sections)
            sections = [c.model_copy(update={"turns": c.turns[:most]}) for c in sections]
        return Script(language=self._draft.language, chapters=(opening, *sections))

    def _line(self, markdown: str) -> str:
        return spoken_line(markdown, self._draft.language) or markdown
