"""Sentences with a word or a number left out, to type or to choose, and cloze flashcards. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lessons.authoring.distractors import NUMBER_WORDS, Pool, is_year, value, wrong_numbers
from lessons.authoring.draft import Draft, mixed
from lessons.authoring.mentions import STRONG, Mention, is_part
from lessons.authoring.reading import Reading, Statement
from lessons.authoring.terms import Term, determiner
from lessons.authoring.texts import as_markdown, is_in_formula
from lessons.authoring.words import (
    blanked,
    capitalised,
    content_words,
    initials,
    is_plural,
    root,
    share_a_word,
)
from lessons.drafts import CardDraft
from lessons.questions import SingleChoice, TypedNumber, TypedText

SHORTEST_PROMPT = 20
LONGEST_PROMPT = 320
FEWEST_WORDS_LEFT = 2
"""Content words that a prompt must keep, or it could be about anything."""


class Gap(NamedTuple):
    """A place in a statement that can be left out."""

    statement: Statement
    start: int
    end: int
    score: float
    term: Term | None = None
    """None where a number is left out."""
    is_part: bool = False
    """Of a longer phrase, “chlorophyll” of “each chlorophyll molecule”."""

    @property
    def answer(self) -> str:
        return self.statement.text[self.start : self.end]

    @property
    def is_plural(self) -> bool:
        """As the term stands here; “fungi” don't look it."""
        assert self.term
        is_as_ever = is_plural(self.answer) == is_plural(self.term.text)
        return self.term.is_plural == is_as_ever

    @property
    def prompt(self) -> str:
        before, text = self.statement.before, blanked(self.statement.text, self.start, self.end)
        if self.term:
            # What an acronym in brackets abbreviates would be half told.
            text = re.sub(r"___ \([A-Z][\w-]*\)", "___", text)
        return f"{before} {text}".strip()


def gaps(reading: Reading, terms: Sequence[Term]) -> list[Gap]:
    """All places worth leaving out, whose answers stand nowhere else in the prompt."""
    mentions: defaultdict[int, list[Mention]] = defaultdict(list)
    for term in terms:
        for mention in term.mentions:
            mentions[mention.statement].append(mention)
    found = [
        Gap(
            statement,
            mention.start,
            mention.end,
            _score(statement, mention.start, mention.end, term),
            term,
            any(is_part(mention, other) for other in mentions[mention.statement]),
        )
        for term in terms
        for mention in term.mentions
        if is_usable(statement := reading.statements[mention.statement])
    ]
    for statement in reading.statements:
        if is_usable(statement):
            found += _numbers(statement)
    return [gap for gap in found if _is_fair(gap)]


def is_usable(statement: Statement) -> bool:
    text = statement.text
    letters = sum(c.isalpha() or c.isspace() for c in text)
    return (
        statement.is_clear
        and not statement.is_lead
        and not statement.is_row
        and text[-1] in ".!…”"
        # Such signs would be taken for those of a cloze text.
        and not re.search(r"\{\{|\}\}|::", text + statement.before)
        and letters > 0.75 * len(text)
    )


_LISTED = re.compile(r",? (?:and|or) |, [^,.;:]{2,40}(?:,| and | or )")


def _is_listed(text: str, start: int, end: int) -> bool:
    """One of several: whoever knows another of them can't tell which is meant."""
    return bool(_LISTED.match(text[end:]) or re.search(r" (?:and|or) $", text[:start]))


def _score(statement: Statement, start: int, end: int, term: Term) -> float:
    score = term.worth
    if statement.before:
        score *= 0.9
    # Early in the sentence little has been said of what is asked for.
    if start > len(statement.text) / 2:
        score *= 1.05
    if _is_listed(statement.text, start, end):
        score *= 0.7
    return min(score, 1.0)


_NUMBER = re.compile(
    r"(?<![\w.,$⁰-⁹₀-₉/+=→−-])(?P<digits>\d{1,3}(?:,\d{3}){1,3}|\d{1,9}(?:\.\d{1,9})?)(?![\w/+=−-]|[.,]\d|(?-i: ?[A-Z₀-₉]))"
    rf"|\b(?P<word>{'|'.join(NUMBER_WORDS[3:])})\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:about|some|nearly|almost|over|around|roughly|than|close to|up to|ca\.|under|least|most|only)"
    r"(?: \w+)? $",
    re.IGNORECASE,
)
_OUT_OF = re.compile(
    r"\b(?:every|each|per|from|between)(?: \w+)? $|\d(?: to | and |–)$", re.IGNORECASE
)
_DATE = re.compile(
    r"(?:st|nd|rd|th)?,? (?:of )?(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December|Thermidor|Brumaire)\b|(?: to | and |–)\d"
)


def _numbers(statement: Statement) -> Iterator[Gap]:
    text = statement.text
    for seen in _NUMBER.finditer(text):
        if _OUT_OF.search(text[: seen.start()]) or _DATE.match(text[seen.end() :]):
            continue
        score = 0.35 if seen["word"] else 0.5
        yield Gap(statement, seen.start(), seen.end(), score * (0.9 if statement.before else 1))


def _is_fair(gap: Gap) -> bool:
    prompt = gap.prompt
    rest = prompt.replace("___", " ")
    if not SHORTEST_PROMPT <= len(as_markdown(prompt)) <= LONGEST_PROMPT:
        return False
    if len(content_words(rest)) < FEWEST_WORDS_LEFT or is_in_formula(gap.statement.text, gap.start):
        return False
    if gap.term is None:
        return not re.search(
            rf"(?<![\w,.]){re.escape(gap.answer)}(?![\w,]|\.\d)", rest, re.IGNORECASE
        )
    return not any(share_a_word(name, rest) for name in (gap.answer, *gap.term.spellings)) and not (
        gap.answer.isupper() and _stands_for(gap.answer, rest)
    )


