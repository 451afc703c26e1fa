"""Wrong answers that could be right: of the same kind, from the same lesson. Pure."""

import re
from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from lessons.authoring.terms import Determiner, Term
from lessons.authoring.words import content_words, share_a_word

Vectors = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts -> (texts, dimensions), each row of length 1: how near two meanings are is a dot product."""

MOST_ALIKE = 75
"""Of 100, as rapidfuzz counts letters: above it, two answers look like spellings of one."""
MOST_NEAR = 0.75
"""The dot product above which two answers may mean the same."""


MOST_TERMS = 400
"""Of a long text the worthiest; more would take long and say no more."""


class Pool:
    """The terms of a lesson, from which wrong answers are taken."""

    def __init__(self, terms: Sequence[Term], vectors: Vectors | None = None) -> None:
        self._terms = terms[:MOST_TERMS]
        self._row = {term.key: i for i, term in enumerate(self._terms)}
        self._near = None  # (terms, terms)
        if vectors and terms:
            rows = vectors([term.text for term in self._terms])
            self._near = rows @ rows.T

    @property
    def knows_meanings(self) -> bool:
        return self._near is not None

    def wrong_for(
        self, answer: Term, determined: Determiner, told: Collection[str], count: int = 3
    ) -> list[Term]:
        """Up to `count` terms to stand where the answer does; none stands in a text that is `told`.

        `determined` is by what is before the gap.
        """
        fitting = [
            (-self._fitness(answer, other), other.text, other)
            for other in self._terms
            if is_of_kind(answer, other) and _takes(other, determined)
        ]
        chosen: list[Term] = []
        for *_, other in sorted(fitting, key=lambda fit: fit[:2]):
            if len(chosen) == count:
                break
            if (
                all(_differ(other, one) for one in (answer, *chosen))
                and self._nearness(answer, other) < MOST_NEAR
                and not any(share_a_word(other.text, text) for text in told)
            ):
                chosen.append(other)
        return chosen

    def _nearness(self, answer: Term, other: Term) -> float:
        if self._near is None or answer.key not in self._row:
            return 0.0
        return float(self._near[self._row[answer.key], self._row[other.key]])

    def _fitness(self, answer: Term, other: Term) -> float:
        """Two terms of the author's own go together; so do those of like looks and near meanings."""
        strong = {"glossary", "marked"}
        points = 2.0 * (bool(strong & answer.reasons) == bool(strong & other.reasons))
        points += 2.0 * (answer.label == other.label)
        points -= 1.5 * (("acronym" in answer.reasons) != ("acronym" in other.reasons))
        points += 0.7 * bool(answer.sections & other.sections)
        points += other.worth
        points += 6.0 * self._nearness(answer, other)
        points -= 0.5 * abs(len(content_words(answer.text)) - len(content_words(other.text)))
        return points - 0.02 * abs(len(answer.text) - len(other.text))


def is_of_kind(answer: Term, other: Term) -> bool:
    """Could the one stand in the other's place: both names of a kind, or both nouns in one number?"""
    if answer.is_name != other.is_name or answer.is_plural != other.is_plural:
        return False
    # A name without a label may be that of a person or a place.
    return answer.label == other.label or "name" in (answer.label, other.label)


def _takes(other: Term, determined: Determiner) -> bool:
    """Does the term stand behind such a word elsewhere? What stands behind “a” can behind “the”."""
    if other.is_plural and not other.is_name:
        return determined != "a"
    if other.is_name or determined != "the":
        return determined in other.determined
    return bool({"a", "the"} & other.determined)


def _differ(one: Term, other: Term) -> bool:
    """Are they two things, and don't they look like one?"""
    names = (one.text, *one.spellings)
    return all(are_apart(name, its) for name in names for its in (other.text, *other.spellings))


def are_apart(one: str, other: str) -> bool:
    return not share_a_word(one, other) and fuzz.ratio(one.lower(), other.lower()) < MOST_ALIKE


_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
NUMBER_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
)
YEARS = range(1000, 2101)


def value(number: str) -> float:
    """Of “300,000”, “0.04” or “seven”."""
    word = number.lower()
    return NUMBER_WORDS.index(word) if word in NUMBER_WORDS else float(number.replace(",", ""))


def is_year(number: str) -> bool:
    return number.isdigit() and len(number) == 4 and int(number) in YEARS


def wrong_numbers(number: str, others: Collection[str], told: str, count: int = 3) -> list[str]:
    """Numbers written like this one, ascending; none of them stands in the text that is `told`.

    A year gets the nearest years of the lesson, `others`, then those about it.
    """
    if number.lower() in NUMBER_WORDS:
        at = NUMBER_WORDS.index(number.lower())
        near = [NUMBER_WORDS[i] for i in (at + 1, at - 1, at + 2, at - 2, at + 3) if 2 <= i <= 12]
        found = [_like(word, number) for word in near]
    elif is_year(number):
        year = int(number)
        known = {int(other) for other in others if is_year(other)} - {year}
        near_years = [
            y for y in sorted(known, key=lambda y: (abs(y - year), y)) if abs(y - year) <= 40
        ]
        found = [str(y) for y in (*near_years, year + 2, year - 3, year + 5, year - 4)]
    else:
        found = [_written(step, number) for step in _steps(value(number))]
    spoken = set(_DIGITS.findall(told)) | set(told.lower().split())
    fresh = [n for n in dict.fromkeys(found) if n != number and n.lower() not in spoken]
    return sorted(fresh[:count], key=value)


def _steps(number: float) -> list[float]:
    """Numbers to mistake it for: one off or two where it is a small count, else other sizes."""
    if number == int(number) and number <= 20:
        return (
            [number + 1, number - 1, number + 2] if number > 1 else [number + n for n in (1, 2, 3)]
        )
    # Of a hundred, or of a right angle, more than that would be nonsense.
    if 50 < number <= 100:
        return [number / 2, number * 0.75, number * 0.9]
    return [number / 2, number * 2, number * 1.5]


def _written(number: float, like: str) -> str:
    """With as many decimals as the other number has, and no more digits that count."""
    decimals = len(like.partition(".")[2])
    digits = len(like.replace(",", "").replace(".", "").strip("0")) or 1
    rounded = float(f"{number:.{max(digits, 2 if not decimals else digits)}g}")
    return (
        f"{rounded:,.{decimals}f}" if "," in like or rounded < 1000 else f"{rounded:.{decimals}f}"
    )


def _like(word: str, other: str) -> str:
    return word.capitalize() if other[:1].isupper() else word
