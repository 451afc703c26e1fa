"""An answer in the lesson's own sentences. Pure."""

import re

import numpy as np
from rapidfuzz import fuzz

from lessons.tutor.kinds import asked_kind
from lessons.tutor.passages import Sentence
from lessons.tutor.retrieval import Floats, Index, Ranking

MOST_SENTENCES = 3
FOLLOWS_CLOSELY = 0.92
"""A second passage is told where it is nearly as near as the first."""
STILL_ABOUT_IT = 0.75
"""Of the nearest passage: what is farther away is no more of the same."""
SAYS_THE_SAME = 80
"""Shared words of two sentences, in percent of the shorter one's."""


def extracted(
    index: Index, ranking: Ranking, told: frozenset[Sentence] = frozenset()
) -> tuple[Sentence, ...]:
    """Up to three sentences, the passage that answers best first; none of those `told` before."""
    scores = _scores(index, ranking)
    chosen: list[Sentence] = []
    first = 0.0
    terms = set(ranking.terms) & index.known
    nearest = float(ranking.near.max(initial=0.0))
    for at in np.argsort(-scores, kind="stable"):
        passage = int(index.passage_of[at])
        near = float(ranking.near[passage])
        if near < (FOLLOWS_CLOSELY * first if chosen else STILL_ABOUT_IT * nearest):
            break
        if chosen and terms and terms.isdisjoint(index.terms_of[passage]):
            continue
        sentences = [s for s in index.passages[passage].sentences if s not in told]
        if not sentences or any(s in chosen or _repeats(s, chosen) for s in sentences):
            continue
        chosen += _around(index.sentences[at], sentences, MOST_SENTENCES - len(chosen))
        first = first or near
        if len(chosen) >= MOST_SENTENCES:
            break
    return tuple(chosen)


def _scores(index: Index, ranking: Ranking) -> Floats:
    """(sentences,)  how well each answers, the nearness of its passage counting most."""
    weights = {term: index.weight(term) for term in set(ranking.terms) & index.known}
    total = sum(weights.values()) or 1.0
    asked = asked_kind(ranking.question) if index.words.is_english else None
    scores = 2 * ranking.near[index.passage_of] + 0.3 * ranking.similar
    for i, sentence in enumerate(index.sentences):
        shared = weights.keys() & index.terms_said[i]
        scores[i] += 0.15 * sum(weights[term] for term in shared) / total
        scores[i] += 0.2 * (asked is not None and asked.is_told(sentence.text))
        scores[i] += 0.1 * (sentence == index.passages[index.passage_of[i]].sentences[0])
    return scores


_LEANS = re.compile(r"(?:It|Its|They|Their|Them|That|This|These|Those|Here|He|She|His|Her)\b")


def _around(best: Sentence, sentences: list[Sentence], room: int) -> list[Sentence]:
    """The best sentence and what follows, after the one before it where it leans on that."""
    at = sentences.index(best) if best in sentences else 0
    if _LEANS.match(sentences[at].text):
        at = max(0, at - 1)
    start = max(0, min(at, len(sentences) - room))
    return sentences[start : start + room]


def _repeats(sentence: Sentence, chosen: list[Sentence]) -> bool:
    return any(fuzz.token_set_ratio(sentence.text, c.text) >= SAYS_THE_SAME for c in chosen)
