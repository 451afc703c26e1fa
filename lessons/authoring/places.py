"""Where the sentence of a draft stands in its lesson now: notes are edited after drafts are made. Pure."""

from collections import defaultdict
from typing import NamedTuple

from lessons.authoring.draft import Draft
from lessons.authoring.reading import Statement, read
from lessons.authoring.texts import plain_line
from lessons.drafts import LessonDraft


class Place(NamedTuple):
    """A sentence with those around it, as plain text."""

    section: str | None
    before: str
    sentence: str
    after: str


class Places:
    """All sentences of a lesson, to look some up."""

    def __init__(self, lesson: LessonDraft) -> None:
        reading = read(lesson)
        self._blocks = reading.blocks
        self._statements: defaultdict[str, list[Statement]] = defaultdict(list)
        for statement in reading.statements:
            self._statements[statement.text].append(statement)
        self._cards = {
            plain_line(" ".join(card.definition.split())): card for card in lesson.flashcards
        }

    def of(self, draft: Draft) -> Place | None:
        """In the draft's own section if it stands there; None where the lesson has it no longer."""
        if draft.span.of == "flashcard":
            card = self._cards.get(draft.sentence)
            return Place(card.section, f"{card.term}:", draft.sentence, "") if card else None
        there = self._statements.get(draft.sentence)
        if not there:
            return None
        return self._around(next((s for s in there if s.section == draft.section), there[0]))

    def _around(self, statement: Statement) -> Place:
        sentence = statement.sentence
        block = next(
            block for block in self._blocks[statement.span.place] if sentence in block.sentences
        )
        at = block.sentences.index(sentence)
        before, after = block.sentences[max(0, at - 1) : at], block.sentences[at + 1 : at + 2]
        return Place(
            statement.section,
            " ".join(each.text for each in before),
            sentence.text,
            " ".join(each.text for each in after),
        )
