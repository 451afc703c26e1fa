"""A section's notes as points to talk about, in their order. Pure."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from markdown_it import MarkdownIt

from lessons.authoring.reading import is_lead, takes_up
from lessons.authoring.texts import Block, Sentence, blocks
from lessons.authoring.words import content_words
from lessons.drafts import SectionDraft
from lessons.podcast.spoken import spoken, spoken_line
from lessons.podcast.writing.sentences import is_fragment, pieces, row, sentence
from lessons.spans import Span

Kind = Literal["told", "step", "listed", "fragment", "code"]


class Saying(NamedTuple):
    """A sentence of the notes, ready to be said."""

    text: str
    span: Span
    names: tuple[str, ...] = ()
    """What the author set in bold or italics in it, as it is said."""


class Point(NamedTuple):
    """What is said together: an item of the notes, a paragraph, a row of a table."""

    kind: Kind
    sayings: tuple[Saying, ...]
    heading: str = ""
    """That stands right before it."""
    step: int = 0
    """Which step it is, from 1."""
    steps: int = 0
    """How many there are in its numbered list."""

    @property
    def text(self) -> str:
        return " ".join(saying.text for saying in self.sayings)

    @property
    def takes_up(self) -> bool:
        """Does it begin with a word for what was spoken of last?"""
        return takes_up(self.text)

    @property
    def span(self) -> Span:
        return self.sayings[0].span._replace(end=self.sayings[-1].span.end)


def points_of(section: SectionDraft, place: int) -> list[Point]:
    """All that the section's notes say; `place` counts the lesson's sections from 0."""
    found = blocks(section.notes)
    sizes = _list_sizes(found)
    points: list[Point] = []
    marks = list(_marks(section.notes))
    heading, step = "", 0
    heads: tuple[str, ...] = ()
    for i, block in enumerate(found):
        while marks and marks[0].start <= block.sentences[0].start:
            mark = marks.pop(0)
            if mark.kind == "code":
                points.append(_code(mark, place, heading))
                heading = ""
            elif mark.kind == "heading":
                heading = mark.text
            else:
                heads = mark.cells
        starts_item = block.list_number is not None and not block.is_below
        same_list = i > 0 and found[i - 1].list_number == block.list_number
        step = (step + 1 if same_list else 1) if starts_item else step
        steps = sizes.get(block.list_number, 0) if starts_item else 0
        point = _point(block, place, heading, heads, step if steps > 1 else 0, steps)
        if any(c.isalnum() for c in point.text):
            points.append(point)
            heading = ""
    points += [_code(mark, place, heading) for mark in marks if mark.kind == "code"]
    return list(_joined(points))


def _list_sizes(found: tuple[Block, ...]) -> dict[int | None, int]:
    """How many items each numbered list has; none where they are mere words, and so no steps."""
    lists: dict[int | None, list[bool]] = {}
    for block in found:
        if block.list_number is not None and not block.is_below:
            lists.setdefault(block.list_number, []).append(is_fragment(spoken(block.text)))
    return {
        number: len(are_words)
        for number, are_words in lists.items()
        if 2 * sum(are_words) < len(are_words)
    }


class _Mark(NamedTuple):
    """What `blocks` leaves out: a heading, the heads of a table's columns, or code."""

    kind: Literal["heading", "heads", "code"]
    start: int
    end: int
    text: str = ""
    cells: tuple[str, ...] = ()


LONGEST_HEADING_WORDS = 25


_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def _marks(notes: str) -> Iterator[_Mark]:
    starts = [0]
    for line in notes.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    tokens = _markdown.parse(notes)
    heads: list[str] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        opened = before.type if before else ""
        if token.type == "inline" and token.map and opened == "heading_open":
            start = starts[token.map[0]]
            heading = spoken_line(" ".join(token.content.split()))
            yield _Mark("heading", start, start, pieces(heading, LONGEST_HEADING_WORDS)[0])
        elif token.type == "inline" and opened == "th_open":
            heads.append(spoken_line(token.content))
        elif token.type == "thead_close":
            heads, cells = [], tuple(heads)
        elif token.type == "tbody_open" and token.map:
            yield _Mark("heads", starts[token.map[0]], starts[token.map[0]], cells=cells)
        elif token.type in {"fence", "code_block"} and token.map:
            first, last = token.map
            yield _Mark("code", starts[first], max(starts[first], starts[last] - 1))


def _code(mark: _Mark, place: int, heading: str) -> Point:
    return Point("code", (Saying("", Span("section", place, mark.start, mark.end)),), heading)


def _point(
    block: Block, place: int, heading: str, heads: tuple[str, ...], step: int, steps: int
) -> Point:
    if block.cells:
        one = block.sentences[0]
        said = row([spoken(cell) for cell in block.cells], heads)
        saying = Saying(said, Span("section", place, one.start, one.end))
        return Point("told", (saying,), heading)
    alone = spoken(block.text)
    if not step and len(block.sentences) == 1 and is_fragment(alone):
        return Point("fragment", (_saying(block.sentences[0], place, alone),), heading)
    sayings = tuple(_saying(s, place, sentence(spoken(s.text))) for s in block.sentences)
    return Point("step" if step else "told", sayings, heading, step, steps)


_NO_NAME = re.compile(r"\W*\d|.{0,2}$")
LONGEST_NAME = 60


def _saying(one: Sentence, place: int, text: str) -> Saying:
    marked = () if is_lead(one) and len(text.split()) > 2 else one.marked
    names = (spoken(one.text[m.start : m.end]).strip(" .,:;") for m in marked)
    kept = tuple(
        n
        for n in names
        if n in text and len(n) <= LONGEST_NAME and content_words(n) and not _NO_NAME.match(n)
    )
    return Saying(text, Span("section", place, one.start, one.end), kept)


def _joined(points: list[Point]) -> Iterator[Point]:
    """Fragments one after the other as one list, led by what ends in a colon before them."""
    waiting: list[Point] = []
    for point in points:
        if waiting and not _goes_with(waiting, point):
            yield _one(waiting)
            waiting = []
        waiting.append(point)
    if waiting:
        yield _one(waiting)


MOST_LISTED = 8


def _goes_with(before: list[Point], point: Point) -> bool:
    if point.heading or point.kind == "code":
        return False
    if before[-1].kind == "told" and before[-1].text.endswith(":"):
        return len(before) == 1
    return before[-1].kind == point.kind == "fragment" and len(before) < MOST_LISTED


def _one(points: list[Point]) -> Point:
    """The last point decides what they are: a list's first step stays one."""
    sayings = tuple(saying for point in points for saying in point.sayings)
    *before, last = points
    kind: Kind = "listed" if before and last.kind == "fragment" else last.kind
    return last._replace(kind=kind, sayings=sayings, heading=points[0].heading)


def heading_of(title: str) -> str:
    """A title as it is said, without the full stop."""
    return spoken_line(title).rstrip(".") or title
