"""Which passages of a lesson are nearest to a question: by its words, and by their meaning. Pure.

Words: BM25 (Robertson and Zaragoza 2009; `bm25s`) over stems, with the section's heading and the
lesson's other names in every passage. Meaning: cosine of sentence vectors, where these are installed.
"""

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import bm25s
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from lessons.drafts import LessonDraft
from lessons.questions import TypedText
from lessons.tutor.passages import Passage, Sentence, passages
from lessons.tutor.vectors import SentenceVectors, Vectors
from lessons.tutor.words import Words, acronyms, rarity, words

Floats = NDArray[np.float32]

# From the questions about three lessons in tests/lessons/texts/, see `evaluate_chat`.
WORDS_WEIGH = 0.25
"""The best match of words against a cosine, which is about 0.6 for a good match of meaning."""
IS_DEFINED = 0.3
"""A question that holds nothing but a flashcard's term asks for its definition."""
NOTE_WEIGHS_LESS = 0.2
"""The note of a question is near because of the question before it, and seldom says it all."""

MOST_SENTENCES_MEANT = 1500
"""Longer lessons are searched by their words alone."""


class Ranking(NamedTuple):
    """How near a question is to every passage and every sentence of a lesson."""

    question: str
    """With its slips of the finger mended."""
    content: tuple[str, ...]
    """The words of it that carry content, in its order."""
    terms: tuple[str, ...]
    """Their stems."""
    lexical: Floats
    """(passages,)  BM25, 0 where no word is shared."""
    similar: Floats
    """(sentences,)  cosine, all 0 without vectors."""
    near: Floats
    """(passages,)  both together."""

    def best(self, count: int) -> list[int]:
        """The nearest passages, best first; of equals, the one that comes first in the lesson."""
        return [int(i) for i in np.argsort(-self.near, kind="stable")[:count]]


class Index:
    """One lesson, ready to be searched; without vectors, by words alone."""

    def __init__(self, draft: LessonDraft, vectors: SentenceVectors | None) -> None:
        self.words = Words(draft.language)
        self.passages = passages(draft)
        self.sentences: tuple[Sentence, ...] = tuple(s for p in self.passages for s in p.sentences)
        self.terms_said = [frozenset(self.words.terms(s.text)) for s in self.sentences]
        counts = [len(passage.sentences) for passage in self.passages]
        self.passage_of = np.repeat(np.arange(len(counts)), counts)  # (sentences,)
        self._is_note = np.array([p.of == "question" for p in self.passages], dtype=np.float32)
        # The vectors are of English, and a book would keep its first reader waiting for minutes.
        is_meant = self.words.is_english and len(self.sentences) <= MOST_SENTENCES_MEANT
        self._vectors = vectors if is_meant else None
        names = list(_other_names(draft, self.words))
        terms = [self._expanded(passage, names) for passage in self.passages]
        self.terms_of = [frozenset(of_one) for of_one in terms]
        self.known = frozenset(self.words.terms(draft.title)).union(*self.terms_of)
        self._spellings = sorted(
            {word for p in self.passages for word in self.words.content(f"{p.heading} {p.text}")}
        )
        self._bm25 = bm25s.BM25()
        if any(terms):
            self._bm25.index(terms, show_progress=False)
        self._names_of = {
            i: self._names(passage.heading)
            for i, passage in enumerate(self.passages)
            if passage.of == "flashcard"
        }
        self._title = draft.title
        self._sentence_vectors = self._meant([s.text for s in self.sentences])
        self._passage_vectors = self._meant([_in_context(p) for p in self.passages])

    def search(self, question: str) -> Ranking:
        spelt = self._mended(question)
        content = tuple(self.words.content(spelt))
        terms = tuple(self.words.stems(content))
        searched = [term for term in terms if term in self.known]
        lexical = np.zeros(len(self.passages), dtype=np.float32)
        if searched and any(self.terms_of):
            lexical = self._bm25.get_scores(searched)
        near = lexical / max(float(lexical.max(initial=0.0)), 1e-9)
        similar = np.zeros(len(self.sentences), dtype=np.float32)
        if self._vectors and self.passages and words(question):
            # “How does it work?” says too little alone.
            meant = spelt if len(terms) > 1 else f"{self._title}: {spelt}"
            asked = self._vectors.of([meant])[0]
            similar = self._sentence_vectors @ asked
            in_context = self._passage_vectors @ asked
            near = WORDS_WEIGH * near + np.maximum(self._by_passage(similar), in_context)
        near = near - NOTE_WEIGHS_LESS * self._is_note
        near[[i for i, names in self._names_of.items() if frozenset(terms) in names]] += IS_DEFINED
        return Ranking(spelt, content, terms, lexical, similar, near)

    @property
    def has_vectors(self) -> bool:
        return self._vectors is not None

    def weight(self, term: str) -> float:
        """How much a stem tells passages apart: log of the inverse share that have it."""
        having = sum(term in terms for terms in self.terms_of)
        return math.log(1 + len(self.terms_of) / (having + 0.5))

    def _mended(self, question: str) -> str:
        """The question with slips of the finger mended to words of the lesson."""
        mended = question
        for word in dict.fromkeys(self.words.content(question)):
            is_word = rarity(word) < 1 or not self.known.isdisjoint(self.words.stems([word]))
            if len(word) < 5 or is_word:
                continue
            slips = 1 if len(word) < 9 else 2
            near = ((OSA.distance(word, other), other) for other in self._spellings)
            distance, other = min(near, default=(slips + 1, ""))
            if distance <= slips:
                mended = mended.lower().replace(word, other)
        return mended

    def _expanded(self, passage: Passage, names: Sequence[frozenset[str]]) -> list[str]:
        """The stems of a passage, and those of the other names of what it names."""
        terms = self.words.terms(f"{passage.heading} {passage.lead} {passage.text}")
        padded = f" {' '.join(terms)} "
        for group in names:
            if any(f" {name} " in padded for name in group):
                others = {term for name in group for term in name.split()}
                terms += sorted(others - set(terms))
        return terms

    def _names(self, term: str) -> set[frozenset[str]]:
        """A flashcard's term with and without what stands in brackets, and that alone, as stems."""
        parts = [term, re.sub(r"\(.*?\)", "", term), *re.findall(r"\((.*?)\)", term)]
        return {frozenset(self.words.terms(part)) for part in parts} - {frozenset()}

    def _meant(self, texts: list[str]) -> Vectors:
        if self._vectors and texts:
            return self._vectors.of(texts)
        return np.zeros((len(texts), 0), dtype=np.float32)

    def _by_passage(self, by_sentence: Floats) -> Floats:
        """(sentences,) -> (passages,): a passage is as near as the nearest of its sentences."""
        best = np.zeros(len(self.passages), dtype=np.float32)
        np.maximum.at(best, self.passage_of, by_sentence)
        return best


def _in_context(passage: Passage) -> str:
    return f"{passage.heading}: {passage.lead} {passage.text}"


def _other_names(draft: LessonDraft, of: Words) -> Iterator[frozenset[str]]:
    """Groups of names for one thing, as stems: acronyms, and the accepted spellings of an answer."""
    texts = [section.notes.replace("*", "") for section in draft.sections]
    texts += [f"{card.term}. {card.definition}" for card in draft.flashcards]
    for short, long in acronyms(" ".join(text.split()) for text in texts):
        yield frozenset({" ".join(of.terms(short)), " ".join(of.terms(long))})
    for asked in draft.questions:
        if isinstance(asked.question, TypedText):
            names = {" ".join(of.terms(name)) for name in asked.question.accepted}
            if len(group := frozenset(filter(None, names))) > 1:
                yield group
