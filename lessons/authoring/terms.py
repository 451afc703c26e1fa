"""What is worth asking for in a lesson: its terms, names and numbers, and where they stand. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from lessons.authoring.phrases import Label, phrases
from lessons.authoring.reading import Reading
from lessons.authoring.texts import is_in_formula, plain_line
from lessons.authoring.words import (
    acronyms,
    content_words,
    is_plural,
    is_vague,
    key,
    root,
    words,
)

Determiner = Literal["the", "a", "none"]
Reason = Literal["glossary", "marked", "name", "acronym", "hyphenated", "defined", "noun"]

STRONG: frozenset[Reason] = frozenset(["glossary", "marked", "name", "acronym", "hyphenated"])
"""Reasons that hold without a look at grammar."""

WEIGHTS: dict[Reason, float] = {
    "glossary": 0.6,
    "marked": 0.55,
    "defined": 0.35,
    "name": 0.35,
    "acronym": 0.35,
    "hyphenated": 0.4,
    "noun": 0.15,
}
"""How much each reason says for a term. Reasons add up as independent ones: 1 - (1 - a)(1 - b)."""


class Mention(NamedTuple):
    statement: int
    start: int
    end: int
    """In the sentence's text."""


class Term(NamedTuple):
    text: str
    """As it stands inside of a sentence."""
    is_plural: bool
    is_name: bool
    label: Label
    reasons: frozenset[Reason]
    mentions: tuple[Mention, ...]
    worth: float
    """0 to 1."""
    determined: frozenset[Determiner]
    """What stands before it."""
    sections: frozenset[int]
    """Which sections speak of it."""
    spellings: tuple[str, ...]
    """Other texts that mean the same: the plural, the acronym."""

    @property
    def key(self) -> str:
        return key(self.text)


Rarity = Callable[[str], float]
"""A word -> 0 for the commonest of its language to 1 for one that is hardly ever used."""


def terms(reading: Reading, rarity: Rarity | None = None) -> tuple[Term, ...]:
    """All terms of the lesson, the worthiest first."""
    rarity = rarity or rarity_by_length
    found = _Found()
    for reason, text in _known(reading):
        found.vocabulary[key(text)].add(reason)
    _look_up(reading, found)
    _look_around(reading, found)
    short = acronyms(s.text for s in reading.statements)
    _drop_parts(found)
    made = [
        _term(reading, name, mentions, found, short, rarity)
        for name, mentions in found.mentions.items()
    ]
    return tuple(sorted(made, key=lambda term: (-term.worth, term.mentions[0], term.text)))


class _Found:
    """What has been found so far, by the key of each term."""

    def __init__(self) -> None:
        self.vocabulary: defaultdict[str, set[Reason]] = defaultdict(set)
        self.mentions: defaultdict[str, dict[Mention, None]] = defaultdict(dict)
        self.plurals: defaultdict[str, Counter[bool]] = defaultdict(Counter)
        self.labels: defaultdict[str, Counter[Label]] = defaultdict(Counter)

    def add(self, text: str, mention: Mention, *reasons: Reason) -> None:
        self.vocabulary[key(text)].update(reasons)
        self.mentions[key(text)][mention] = None


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


def _look_up(reading: Reading, found: _Found) -> None:
    """Every place at which a known term stands, in singular or plural."""
    by_first: defaultdict[str, list[str]] = defaultdict(list)
    for name in found.vocabulary:
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


