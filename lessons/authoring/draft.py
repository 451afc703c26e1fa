"""A question or flashcard that was made from a lesson and waits for a teacher's yes. Pure."""

import hashlib
import random
from collections.abc import Sequence
from typing import NamedTuple

from lessons.cloze import cloze_numbers, gaps, without_braces
from lessons.drafts import CardDraft
from lessons.questions import Question, folded, right_answers
from lessons.spans import Span


class Draft(NamedTuple):
    item: Question | CardDraft
    section: str | None
    span: Span
    """What it was made from."""
    sentence: str
    """The same as a learner reads it."""
    score: float
    """0 to 1: how likely it is a good one."""

    @property
    def kind(self) -> str:
        """The question's kind, or “flashcard”."""
        return "flashcard" if isinstance(self.item, CardDraft) else self.item.kind

    @property
    def is_cloze(self) -> bool:
        return isinstance(self.item, CardDraft) and bool(cloze_numbers(self.item.definition))

    @property
    def asked(self) -> str:
        """What the learner sees first."""
        return self.item.definition if isinstance(self.item, CardDraft) else self.item.prompt

    @property
    def answers(self) -> tuple[str, ...]:
        """What the learner is to know: right answers, a flashcard's term or its gaps."""
        if isinstance(self.item, CardDraft):
            return tuple(gap.text for gap in gaps(self.item.definition)) or (self.item.term,)
        return right_answers(self.item)

    @property
    def fingerprint(self) -> str:
        """The same for a draft that differs in spaces, capitals and punctuation alone.

        A rejected one is known by it. Wrong options don't count, nor which gaps a cloze text has:
        others make no better draft.
        """
        answers = () if self.is_cloze else self.answers
        text = "\n".join(map(folded, [self.kind, without_braces(self.asked), *answers]))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def mixed(options: Sequence[str], seed: str) -> list[str]:
    """The options in an order that is always the same for the same seed."""
    shuffled = sorted(options)
    random.Random(hashlib.sha256(seed.encode()).digest()).shuffle(shuffled)
    return shuffled
