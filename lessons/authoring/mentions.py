"""Where a lesson names what could be asked for, and what speaks for it. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Literal, NamedTuple

from lessons.authoring.phrases import Label, phrases
from lessons.authoring.reading import Reading
from lessons.authoring.texts import is_in_formula, plain_line
from lessons.authoring.words import content_words, is_vague, key, root, words

Reason = Literal["glossary", "marked", "name", "acronym", "hyphenated", "defined", "noun"]

STRONG: frozenset[Reason] = frozenset(["glossary", "marked", "name", "acronym", "hyphenated"])
"""Reasons that hold without a look at grammar."""


class Mention(NamedTuple):
    statement: int
    start: int
    end: int
    """In the sentence's text."""


class Found:
    """All that was found, by the key of each possible term."""

    def __init__(self) -> None:
        self.reasons: defaultdict[str, set[Reason]] = defaultdict(set)
        self.mentions: defaultdict[str, dict[Mention, None]] = defaultdict(dict)
        self.plurals: defaultdict[str, Counter[bool]] = defaultdict(Counter)
        self.labels: defaultdict[str, Counter[Label]] = defaultdict(Counter)

    def add(self, text: str, mention: Mention, *reasons: Reason) -> None:
        self.reasons[key(text)].update(reasons)
        self.mentions[key(text)][mention] = None


def found_in(reading: Reading) -> Found:
    """What the author marks wherever it stands, and what looks like a term."""
    found = Found()
    for reason, text in _known(reading):
        found.reasons[key(text)].add(reason)
    _look_up(reading, found)
    _look_for_nouns(reading, found)
    _look_at_letters(reading, found)
    _drop_parts(found)
    return found


LONGEST_TERM = 60
LONGEST_TERM_WORDS = 10
_BRACKETS = re.compile(r"\s*\(([^)]*)\)")


def names_of(term: str) -> tuple[str, ...]:
    """A flashcard's term, and what stands in brackets behind it: “Language Model (LM)”."""
    plain = plain_line(term)
    return tuple(filter(key, [_BRACKETS.sub("", plain).strip(), *_BRACKETS.findall(plain)]))


def _known(reading: Reading) -> Iterator[tuple[Reason, str]]:
    """What the author says is a term."""
    for card in reading.lesson.flashcards:
        for name in names_of(card.term):
            yield "glossary", name
    for statement in reading.statements:
        sentence = statement.sentence
        for mark in sentence.marked:
            text = sentence.text[mark.start : mark.end].strip(" .,:;")
            if _is_term(text) and not statement.is_lead:
                yield "marked", text


def _is_term(text: str) -> bool:
    return (
        bool(content_words(text))
        and 2 < len(text) <= LONGEST_TERM
        and len(words(text)) <= LONGEST_TERM_WORDS
        and not re.search(r"[.!?:;$]", text)
    )


def _look_up(reading: Reading, found: Found) -> None:
    """Every place at which a known term stands, in singular or plural."""
    by_first: defaultdict[str, list[str]] = defaultdict(list)
    for name in found.reasons:
        by_first[name.split()[0]].append(name)
    for number, statement in enumerate(reading.statements):
        text = statement.text
        tokens = list(re.finditer(r"[^\W_]+(?:['’][^\W_]+)*", text))
        roots = [root(token[0].lower()) for token in tokens]
        for i, first in enumerate(roots):
            for name in by_first.get(first, ()):
                parts = name.split()
                if roots[i : i + len(parts)] == parts:
                    last = tokens[i + len(parts) - 1]
                    mention = Mention(number, tokens[i].start(), _without_possessive(last))
                    found.mentions[name][mention] = None


def _without_possessive(token: re.Match[str]) -> int:
    return token.end() - (2 if token[0].endswith(("'s", "’s")) else 0)


