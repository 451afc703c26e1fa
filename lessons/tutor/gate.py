"""Whether a lesson answers a question, from signs that can be read off without a model. Pure.

No single sign tells what the lessons of tests/lessons/texts/ answer from what they don't: BM25's
score alone has an area of 0.77 under the curve, the best cosine 0.86, all signs together 0.96 (0.95
without vectors; each question left out of its own fit). The weights are a logistic regression.
"""

import math
import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from lessons.tutor.kinds import asked_kind
from lessons.tutor.retrieval import Index, Ranking
from lessons.tutor.words import rarity

Verdict = Literal["answer", "closest", "not_in_lesson"]

ANSWERS_FROM = 0.55
CLOSEST_FROM = 0.3
READ = 3
"""How many of the nearest passages are looked at."""


class Judgement(NamedTuple):
    verdict: Verdict
    chance: float
    """That the lesson answers it."""
    missing: str = ""
    """What the question is about and the lesson doesn't mention, as it was asked; often nothing."""


class Signs(NamedTuple):
    """What speaks for and against an answer, each from 0 to 1."""

    similar: float
    """The best cosine of a sentence in the nearest passages; 0 without vectors."""
    lexical: float
    """BM25 of the best passage."""
    covered: float
    """The share of the question's words in one of the nearest passages, rare words counting more."""
    strange: float
    """How rare the rarest word is that the lesson doesn't have."""
    foreign: float
    """How rare the words that the lesson doesn't have are, summed, by all words of the question."""
    named: float
    """1 for a name or a number that the lesson doesn't have."""
    mismatched: float
    """1 if a date, a number or a person is asked for and none is near, 0.5 if none that fits is."""


WITH_VECTORS = Signs(3.75, 0.15, 1.8, -1.2, -2.65, -1.65, -3.65)
WITH_VECTORS_BIAS = -0.6
BY_WORDS = Signs(0, 0.55, 1.95, -1.1, -3.2, -2.05, -3.75)
BY_WORDS_BIAS = 1.35


def judge(index: Index, ranking: Ranking) -> Judgement:
    strange = _strangeness(index, ranking)
    missing = _missing(ranking.question, strange)
    if not (ranking.lexical.any() or ranking.similar.any()):
        return Judgement("not_in_lesson", 0.0, missing)
    weights, bias = (
        (WITH_VECTORS, WITH_VECTORS_BIAS) if index.has_vectors else (BY_WORDS, BY_WORDS_BIAS)
    )
    signs = signs_of(index, ranking, strange)
    weighed = bias + sum(w * s for w, s in zip(weights, signs, strict=True))
    chance = 1 / (1 + math.exp(-weighed))
    if chance >= ANSWERS_FROM:
        return Judgement("answer", chance)
    return Judgement("closest" if chance >= CLOSEST_FROM else "not_in_lesson", chance, missing)


def signs_of(index: Index, ranking: Ranking, strange: Mapping[str, float]) -> Signs:
    names = " ".join(_NAMES.findall(ranking.question)).lower().split()
    near = ranking.best(READ)
    return Signs(
        similar=max(float(ranking.similar[index.passage_of == i].max()) for i in near),
        lexical=min(1.0, float(ranking.lexical.max()) / 10),
        covered=_covered(index, ranking.terms, near),
        strange=max(strange.values(), default=0.0),
        foreign=sum(strange.values()) / max(1, len(ranking.content)),
        named=float(any(word in names or word[0].isdigit() for word in strange)),
        mismatched=_mismatched(index, ranking, near) if index.words.is_english else 0.0,
    )


_NAMES = re.compile(r"(?<!^)\b[A-ZÀ-Þ][\w-]*(?: [A-ZÀ-Þ][\w-]*)*")

STRANGENESS_ELSEWHERE = 0.7
"""Which words are rare is only known of English."""


def _strangeness(index: Index, ranking: Ranking) -> dict[str, float]:
    """How rare each word of the question is that the lesson doesn't have."""
    asked = zip(ranking.content, ranking.terms, strict=True)
    unknown = [word for word, stem in asked if stem not in index.known]
    return {w: rarity(w) if index.words.is_english else STRANGENESS_ELSEWHERE for w in unknown}


def _missing(question: str, strange: Mapping[str, float]) -> str:
    """A whole name, or a word so rare that the question must be about it."""
    for name in _NAMES.findall(question):
        if not strange.keys().isdisjoint(name.lower().split()):
            return str(name)
    return next((word for word, how_strange in strange.items() if how_strange == 1.0), "")


def _covered(index: Index, asked: tuple[str, ...], near: list[int]) -> float:
    weights = {stem: index.weight(stem) for stem in asked}
    if not weights:
        return 0.0
    total = sum(weights.values())
    return max(sum(weights[t] for t in weights if t in index.terms_of[i]) / total for i in near)


def _mismatched(index: Index, ranking: Ranking, near: list[int]) -> float:
    asked = asked_kind(ranking.question)
    if not asked:
        return 0.0
    telling = [i for i in near if asked.is_told(index.passages[i].text)]
    if not telling:
        return 1.0
    # The year beside somebody else is no year of birth, and a number of people none of layers.
    subject = max(ranking.terms, key=index.weight, default="")
    counted = set(index.words.terms(asked.counted))
    for i in telling:
        is_about = subject in index.terms_of[i] or subject not in index.known
        if is_about and counted <= set(index.words.terms(index.passages[i].text)):
            return 0.0
    return 0.5
