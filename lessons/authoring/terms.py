"""What is worth asking for in a lesson, and how much. Pure."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Literal, NamedTuple

from lessons.authoring.mentions import ACRONYM, Found, Mention, Reason, found_in
from lessons.authoring.phrases import Label
from lessons.authoring.reading import Reading
from lessons.authoring.words import acronyms, content_words, is_plural, key, words

Determiner = Literal["the", "a", "none"]
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
    found = found_in(reading)
    short = acronyms(s.text for s in reading.statements)
    made = [
        _term(reading, name, mentions, found, short, rarity)
        for name, mentions in found.mentions.items()
    ]
    return tuple(sorted(made, key=lambda term: (-term.worth, term.mentions[0], term.text)))


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


def _term(
    reading: Reading,
    name: str,
    mentions: dict[Mention, None],
    found: Found,
    short: dict[str, str],
    rarity: Rarity,
) -> Term:
    where = tuple(sorted(mentions))
    texts = [reading.statements[m.statement].text[m.start : m.end] for m in where]
    text = _inside(reading, where, texts)
    reasons: set[Reason] = set(found.reasons[name])
    if any(_is_defined(reading.statements[m.statement].text, m) for m in where):
        reasons.add("defined")
    # Who gives the abbreviation of a term will use it again.
    if name in map(key, short.values()):
        reasons.add("defined")
    plurals = found.plurals[name]
    others = {*texts, *(s for s, long in short.items() if key(long) == name)}
    others |= {long for s, long in short.items() if key(s) == name}
    first, last = text.split()[0], text.split()[-1]
    is_name = first[0].isupper() and last[0].isupper() and not ACRONYM.fullmatch(text)
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
