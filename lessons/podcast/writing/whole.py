"""A lesson as a script: a talk if it is in English, else read aloud. Pure."""

from lessons.drafts import LessonDraft
from lessons.podcast.script import MOST_TURNS, Script
from lessons.podcast.writing.reading import ReadAloud
from lessons.podcast.writing.talk import Caption, Talk, caption


def script_of(draft: LessonDraft, caption_of: Caption = caption) -> Script:
    """The lesson as a talk of two hosts; the same lesson always gives the same."""
    talk = talk_of(draft, caption_of)
    return talk.script([talk.chapter(place) for place in range(len(draft.sections))])


def talk_of(draft: LessonDraft, caption_of: Caption = caption) -> Talk | ReadAloud:
    """Who writes the lesson's chapters, one after the other."""
    is_english = draft.language.partition("-")[0].lower() == "en"
    short = _sayable(draft)
    return Talk(short, caption_of) if is_english else ReadAloud(short)


MOST_CHARACTERS = MOST_TURNS // 2 * 360
"""Of notes: more wouldn't fit into all of host B's turns, if each had its 60 words."""


def _sayable(draft: LessonDraft) -> LessonDraft:
    """The lesson, of notes longer than any talk their beginnings: reading the rest would take long."""
    if sum(len(section.notes) for section in draft.sections) <= MOST_CHARACTERS:
        return draft
    most = MOST_CHARACTERS // len(draft.sections)
    cut = [s.model_copy(update={"notes": s.notes[:most]}) for s in draft.sections]
    return draft.model_copy(update={"sections": tuple(cut)})
