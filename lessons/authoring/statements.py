"""Sentences that are true, and the same with a word or a number changed so that they aren't. Pure."""

import hashlib
from collections.abc import Sequence

from lessons.authoring.distractors import Pool, wrong_numbers
from lessons.authoring.draft import Draft
from lessons.authoring.gaps import Gap, wrong_terms
from lessons.authoring.reading import Reading
from lessons.authoring.texts import as_markdown
from lessons.authoring.words import put_in
from lessons.questions import TrueFalse

SHORTEST, LONGEST = 40, 200
LEAST_WORTH = 0.45
"""Of a term that is changed: a plain noun can often be changed and the sentence stay true."""


def true_or_false(gap: Gap, reading: Reading, pool: Pool, years: Sequence[str]) -> Draft | None:
    """The gap's sentence as it is, or with something wrong in the gap: half of all each way."""
    statement = gap.statement
    if statement.before or not SHORTEST <= len(as_markdown(statement.text)) <= LONGEST:
        return None
    if gap.score < LEAST_WORTH:
        return None
    text, right = statement.text, True
    # By the sentence, so that the same lesson always asks the same.
    if hashlib.sha256(text.encode()).digest()[0] % 2:
        if gap.term:
            wrong = wrong_terms(gap, pool, (_section(gap, reading),), count=1)
        else:
            wrong = wrong_numbers(gap.answer, years, text)[:1]
        if not wrong:
            return None
        text, right = put_in(text, gap.start, gap.end, wrong[0]), False
    question = TrueFalse(prompt=as_markdown(text), right=right, note=as_markdown(statement.text))
    # A sentence of the notes is a plain question; nobody has to think of anything.
    return Draft(question, statement.section, statement.span, statement.text, gap.score * 0.9)


def _section(gap: Gap, reading: Reading) -> str:
    """All that the section says: what it also speaks of could be true as well."""
    return " ".join(block.text for block in reading.blocks[gap.statement.span.place])
