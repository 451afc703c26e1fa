"""Definitions that the notes give, as flashcards; and terms and definitions to be matched. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.translation import gettext

from lessons.authoring.distractors import are_apart
from lessons.authoring.draft import Draft, mixed
from lessons.authoring.mentions import STRONG, Mention, names_of
from lessons.authoring.reading import Reading, Statement, points_back
from lessons.authoring.terms import ARTICLE, Term
from lessons.authoring.texts import as_markdown, plain_line
from lessons.authoring.words import (
    capitalised,
    content_words,
    is_plural,
    key,
    share_a_word,
)
from lessons.cloze import cloze_numbers
from lessons.drafts import CardDraft
from lessons.questions import SingleChoice, TypedText, folded
from lessons.spans import Span

FEWEST_WORDS = 2
LEAST_SCORE_TO_ASK = 0.62
"""“It carries energy.” is true of the term, but of others too."""
LONGEST = 400
LONGEST_OPTION = 120


class Definition(NamedTuple):
    """What a term means, from the notes or from a flashcard. Both are Markdown."""

    term: str
    text: str
    span: Span
    sentence: str
    section: str | None
    score: float
    is_name: bool = False
    is_card: bool = False
    """Already a flashcard of the lesson."""


def definitions(reading: Reading, terms: Sequence[Term]) -> list[Definition]:
    """One for each term, the lesson's own flashcards first."""
    found: dict[str, Definition] = {}
    names = {term.key for term in terms if term.is_name}
    for index, card in enumerate(reading.lesson.flashcards):
        called = names_of(card.term)
        if called and not cloze_numbers(card.definition):
            span = Span("flashcard", index, 0, len(card.definition))
            told = Definition(
                card.term,
                card.definition,
                span,
                sentence=plain_line(" ".join(card.definition.split())),
                section=card.section,
                score=0.85,
                is_name=any(key(name) in names for name in called),
                is_card=True,
            )
            found |= dict.fromkeys(map(key, called), told)
    texts: set[str] = set()
    for told in sorted(_told(reading, terms), key=lambda told: (-told.score, -len(told.term))):
        if folded(told.text) not in texts:
            found.setdefault(key(told.term), told)
            texts.add(folded(told.text))
    return list(dict.fromkeys(found.values()))


_IS = re.compile(
    r"(?: \([^)]*\))? (?:is|are|was|were|denotes|refers to) (?P<text>(?:an?|the|any|all|when|what|how|those) .+)\.$"
)
_MEANS = re.compile(r" means (?:that )?(?P<text>.+)\.$")
_COMMA = re.compile(r", (?P<text>(?:an?|the) [^,.;:]+)[.,;:]")
_WHICH = re.compile(r", which (?P<text>(?!is |are )[^,;]+?)(?:[,;] .*)?\.$")
_COLON = re.compile(r"(?::| [–—]) (?P<text>.+)$")
_IS_CALLED = re.compile(
    r"^(?P<text>(?:The|An?) .+?)(?: (?:is|are|was|were)(?: (?:called|known as|named|termed))?(?: an?| the)? )$"
)


def _told(reading: Reading, terms: Sequence[Term]) -> Iterator[Definition]:
    for statement in reading.statements:
        if statement.is_row:
            yield from _row(statement, reading)
    for term in terms:
        if not (STRONG | {"defined"}) & term.reasons:
            continue
        for mention in term.mentions:
            statement = reading.statements[mention.statement]
            for text, score in _meanings(statement.text, mention, term):
                if _says_enough(text, term.text):
                    yield Definition(
                        term=as_markdown(capitalised(term.text)),
                        text=as_markdown(capitalised(text).rstrip(".") + "."),
                        span=statement.span,
                        sentence=statement.text,
                        section=statement.section,
                        score=score * (0.7 + 0.3 * term.worth),
                        is_name=term.is_name,
                    )


def _meanings(text: str, mention: Mention, term: Term) -> Iterator[tuple[str, float]]:
    before, after = text[: mention.start], text[mention.end :]
    begins = ARTICLE.fullmatch(before)
    if begins and (seen := _IS.match(after) or _MEANS.match(after)):
        yield seen["text"], 0.9
    if begins and "marked" in term.reasons and (seen := _COLON.match(after)):
        yield seen["text"], 0.85
    if (seen := _COMMA.match(after)) and not re.search(
        r"\b(?:and|or) (?:the|an?|every)\b|^the .* and ", seen["text"]
    ):
        yield seen["text"], 0.75
    if (seen := _WHICH.match(after)) and {"glossary", "marked"} & term.reasons:
        yield f"{'They' if term.is_plural else 'It'} {seen['text']}", 0.6
    if after.strip() in {".", "!"} and (seen := _IS_CALLED.match(before)):
        yield seen["text"], 0.9