ACRONYM = re.compile(
    r"(?<![\w-])(?=\w*[A-Z])(?=\w*[A-Z]\w*[A-Z]|\w*\d|\w*[a-z]\w*[A-Z])[A-Z]\w*(?:-\d+)?(?![\w⁺⁻-])"
)
_HYPHENATED = re.compile(r"\b[^\W\d_]{2,}(?:[-–][^\W\d_]{2,})+\b")
_NAME = re.compile(
    r"(?:^|(?<=\S )(?<![.!?:…] ))(?:[A-ZÀ-ÖØ-Þ][\w’-]+)(?:(?: (?:of|the|and|de|la|von)){0,2} [A-ZÀ-ÖØ-Þ][\w’-]*)*"
)
_ROMAN = re.compile(r"[IVXLC]+")
_CALENDAR_WORDS = """
april august december february friday january july june march may monday november october
saturday september sunday thursday tuesday wednesday
"""
_CALENDAR = frozenset(_CALENDAR_WORDS.split())


def _look_for_nouns(reading: Reading, found: Found) -> None:
    nouns = phrases([s.text for s in reading.statements], reading.language)
    for number, (statement, its) in enumerate(zip(reading.statements, nouns, strict=True)):
        for phrase in its:
            text = statement.text[phrase.start : phrase.end]
            if (
                _is_term(text)
                and not statement.is_lead
                and not is_vague(text)
                and not _is_date(text)
                and not is_in_formula(statement.text, phrase.start)
            ):
                found.add(text, Mention(number, phrase.start, phrase.end), "noun")
                found.plurals[key(text)][phrase.is_plural] += 1
                found.labels[key(text)][phrase.label] += 1


def _look_at_letters(reading: Reading, found: Found) -> None:
    """Names, acronyms and hyphenated words, by their looks."""
    looks: dict[Reason, re.Pattern[str]] = {"acronym": ACRONYM, "hyphenated": _HYPHENATED}
    # Where every noun has a capital letter, capital letters make no name.
    if reading.language != "de":
        looks["name"] = _NAME
    for number, statement in enumerate(reading.statements):
        for reason, look in looks.items():
            for seen in look.finditer(statement.text):
                if not statement.is_lead and _is_what_it_looks_like(reason, seen):
                    found.add(seen[0], Mention(number, *seen.span()), reason)


def _is_what_it_looks_like(reason: Reason, seen: re.Match[str]) -> bool:
    if _is_date(seen[0]) or _ROMAN.fullmatch(seen[0]) or not _is_term(seen[0]):
        return False
    if reason == "acronym":
        return True
    if reason == "name" and not _is_name_there(seen):
        return False
    # “American rebels”, “a non-linear function”: such words only describe.
    noun = re.match(r" [a-zà-ÿ]+", seen.string[seen.end() :])
    is_whole = not noun or not content_words(noun[0]) or " " in seen[0]
    return is_whole or (reason == "hyphenated" and seen[0][0].isupper())


def _is_name_there(seen: re.Match[str]) -> bool:
    """Not the first word of a sentence, unless another follows, and not in a formula."""
    first, _, others = seen[0].partition(" ")
    is_begun = seen.start() > 0 or (others != "" and bool(content_words(first)))
    return is_begun and not is_in_formula(seen.string, seen.start())


def _drop_parts(found: Found) -> None:
    """Without what is only a part of a name, or a name with a noun more."""
    longer: defaultdict[int, set[Mention]] = defaultdict(set)
    for name, mentions in found.mentions.items():
        if {"glossary", "marked", "name"} & found.reasons[name] or found.labels[name]["person"]:
            for mention in mentions:
                longer[mention.statement].add(mention)

    def is_no_term(name: str) -> bool:
        mentions, reasons = found.mentions[name], found.reasons[name]
        # “Great Fear peasants” are none beside “Great Fear”.
        if reasons == {"noun"} and any(
            is_part(o, m) for m in mentions for o in longer[m.statement]
        ):
            return True
        # “Bonaparte” is none beside “Napoleon Bonaparte”, if it never stands alone.
        return not {"glossary", "marked", "hyphenated"} & reasons and all(
            any(is_part(m, o) for o in longer[m.statement]) for m in mentions
        )

    for name in [name for name in found.mentions if is_no_term(name)]:
        del found.mentions[name]


def is_part(mention: Mention, other: Mention) -> bool:
    """Does the mention stand inside of a longer one?"""
    return (
        other.start <= mention.start
        and mention.end <= other.end
        and other.end - other.start > mention.end - mention.start
    )


def _is_date(text: str) -> bool:
    return bool(_CALENDAR & set(words(text))) or words(text)[0].isdigit()
