"""Flashcards as terms that are explained where they are first heard. English. Pure."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from lessons.authoring.mentions import names_of
from lessons.authoring.words import (
    are_related,
    capitalised,
    is_plural,
    key,
    root,
    words,
)
from lessons.cloze import without_braces
from lessons.drafts import CardDraft, LessonDraft
from lessons.podcast.spoken import spoken_line
from lessons.podcast.writing.grammar import is_past
from lessons.podcast.writing.points import Point
from lessons.podcast.writing.wording import Wording, roots
from lessons.spans import Span


class Entry(NamedTuple):
    """A flashcard as it is asked for and explained."""

    term: str
    """With its article, as it stands inside a sentence."""
    be: str
    """is, are, was or were."""
    text: str
    """“Stomata are pores of a leaf …”"""
    span: Span
    section: str | None


ENOUGH_TOLD = 0.6
"""Of a definition's words: then the notes explain the term themselves."""


class Glossary:
    """The lesson's flashcards, each given out once."""

    def __init__(self, lesson: LessonDraft, points: Sequence[Point], wording: Wording) -> None:
        notes = _Notes([point.text for point in points])
        self._by_key: dict[str, Entry] = {}
        self._of_section: dict[str | None, list[str]] = {}
        for place, card in enumerate(lesson.flashcards):
            keys = tuple(map(key, names_of(card.term)))
            if not keys or any(k in self._by_key for k in keys) or _is_told(card, notes):
                continue
            entry = _entry(card, place, notes, wording)
            self._by_key |= dict.fromkeys(keys, entry)
            self._of_section.setdefault(card.section, []).append(keys[0])
        self._longest = max((len(k.split()) for k in self._by_key), default=0)

    @property
    def entries(self) -> list[Entry]:
        """Those that nobody has asked for."""
        return list(dict.fromkeys(self._by_key.values()))

    def first_heard(self, text: str) -> list[Entry]:
        """Entries whose term stands in the text, not given out before."""
        tokens = [root(word) for word in words(text)]
        runs = (
            " ".join(tokens[i : i + length])
            for i in range(len(tokens))
            for length in range(self._longest, 0, -1)
        )
        return [entry for run in runs if (entry := self._taken(run))]

    def left_of(self, section: str) -> list[Entry]:
        """Entries of a section that none of its notes has named."""
        return [entry for k in self._of_section.get(section, ()) if (entry := self._taken(k))]

    def _taken(self, name: str) -> Entry | None:
        entry = self._by_key.get(name)
        if entry:
            self._by_key = {k: e for k, e in self._by_key.items() if e is not entry}
        return entry


class _Notes:
    """The points' texts by the words in them: a lesson may have a thousand cards."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._places: dict[str, set[int]] = {}
        for place, text in enumerate(texts):
            for word in roots(text):
                self._places.setdefault(word, set()).add(place)

    def naming(self, term: str) -> list[str]:
        """The texts that have all words of the term."""
        found = [self._places.get(word, set()) for word in roots(term)]
        return [self._texts[place] for place in sorted(set.intersection(*found))] if found else []


def _is_told(card: CardDraft, notes: _Notes) -> bool:
    """Does one point of the notes name the term and tell most of what the card tells?"""
    told = roots(card.definition)
    return any(
        sum(any(are_related(a, b) for b in roots(text)) for a in told) >= ENOUGH_TOLD * len(told)
        for name in names_of(card.term)
        for text in notes.naming(name)
    )


def _entry(card: CardDraft, place: int, notes: _Notes, wording: Wording) -> Entry:
    term = spoken_line(names_of(card.term)[0])
    definition = spoken_line(" ".join(without_braces(card.definition).split()))
    term = f"{_article(term, notes)}{wording.term(term)}"
    plural = is_plural(term) or _begins_plural(definition)
    be = {(False, False): "is", (True, False): "are", (False, True): "was", (True, True): "were"}[
        (plural, _is_of_the_past(definition))
    ]
    told = wording.opened(definition)
    text = capitalised(f"{term} {be} {told}" if _goes_on(definition) else f"{term}: {told}")
    span = Span("flashcard", place, 0, len(card.definition))
    ended = text if text[-1] in ".!?…" else f"{text}."
    return Entry(term, be, ended, span, card.section)


def _article(term: str, notes: _Notes) -> str:
    """“the ” or “a ” if the notes mostly put it before the term."""
    look = re.compile(rf"(?:\b(the|this|an?) )?\b{re.escape(term)}", re.IGNORECASE)
    found = (seen for text in notes.naming(term) for seen in look.finditer(text))
    seen = [(one[1] or "").lower().replace("this", "the") for one in found]
    if not seen:
        return ""
    most = max(("the", "a", "an", ""), key=seen.count)
    return f"{most} " if most else ""


_GOES_ON = re.compile(r"(?:an?|the|any|all|what|when|how|one|some|every|\w+ing)\b", re.IGNORECASE)


def _goes_on(definition: str) -> bool:
    """Can “is” stand before it? Not before “State in which …” or “It carries …”."""
    return bool(_GOES_ON.match(definition)) or _begins_plural(definition)


_HEAD_ENDS = re.compile(r",| (?:of|in|on|inside|that|which|who|for|from|with|to)\b")


def _begins_plural(definition: str) -> bool:
    """“Pores of a leaf”; not “The pieces of text”, of which one can’t tell."""
    head = _HEAD_ENDS.split(definition)[0]
    return not re.match(r"(?:an?|the|one|it|this)\b", head, re.IGNORECASE) and is_plural(head)


_TELLS = re.compile(
    r"\b(?:who|which|that|when|where|it|they|he|she) ((?:\w+ ?){1,3})", re.IGNORECASE
)


def _is_of_the_past(definition: str) -> bool:
    """By its clauses: “men who headed the state”. “Lands taken away” tells nothing of the time."""
    return any(is_past(told[1]) for told in _TELLS.finditer(definition))
