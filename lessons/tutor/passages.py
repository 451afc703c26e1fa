"""A lesson as passages that can be found and cited: items of the notes, flashcards, questions. Pure.

What a learner reads of a passage is plain text. Every sentence remembers where it stands in the
Markdown it was taken from, so that a page can mark it there.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from lessons.cloze import without_braces
from lessons.drafts import CardDraft, LessonDraft, QuestionDraft, SectionDraft
from lessons.questions import ExplanationRef, Question, TypedText, right_answers
from lessons.spans import Part, Span


class Sentence(NamedTuple):
    text: str
    span: Span


class Passage(NamedTuple):
    """A few sentences that are read together, and what one must know to understand them."""

    heading: str
    """The section's title, the flashcard's term or the question with its right answers."""
    sentences: tuple[Sentence, ...]
    section: str | None
    item: int = 0
    """Which item or paragraph of the section's notes."""
    lead: str = ""
    """The words before a list that its items continue."""
    explanation: ExplanationRef | None = None

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def span(self) -> Span:
        first, last = self.sentences[0].span, self.sentences[-1].span
        return first._replace(end=last.end)

    @property
    def of(self) -> Part:
        return self.sentences[0].span.of


def passages(draft: LessonDraft) -> tuple[Passage, ...]:
    """All passages of a lesson, the notes' first, in reading order."""
    found: list[Passage] = []
    for i, section in enumerate(draft.sections):
        found += _of_section(section, i)
    for i, card in enumerate(draft.flashcards):
        found += _of_card(card, i)
    for i, question in enumerate(draft.questions):
        found += _of_question(question, i)
    return tuple(found)


def _of_section(section: SectionDraft, place: int) -> Iterator[Passage]:
    for item, block in enumerate(_blocks(section.notes)):
        sentences = _sentences(block.plain, "section", place)
        if sentences:
            yield Passage(
                heading=section.title,
                sentences=sentences,
                section=section.title,
                item=item,
                lead=block.lead,
                explanation=section.explanation,
            )


def _of_card(card: CardDraft, place: int) -> Iterator[Passage]:
    plain = _plain(card.definition, 0)
    if shown := without_braces(plain.text) if "{{c" in plain.text else "":
        # Filling the gaps moves the letters; such a definition is cited as a whole.
        span = Span("flashcard", place, 0, len(card.definition))
        sentences: tuple[Sentence, ...] = (Sentence(shown, span),)
    else:
        sentences = _sentences(plain, "flashcard", place)
    if sentences:
        yield Passage(card.term, sentences, card.section, explanation=card.explanation)


def _of_question(draft: QuestionDraft, place: int) -> Iterator[Passage]:
    question = draft.question
    if sentences := _sentences(_plain(question.note, 0), "question", place):
        heading = question_heading(question)
        yield Passage(heading, sentences, draft.section, explanation=question.explanation)


def question_heading(question: Question) -> str:
    """The question with its right answers."""
    right = right_answers(question)
    # Of a text that is typed, one spelling is enough.
    answers = right[:1] if isinstance(question, TypedText) else right
    return f"{_plain(question.prompt, 0).text} {', '.join(answers)}".strip()


class _Plain(NamedTuple):
    """Text without marks, and where each of its characters stands in the Markdown."""

    text: str
    places: list[int]


class _Block(NamedTuple):
    plain: _Plain
    lead: str


_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table"])
_MARK = re.compile(
    r"(?P<formula>\${1,2}(?![\s$])[^$]+\${1,2})"  # LaTeX stays as it is written
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    # Of a link or an image, all but its words. Bounds keep a row of brackets from taking for ever.
    r"|!?\[(?=[^\]]{0,500}\]\()|\]\([^)\s]{0,500}(?:\s+\"[^\"]{0,500}\")?\)"
    r"|\*\*|__|~~|`+|\*|(?<![^\W_])_(?=\S)|(?<=\S)_(?![^\W_])"
)


