"""Questions that lean on the one before, such as “And why?”, told in full. Pure."""

import re
from collections.abc import Sequence

from lessons.tutor.words import Words, words

_LEANING_START = re.compile(r"(?:and|but|so|then|also|what else)\b(?! what about| how about)")
_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|he|him|his|she|her|this|these|those)\b"
    r"|\bthat(?= (?:is|was|does|did|mean|means|work|works|happen|happens|called)\b|$)"
)
_ASKING = re.compile(r"\b(?:who|whom|whose|when|where|why|how|which)\b")
MOST_WORDS = 6
"""Of the question before: a whole paragraph would drown the new one."""


def in_full(question: str, before: Sequence[str], of: Words) -> str:
    """The question with the subject of those before it, where it names none itself."""
    if not before or not _leans(question, of):
        return question
    subject = of.content(in_full(before[-1], before[:-1], of))[:MOST_WORDS]
    return f"{question.rstrip(' ?!.')} ({' '.join(subject)})?" if subject else question


def asks_for_more(question: str, of: Words) -> bool:
    """“Tell me more” asks for nothing but what hasn't been told."""
    return not of.content(question) and not _ASKING.search(" ".join(words(question)))


def _leans(question: str, of: Words) -> bool:
    plain = " ".join(words(question))
    if _LEANING_START.match(plain) or not of.content(question):
        return True
    pronoun = _PRONOUN.search(plain)
    # “What happens to a leaf when it dries?” has said what “it” is.
    return bool(pronoun and not of.content(plain[: pronoun.start()]))