_ACRONYM = re.compile(
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


def _look_around(reading: Reading, found: _Found) -> None:
    """Names, acronyms and hyphenated words by their looks; nouns by their place in the sentence."""
    nouns = phrases([s.text for s in reading.statements], reading.language)
    for number, statement in enumerate(reading.statements):
        text = statement.text
        if statement.is_lead:
            continue
        for phrase in nouns[number]:
            what = text[phrase.start : phrase.end]
            if is_in_formula(text, phrase.start):
                continue
            if _is_term(what) and not is_vague(what) and not _is_date(what):
                found.add(what, Mention(number, phrase.start, phrase.end), "noun")
                found.plurals[key(what)][phrase.is_plural] += 1
                found.labels[key(what)][phrase.label] += 1
        looks: list[tuple[Reason, re.Pattern[str]]] = [
            ("acronym", _ACRONYM),
            ("hyphenated", _HYPHENATED),
        ]
        # Where every noun has a capital letter, capital letters make no name.
        if reading.language != "de":
            looks.append(("name", _NAME))
        for reason, look in looks:
            for seen in look.finditer(text):
                if _is_date(seen[0]) or _ROMAN.fullmatch(seen[0]) or not _is_term(seen[0]):
                    continue
                if reason == "name" and not _is_name_there(text, seen):
                    continue
                # “American rebels”, “a non-linear function”: such words only describe.
                noun = re.match(r" [a-zà-ÿ]+", text[seen.end() :])
                is_whole = not noun or not content_words(noun[0]) or " " in seen[0]
                if (
                    is_whole
                    or reason == "acronym"
                    or (reason == "hyphenated" and seen[0][0].isupper())
                ):
                    found.add(seen[0], Mention(number, *seen.span()), reason)


def _is_name_there(text: str, seen: re.Match[str]) -> bool:
    """Not the first word of a sentence, unless another follows, and not in a formula."""
    first, _, others = seen[0].partition(" ")
    is_begun = seen.start() > 0 or (others != "" and bool(content_words(first)))
    return is_begun and not is_in_formula(text, seen.start())


_BEFORE = re.compile(
    r".*\b(?:(?P<the>the|its|their|his|her|our|this|that)|(?P<a>an?|each|every|one|another|no))"
    r"(?P<between>(?: [\w-]+){0,2}) $",
    re.IGNORECASE,
)


def determiner(before: str) -> Determiner:
    """The article, or what takes its place, at the end of the text before a term."""
    seen = _BEFORE.match(before)
    # “the Prussians at Valmy”: that article is another's.
    if not seen or len(content_words(seen["between"])) < len(words(seen["between"])):
        return "none"
    return "the" if seen["the"] else "a"


def _drop_parts(found: _Found) -> None:
    """Without what is only a part of a name, or a name with a noun more."""
    longer: defaultdict[int, set[Mention]] = defaultdict(set)
    for name, mentions in found.mentions.items():
        if {"glossary", "marked", "name"} & found.vocabulary[name] or found.labels[name]["person"]:
            for mention in mentions:
                longer[mention.statement].add(mention)

    def is_no_term(name: str) -> bool:
        mentions, reasons = found.mentions[name], found.vocabulary[name]
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


def _term(
    reading: Reading,
    name: str,
    mentions: dict[Mention, None],
    found: _Found,
    short: dict[str, str],
    rarity: Rarity,
) -> Term:
    where = tuple(sorted(mentions))
    texts = [reading.statements[m.statement].text[m.start : m.end] for m in where]
    text = _inside(reading, where, texts)
    reasons: set[Reason] = set(found.vocabulary[name])
    if any(_is_defined(reading.statements[m.statement].text, m) for m in where):
        reasons.add("defined")
    # Who gives the abbreviation of a term will use it again.
    if name in map(key, short.values()):
        reasons.add("defined")
    plurals = found.plurals[name]
    others = {*texts, *(s for s, long in short.items() if key(long) == name)}
    others |= {long for s, long in short.items() if key(s) == name}
    first, last = text.split()[0], text.split()[-1]
    is_name = first[0].isupper() and last[0].isupper() and not _ACRONYM.fullmatch(text)
    return Term(
        text=text,
        is_plural=plurals[True] > plurals[False] if plurals else not is_name and is_plural(text),
        is_name=is_name,
        label=_label(reading, where, found.labels[name]) if is_name else "",
        reasons=frozenset(reasons),
        mentions=where,
        worth=_worth(reading, text, reasons, len({m.statement for m in where}), rarity),
        determined=frozenset(
            determiner(reading.statements[m.statement].text[: m.start]) for m in where
        ),
        sections=frozenset(reading.statements[m.statement].span.place for m in where),
        spellings=tuple(sorted(other for other in others if other.lower() != text.lower())),
    )


_IS_IN = re.compile(r"\b(?:at|in|near) $", re.IGNORECASE)


def _label(reading: Reading, where: tuple[Mention, ...], seen: Counter[Label]) -> Label:
    """What kind of name: a place too if something is in it, at it or near it."""
    if seen["person"] or seen["place"]:
        return "person" if seen["person"] >= seen["place"] else "place"
    texts = (reading.statements[m.statement].text[: m.start] for m in where)
    return "place" if any(_IS_IN.search(text) for text in texts) else "name"


def _inside(reading: Reading, where: tuple[Mention, ...], texts: list[str]) -> str:
    """As it is written inside a sentence, where a capital letter means something."""
    inside = [t for t, m in zip(texts, where, strict=True) if _is_inside(reading, m)]
    if inside:
        return Counter(inside).most_common(1)[0][0]
    text = texts[0]
    first = text.split()[0]
    is_plain = first[1:].islower() and len(text.split()) == 1
    return text[0].lower() + text[1:] if is_plain and reading.language == "en" else text


def _is_inside(reading: Reading, mention: Mention) -> bool:
    before = reading.statements[mention.statement].text[: mention.start].rstrip("“‘\"'( ")
    return bool(before) and before[-1] not in ".!?:"


ARTICLE = re.compile(r"(?:an?|the)?\s*", re.IGNORECASE)
_IS_A = re.compile(r" (?:is|are|means|was) (?:an?|the|any|when|that) ")
_CALLED = re.compile(r"\b(?:is|are|was|were) (?:called|known as|named|termed)(?: an?| the)? $")


def _is_defined(text: str, mention: Mention) -> bool:
    before, after = text[: mention.start], text[mention.end :]
    is_subject = bool(ARTICLE.fullmatch(before))
    return bool((is_subject and _IS_A.match(after)) or _CALLED.search(before))


COMMON_AT = 3
"""A noun that this many statements speak of belongs to the lesson's subject."""


RARE_FROM = 0.7


def rarity_by_length(word: str) -> float:
    """Long words are seldom common: all there is to go by without a list of words."""
    return 0.6 if len(word) < 5 else 0.75 if len(word) < 8 else 0.85


def _worth(
    reading: Reading, text: str, reasons: set[Reason], statements: int, rarity: Rarity
) -> float:
    doubt = 1.0
    for reason in reasons:
        doubt *= 1 - WEIGHTS[reason]
    if statements >= COMMON_AT:
        doubt *= 0.85
    rarest = max(map(rarity, content_words(text)), default=0.0)
    doubt *= 1 - 0.2 * max(0.0, rarest - RARE_FROM) / (1 - RARE_FROM)
    worth = 1 - doubt
    if reasons == {"noun"} and rarest < RARE_FROM:
        worth *= 0.7
    # Whoever reads the lesson's title knows what it is about.
    return worth * 0.6 if key(text) in key(reading.lesson.title) else worth
