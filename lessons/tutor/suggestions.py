"""Questions to offer: each one the lesson answers. Pure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext

from lessons.drafts import LessonDraft
from lessons.tutor.gate import judge
from lessons.tutor.retrieval import Index


class Suggestion(NamedTuple):
    question: str
    terms: frozenset[str]
    """What it is about, as stems."""
    section: str | None


LONGEST_TERM_WORDS = 4


def suggestions(draft: LessonDraft, index: Index) -> tuple[Suggestion, ...]:
    """What the flashcards' terms and the notes' words in bold mean, one section after the other."""
    seen: set[frozenset[str]] = set()
    by_section: dict[str | None, list[Suggestion]] = {s.title: [] for s in draft.sections}
    for term, section in _terms(draft):
        terms = frozenset(index.words.terms(term))
        question = gettext("What does “%(term)s” mean?") % {"term": term}
        if terms and terms not in seen and _is_answered(index, term):
            seen.add(terms)
            by_section.setdefault(section, []).append(Suggestion(question, terms, section))
    in_turn: list[Suggestion] = []
    while rest := [queue for queue in by_section.values() if queue]:
        in_turn += [queue.pop(0) for queue in rest]
    return tuple(in_turn)


def _terms(draft: LessonDraft) -> Iterator[tuple[str, str | None]]:
    for card in draft.flashcards:
        yield re.sub(r"\s*\(.*?\)", "", card.term), card.section
    for section in draft.sections:
        for bold in re.findall(r"\*\*([^*]+)\*\*", section.notes):
            term = " ".join(bold.split())
            if len(term.split()) <= LONGEST_TERM_WORDS and term[-1].isalnum():
                yield term, section.title


def _is_answered(index: Index, term: str) -> bool:
    return judge(index, index.search(term)).verdict == "answer"
