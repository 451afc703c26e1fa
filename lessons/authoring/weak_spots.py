"""A quiz for one learner: what was missed or is due, and new questions about the same. Pure."""

from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from typing import NamedTuple

from lessons.authoring.draft import Draft
from lessons.authoring.reading import Reading, Statement, read
from lessons.authoring.words import content_words, key, root
from lessons.cloze import without_braces
from lessons.drafts import CardDraft, LessonDraft, QuestionDraft
from lessons.questions import is_scored, right_answers

Item = QuestionDraft | CardDraft


class WeakSpot(NamedTuple):
    """An item of the lesson that the learner doesn't know well, or no longer."""

    item: Item
    misses: int = 0
    is_due: bool = False

    @property
    def weight(self) -> int:
        """Each miss counts as much as that it is due."""
        return self.misses + self.is_due


def quiz_for(
    spots: Sequence[WeakSpot], lesson: LessonDraft, drafts: Sequence[Draft], count: int
) -> list[QuestionDraft | Draft]:
    """Up to `count` different questions, the weakest spots first.

    To each spot belong the missed question itself, then drafts from the same sentence, then the
    lesson's own questions and drafts from the same section. One round goes through all spots before
    the second begins. Flashcards aren't asked, but are weak spots too.
    """
    reading = read(lesson)
    weakest = sorted(spots, key=lambda spot: -spot.weight)
    rounds = zip_longest(*(_different(_about(spot, reading, drafts)) for spot in weakest))
    return _different(filter(None, chain.from_iterable(rounds)))[:count]


def _different(asked: Iterable[QuestionDraft | Draft]) -> list[QuestionDraft | Draft]:
    """The first of those that ask the same."""
    first: dict[str, QuestionDraft | Draft] = {}
    for each in asked:
        first.setdefault(_what(each), each)
    return list(first.values())


def _about(
    spot: WeakSpot, reading: Reading, drafts: Sequence[Draft]
) -> list[QuestionDraft | Draft]:
    """What can be asked about the spot, the nearest first."""
    item = spot.item
    own = [item] if isinstance(item, QuestionDraft) else []
    asking = [draft for draft in drafts if not isinstance(draft.item, CardDraft)]
    source = source_of(item, reading)
    same = [draft for draft in asking if source and draft.sentence == source.text]
    if item.section is None:
        return [*own, *same]
    new = [draft for draft in asking if draft.section == item.section]
    known = [
        question
        for question in reading.lesson.questions
        if question.section == item.section and is_scored(question.question)
    ]
    return [*own, *same, *filter(None, chain.from_iterable(zip_longest(known, new)))]


def source_of(item: Item, reading: Reading) -> Statement | None:
    """The sentence of the notes that says most of what the item asks; None if none does."""
    words = {root(word) for word in content_words(_said(item))}
    best: tuple[float, Statement | None] = (0.0, None)
    for statement in reading.statements:
        if item.section in {None, statement.section}:
            its = {root(word) for word in content_words(statement.text)}
            shared = len(words & its) / (len(words | its) or 1)
            if shared > best[0]:
                best = shared, statement
    return best[1] if best[0] >= LEAST_SHARED else None


LEAST_SHARED = 0.2
"""Of the words of both."""


def _said(item: Item) -> str:
    if isinstance(item, CardDraft):
        return f"{item.term} {without_braces(item.definition)}"
    return " ".join([item.question.prompt, *right_answers(item.question)])


def _what(asked: QuestionDraft | Draft) -> str:
    """The same for two questions that ask the same: a word to type was already among the options."""
    question = asked.question if isinstance(asked, QuestionDraft) else asked.item
    assert not isinstance(question, CardDraft)
    return key(question.prompt)
