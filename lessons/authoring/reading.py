"""A lesson's sentences, each with what one must have read before it. Pure."""

import re
from typing import NamedTuple

from lessons.authoring.texts import Block, Sentence, blocks
from lessons.authoring.words import words
from lessons.drafts import LessonDraft
from lessons.spans import Span


class Statement(NamedTuple):
    """A sentence of the notes that says something."""

    sentence: Sentence
    span: Span
    section: str
    before: str
    """The sentences before it that it needs to be understood; none if it stands alone."""
    is_clear: bool
    """Understood with what is `before`: nothing points out of the block."""
    is_lead: bool
    """Names what follows rather than saying something: bold as a whole, or a few words."""
    is_row: bool

    @property
    def text(self) -> str:
        return self.sentence.text


class Reading(NamedTuple):
    """A lesson, and its notes taken apart."""

    lesson: LessonDraft
    blocks: tuple[tuple[Block, ...], ...]
    """Of each section."""
    statements: tuple[Statement, ...]

    @property
    def language(self) -> str:
        return self.lesson.language.partition("-")[0].lower()


def read(lesson: LessonDraft) -> Reading:
    """The lesson's notes as statements in reading order."""
    parts = tuple(blocks(section.notes) for section in lesson.sections)
    found: list[Statement] = []
    for index, (section, its_blocks) in enumerate(zip(lesson.sections, parts, strict=True)):
        opening = ""
        for block in its_blocks:
            made = _statements(block, section.title, index, opening)
            found += made
            opening = next(
                (s.text for s in made if s.is_clear and not s.is_lead and not s.before), ""
            )
    return Reading(lesson, parts, tuple(found))


def _statements(block: Block, section: str, index: int, opening: str) -> list[Statement]:
    """`opening` is how the block before began: what it is about, “It” and “They” often take up."""
    found: list[Statement] = []
    before: list[str] = []
    is_before_clear = True
    for sentence in block.sentences:
        needs = points_back(sentence.text) if before else not stands_alone(sentence.text)
        if needs and not before and opening and takes_up(sentence.text):
            before = [opening]
        found.append(
            Statement(
                sentence,
                Span("section", index, sentence.start, sentence.end),
                section,
                before=" ".join(before) if needs else "",
                is_clear=not needs or (bool(before) and is_before_clear),
                is_lead=is_lead(sentence),
                is_row=bool(block.cells),
            )
        )
        if not found[-1].is_lead:
            # What itself points back brings along what it points to.
            before = [*before, sentence.text] if needs else [sentence.text]
            is_before_clear = found[-1].is_clear
    return found


LONGEST_LEAD_WORDS = 3


def is_lead(sentence: Sentence) -> bool:
    """“**The rows ask.**” before the sentences that tell how."""
    length = len(sentence.text.rstrip(" .:"))
    is_bold = any(m.start == 0 and m.end >= length for m in sentence.marked)
    is_short = len(words(sentence.text)) <= LONGEST_LEAD_WORDS
    return is_bold or (is_short and sentence.text[-1] not in ".!?")


_OPENS_BACK = re.compile(
    r"(?:(?:after|before|below|by|for|from|in|of|on|to|under|with|without)\s)?(?:all\s|many\s)?"
    r"(?:it|its|they|them|their|he|him|his|she|her|this|that|these|those|such|here|there|then|"
    r"thus|therefore|so|hence|both|neither|also|yet|but|and|or|first|next|finally|as a result|"
    r"however|moreover|what|another)\b",
    re.IGNORECASE,
)
# “On 26 August it adopted”, “To replace them, water is split”
_SOON_BACK = re.compile(
    r"^(?:after|at|before|by|during|from|in|of|on|since|to|until|with)\b[^;:]{1,40}?,?"
    r" (?:it|they|them|he|him|she|her)\b",
    re.IGNORECASE,
)
_NOWHERE = re.compile(
    # “Most of that knowledge”, “these vectors”
    r"\b(?:(?:about|at|by|for|from|in|of|on|to|with) that|this|these|those) \w"
    r"|\b(?:inside|outside|above|below|afterwards|later)\.$|^[^,]* (?:later|earlier)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|he|him|his|she|her|hers|this|these|those|such|here|there|then|"
    r"so|too|again|another|the (?:other|others|next|same|former|latter|result|product|new|one))\b",
    re.IGNORECASE,
)


def stands_alone(text: str) -> bool:
    """Is it clear what the sentence is about, though nothing came before it?

    As far as English shows it by single words; other languages pass.
    """
    return not (takes_up(text) or _NOWHERE.search(text))


def takes_up(text: str) -> bool:
    """Does the sentence begin with a word for what was spoken of last?"""
    return bool(_OPENS_BACK.match(text) or _SOON_BACK.match(text))


def points_back(text: str) -> bool:
    """Does any word of a sentence that isn't its block's first stand for what came before?"""
    return not stands_alone(text) or bool(_POINTS_BACK.search(text))