def _stands_for(acronym: str, text: str) -> bool:
    """Do words that the acronym abbreviates stand in the text?"""
    return acronym.lower() in initials(text)


LONGEST_TYPED_WORDS = 5


def typed(gap: Gap, reading: Reading) -> Draft | None:
    """The gap to fill in with the keyboard."""
    prompt, note = as_markdown(gap.prompt), _note(gap.statement)
    if gap.term and len(gap.answer.split()) > LONGEST_TYPED_WORDS:
        return None
    if gap.term:
        accepted = accepted_texts(gap.answer, gap.term, reading.language)
        question = TypedText(
            prompt=prompt, accepted=accepted, typos=True, note=note, limit_ms=30_000
        )
        return _draft(gap, question)
    # Roughly right can't be told from wrong, except by choosing.
    if _ABOUT.search(gap.statement.text[: gap.start]):
        return None
    return _draft(
        gap, TypedNumber(prompt=prompt, right=value(gap.answer), note=note, limit_ms=30_000)
    )


def accepted_texts(answer: str, term: Term, language: str) -> tuple[str, ...]:
    """What may be typed: the word, singular or plural, long or abbreviated."""
    texts = [answer, *term.spellings]
    if language == "en" and term.is_plural and is_plural(answer):
        last = answer.split()[-1]
        texts.append(f"{answer.removesuffix(last)}{root(last)}")
    unlike = {text.lower(): text for text in reversed(texts) if len(text) <= 120}
    return tuple(reversed(list(unlike.values())))[:20]


def chosen(gap: Gap, reading: Reading, pool: Pool, years: Sequence[str]) -> Draft | None:
    """The gap with four words to choose from; None where the lesson has no three wrong ones."""
    if gap.term:
        answer = gap.term.text if gap.term.is_plural == gap.is_plural else gap.answer
        wrong = wrong_terms(gap, pool, (gap.prompt, _around(gap, reading)))
    else:
        answer = gap.answer
        wrong = wrong_numbers(answer, years, gap.prompt)
    if len(wrong) < 3:
        return None
    options = [answer, *wrong]
    if not gap.statement.text[: gap.start].strip("“‘\"'("):
        answer, options = capitalised(answer), [capitalised(option) for option in options]
    shown = mixed(options, gap.prompt) if gap.term else sorted(options, key=value)
    question = SingleChoice(
        prompt=as_markdown(gap.prompt),
        options=tuple(as_markdown(option) for option in shown),
        right=shown.index(answer),
        note=_note(gap.statement),
        limit_ms=20_000,
    )
    return _draft(gap, question)


def wrong_terms(gap: Gap, pool: Pool, told: Sequence[str], count: int = 3) -> list[str]:
    """Terms that fit into the gap and are wrong there."""
    # A plain noun fits only where its meaning does.
    if not gap.term or gap.is_part or not (STRONG & gap.term.reasons or pool.knows_meanings):
        return []
    answer = gap.term._replace(is_plural=gap.is_plural)
    before = determiner(gap.statement.text[: gap.start])
    return [term.text for term in pool.wrong_for(answer, before, told, count)]


def _around(gap: Gap, reading: Reading) -> str:
    """The whole item or paragraph: what stands beside the answer may be right as well."""
    section = gap.statement.span.place
    return next(
        block.text for block in reading.blocks[section] if gap.statement.sentence in block.sentences
    )


MOST_GAPS = 2
LEAST_SCORE_OF_SECOND = 0.4


def cloze_card(gaps: Sequence[Gap]) -> Draft:
    """A flashcard whose text hides the best of these gaps of one statement, each on its own."""
    apart: list[Gap] = []
    for gap in sorted(gaps, key=lambda gap: (-gap.score, gap.start)):
        is_apart = all(gap.end <= other.start or gap.start >= other.end for other in apart)
        if not apart or (
            is_apart and len(apart) < MOST_GAPS and gap.score >= LEAST_SCORE_OF_SECOND
        ):
            apart.append(gap)
    statement = apart[0].statement
    parts, at = [], 0
    for number, gap in enumerate(sorted(apart, key=lambda gap: gap.start), start=1):
        hidden = as_markdown(gap.answer)
        parts += [as_markdown(statement.text[at : gap.start]), f"{{{{c{number}::{hidden}}}}}"]
        at = gap.end
    parts.append(as_markdown(statement.text[at:]))
    definition = f"{as_markdown(statement.before)} {''.join(parts)}".strip()
    card = CardDraft(
        term=as_markdown(statement.section), definition=definition, section=statement.section
    )
    return Draft(card, statement.section, statement.span, statement.text, apart[0].score)


def _note(statement: Statement) -> str:
    """What the learner reads with the right answer: the sentence itself."""
    note = as_markdown(f"{statement.before} {statement.text}".strip())
    return note if len(note) <= 500 else ""


def _draft(gap: Gap, question: SingleChoice | TypedNumber | TypedText) -> Draft:
    statement = gap.statement
    return Draft(question, statement.section, statement.span, statement.text, gap.score)


def years_of(reading: Reading) -> list[str]:
    """All years that the notes name."""
    found = {n for s in reading.statements for n in re.findall(r"\b\d{4}\b", s.text) if is_year(n)}
    return sorted(found)
