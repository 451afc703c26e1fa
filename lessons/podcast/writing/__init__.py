"""A script out of a lesson: a stand-in."""

from lessons.authoring.texts import blocks
from lessons.drafts import LessonDraft
from lessons.podcast.script import Chapter, Script, Turn
from lessons.spans import Span


def script_of(draft: LessonDraft) -> Script:
    opening = Chapter(title="Opening", turns=(Turn(speaker="a", text=f"Today: {draft.title}."),))
    chapters = [opening]
    for place, section in enumerate(draft.sections):
        turns = [Turn(speaker="a", text=f"What about {section.title}?")]
        for block in blocks(section.notes):
            for said in block.sentences:
                span = Span("section", place, said.start, said.end)
                turns.append(Turn(speaker="b", text=said.text[:1000], span=span))
        chapters.append(Chapter(title=section.title, section=place, turns=tuple(turns)))
    chapters.append(Chapter(title="The end", turns=(Turn(speaker="a", text="That was it."),)))
    return Script(language=draft.language, chapters=tuple(chapters))
