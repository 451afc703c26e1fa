"""A question or flashcard that was made from a lesson and waits for a teacher's yes. Pure."""

import hashlib
import random
from collections.abc import Sequence
from typing import NamedTuple

from lessons.authoring.texts import Span
from lessons.cloze import without_braces
from lessons.drafts import CardDraft
from lessons.questions import Question, folded, right_answers


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
    def asked(self) -> str:
        """What the learner sees first."""
        return self.item.definition if isinstance(self.item, CardDraft) else self.item.prompt

    @property
    def answers(self) -> tuple[str, ...]:
        if isinstance(self.item, CardDraft):
            return (self.item.term,)
        return right_answers(self.item)

    @property
    def fingerprint(self) -> str:
        """The same for a draft that differs in spaces, capitals and punctuation alone.

        A rejected one is known by it. Wrong options don't count: others make no better question.
        """
        asked = folded(without_braces(self.asked))
        # Of a cloze text the gaps are the answer, whatever stands above it.
        text = "\n".join([self.kind, asked, *map(folded, self.answers)])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def mixed(options: Sequence[str], seed: str) -> list[str]:
    """The options in an order that is always the same for the same seed."""
    shuffled = sorted(options)
    random.Random(hashlib.sha256(seed.encode()).digest()).shuffle(shuffled)
    return shuffled