def _blocks(notes: str) -> Iterator[_Block]:
    """Paragraphs, items, rows of tables and code, in reading order. Headings lead what follows."""
    starts = [0]
    for line in notes.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    heading, leads, last = "", [""], ""
    tokens = _markdown.parse(notes)
    steps = _steps(tokens)
    rows: set[int] = set()
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else None
        match token.type:
            case "list_item_open" if i in steps:
                leads[-1] = steps[i]
            case "bullet_list_open" | "ordered_list_open":
                # An item's own words lead the list inside it; so do words that end in a colon.
                leads.append(last if last.endswith(":") or len(leads) > 1 else leads[-1])
            case "bullet_list_close" | "ordered_list_close":
                leads.pop()
            case "inline" | "fence" | "code_block" if token.map:
                first, end = token.map
                plain = _plain_lines(notes, starts, first, end)
                if before and before.type == "heading_open":
                    heading = plain.text.strip("# ")
                elif before and before.type in {"th_open", "td_open"}:
                    if first not in rows:
                        rows.add(first)
                        yield _Block(_without_edges(plain), heading)
                else:
                    last = plain.text
                    yield _Block(plain, " ".join(filter(None, [heading, leads[-1]])))


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def _steps(tokens: list[Token]) -> dict[int, str]:
    """What items of numbered lists are asked for by: “Step 2, the second step”."""
    names: dict[int, str] = {}
    opened: list[list[int]] = []
    for i, token in enumerate(tokens):
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                opened.append([])
            case "list_item_open":
                opened[-1].append(i)
            case "ordered_list_close":
                for step, item in enumerate(items := opened.pop(), start=1):
                    names[item] = f"Step {step}"
                    if step <= len(_ORDINALS):
                        names[item] += f", the {_ORDINALS[step - 1]} step"
                    if step == len(items):
                        names[item] += ", the last step"
            case "bullet_list_close":
                opened.pop()
    return names


_OPENING = re.compile(r"[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+|>)*")
_CONTINUED = re.compile(r"[ \t>]*")
_OPENED = "\0"
"""Stands for the sign that opens a formula until its first line is there."""


def _plain_lines(notes: str, starts: list[int], first: int, end: int) -> _Plain:
    """The lines without bullets and indents, joined with single spaces."""
    texts: list[str] = []
    places: list[int] = []
    is_formula = False
    for line in range(first, end):
        text = notes[starts[line] : starts[line + 1] - 1]
        if re.fullmatch(r"\s*(?:```.*|~~~.*)\s*", text):
            continue
        # A line that goes on may begin with a number and a dot that are no bullet.
        prefix = (_CONTINUED if texts else _OPENING).match(text)
        assert prefix
        start = starts[line] + prefix.end()
        is_sign = text[prefix.end() :].strip() == "$$"
        # The two signs around a formula on lines of its own become the one of a formula in a line.
        is_closing = is_sign and is_formula
        if texts and texts[-1] and not is_closing and not texts[-1].endswith(_OPENED):
            texts.append(" ")
            places.append(starts[line] - 1)
        if is_sign:
            texts.append("$" if is_closing else _OPENED)
            places.append(start if is_closing else start + 1)
            is_formula = not is_closing
            continue
        plain = _plain(text[prefix.end() :].rstrip(), start)
        texts.append(plain.text)
        places += plain.places
    return _Plain("".join(texts).replace(_OPENED, "$"), places)


def _without_edges(row: _Plain) -> _Plain:
    inner = row.text.strip("| ")
    start = row.text.find(inner)
    return _Plain(inner, row.places[start : start + len(inner)])


def _plain(text: str, start: int) -> _Plain:
    """One line's words without marks; `start` is where it begins in the whole."""
    kept: list[int] = []
    at = 0
    for mark in _MARK.finditer(text):
        kept += range(at, mark.start())
        for group in ("formula", "escaped"):
            if mark[group]:
                kept += range(mark.start(group), mark.end(group))
        at = mark.end()
    kept += range(at, len(text))
    return _Plain("".join(text[i] for i in kept).replace("\n", " "), [start + i for i in kept])


_FORMULA = re.compile(r"\${1,2}(?![\s$])[^$]+\${1,2}")
_END = re.compile(r"[.!?…][\"”’)\]]*\s+(?=[\"“‘(\[]?[A-ZÀ-ÖØ-Þ0-9])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Za-z]|e\.g|i\.e|cf|vs|etc|ca|approx|Dr|Mr|Mrs|Ms|Prof|St|No|Fig|Eq|Vol|pp))\.$"
)
LONGEST_TITLE_WORDS = 5


def _sentences(plain: _Plain, of: Part, place: int) -> tuple[Sentence, ...]:
    """The text cut into sentences. A very short one that leads the others stays with the next."""
    cuts = [0]
    formulas = [mark.span() for mark in _FORMULA.finditer(plain.text)]
    for end in _END.finditer(plain.text):
        if any(start < end.end() < stop for start, stop in formulas):
            continue
        so_far = plain.text[cuts[-1] : end.end()].rstrip()
        is_title = cuts == [0] and len(so_far.split()) <= LONGEST_TITLE_WORDS and of == "section"
        if not _ABBREVIATED.search(so_far) and not is_title:
            cuts.append(end.end())
    found = []
    for start, end_at in zip(cuts, [*cuts[1:], len(plain.text)], strict=True):
        text = plain.text[start:end_at].rstrip()
        if any(c.isalnum() for c in text):
            last = start + len(text) - 1
            span = Span(of, place, plain.places[start], plain.places[last] + 1)
            found.append(Sentence(text, span))
    return tuple(found)
