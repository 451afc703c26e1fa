"""A lesson in a language that the hosts have no phrases for: its notes, read by two voices. Pure."""

from collections.abc import Iterator
from itertools import cycle

from lessons.authoring.texts import blocks
from lessons.drafts import LessonDraft
from lessons.podcast.script import MOST_TURNS, Chapter, Script, Turn
from lessons.podcast.spoken import spoken, spoken_line
from lessons.podcast.writing.sentences import pieces
from lessons.spans import Span


def read_aloud(draft: LessonDraft) -> Script:
    """Title and summary, then each section's title and notes, one voice after the other."""

    def line(markdown: str) -> str:
        return spoken_line(markdown, draft.language) or markdown

    opening = [Turn(speaker="a", text=line(draft.title))]
    opening += [Turn(speaker="b", text=piece) for piece in pieces(line(draft.summary))]
    chapters = [Chapter(title=draft.title, turns=tuple(opening))]
    each = (MOST_TURNS - len(opening)) // max(1, len(draft.sections))
    for place, section in enumerate(draft.sections):
        title = Turn(speaker="a", text=line(section.title))
        turns = (title, *_notes(section.notes, place, draft.language))[:each]
        chapters.append(Chapter(title=section.title, section=place, turns=turns))
    return Script(language=draft.language, chapters=tuple(chapters))


def _notes(notes: str, place: int, language: str) -> Iterator[Turn]:
    voices = cycle("ba")
    for block in blocks(notes):
        span = Span("section", place, block.sentences[0].start, block.sentences[-1].end)
        for piece in pieces(spoken(block.text, language)):
            yield Turn(speaker=next(voices), text=piece, span=span)
