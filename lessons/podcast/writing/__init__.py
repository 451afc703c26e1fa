"""A script from a lesson: a stand-in until the real one is merged."""

from lessons.drafts import LessonDraft
from lessons.podcast.script import Chapter, Script, Turn


def script_of(draft: LessonDraft) -> Script:
    chapters = [
        Chapter(title=card.term[:120], turns=(Turn(speaker="b", text=card.definition[:1000]),))
        for card in draft.flashcards
    ]
    return Script(language=draft.language, chapters=tuple(chapters))