def _says_enough(text: str, term: str) -> bool:
    told = re.sub(r"^(?:It|They) ", "", text)
    return (
        len(content_words(text)) >= FEWEST_WORDS
        and len(text) <= LONGEST
        and "{{" not in text
        and len(text.split()) >= 3
        and not share_a_word(term, text)
        and not re.search(
            r"\b(?:this|these|those|such|he|she|him|his|her|them)\b", told, re.IGNORECASE
        )
        and not (points_back(told) and re.match(r"(?:it|its|they|their)\b", told, re.IGNORECASE))
    )


def _row(statement: Statement, reading: Reading) -> Iterator[Definition]:
    """A table of two columns is a glossary."""
    blocks = reading.blocks[statement.span.place]
    cells = next(block.cells for block in blocks if statement.sentence in block.sentences)
    if len(cells) == 2 and len(cells[0]) <= 60 and _says_enough(cells[1], ""):
        term, text = as_markdown(cells[0]), as_markdown(capitalised(cells[1]))
        yield Definition(term, text, statement.span, statement.text, statement.section, 0.8)


def cards(told: Sequence[Definition]) -> Iterator[Draft]:
    """A flashcard for each definition of the notes that has none."""
    for one in told:
        if not one.is_card:
            card = CardDraft(term=one.term, definition=one.text, section=one.section)
            yield _draft(one, card, one.score)


def questions(told: Sequence[Definition]) -> Iterator[Draft]:
    """Each definition's term to type and to choose, each term's definition to choose."""
    told = [one for one in told if one.score >= LEAST_SCORE_TO_ASK]
    for one in told:
        # A term whose words stand in its definition would be told by it.
        if not any(share_a_word(name, one.text) for name in names_of(one.term)):
            asked = gettext("Which term means this? %(definition)s") % {"definition": _line(one)}
            if len(asked) <= 500:
                yield from _ask_for_term(one, asked, told)
        yield from _ask_for_definition(one, told)


def _line(one: Definition) -> str:
    return " ".join(one.text.split())


def _ask_for_term(one: Definition, asked: str, told: Sequence[Definition]) -> Iterator[Draft]:
    names = names_of(one.term)
    typed = TypedText(prompt=asked, accepted=names, typos=True, limit_ms=30_000)
    yield _draft(one, typed, one.score * 0.95)
    others = [
        other.term
        for other in _others(one, told)
        if is_plural(other.term) == is_plural(one.term) and not share_a_word(other.term, one.text)
    ]
    if len(others) >= 3:
        yield _draft(one, _choice(asked, one.term, others[:3]), one.score)


def _ask_for_definition(one: Definition, told: Sequence[Definition]) -> Iterator[Draft]:
    others = [_line(other) for other in _others(one, told) if len(_line(other)) <= LONGEST_OPTION]
    if len(_line(one)) <= LONGEST_OPTION and len(others) >= 3:
        named = gettext("Who or what is “%(term)s”?")
        asked = (named if one.is_name else gettext("What does “%(term)s” mean?")) % {
            "term": one.term
        }
        yield _draft(one, _choice(asked, _line(one), others[:3]), one.score * 0.9)


def _others(one: Definition, told: Sequence[Definition]) -> list[Definition]:
    """Definitions that are wrong for the term: nothing is shared, neither names another's term."""
    apart = [
        other
        for other in told
        if other is not one
        and are_apart(other.term, one.term)
        and not share_a_word(one.term, other.text)
        and not share_a_word(other.term, one.text)
    ]
    return sorted(
        apart,
        key=lambda other: (
            other.is_card != one.is_card,
            other.is_name != one.is_name,
            abs(len(other.text) - len(one.text)),
            other.term,
        ),
    )


def _choice(asked: str, right: str, wrong: Sequence[str]) -> SingleChoice:
    options = mixed([right, *wrong], asked)
    return SingleChoice(
        prompt=asked, options=tuple(options), right=options.index(right), limit_ms=30_000
    )


def _draft(one: Definition, item: CardDraft | SingleChoice | TypedText, score: float) -> Draft:
    return Draft(item, one.section, one.span, one.sentence, score)
