"""Notes in Markdown as blocks of plain sentences, each of which knows where it stands. Pure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from lessons.questions import tidy


class Marked(NamedTuple):
    """Characters of a sentence that the author set in bold or italics."""

    start: int
    end: int


class Sentence(NamedTuple):
    text: str
    """Plain: no Markdown, but formulas between dollar signs."""
    start: int
    """In the notes, as `end`."""
    end: int
    marked: tuple[Marked, ...] = ()


class Block(NamedTuple):
    """A paragraph, an item of a list or a row of a table."""

    sentences: tuple[Sentence, ...]
    list_number: int | None = None
    """Items of one numbered list share it; None outside of numbered lists."""
    cells: tuple[str, ...] = ()
    """Of a row of a table."""
    is_below: bool = False
    """Continues an item that was there before."""

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


def blocks(notes: str) -> tuple[Block, ...]:
    """The notes in reading order, without headings, code and the heads of tables."""
    return tuple(_blocks(notes))


def plain_line(markdown: str) -> str:
    """One line of Markdown without its marks."""
    return _plain(markdown, 0).text.strip()


def as_markdown(plain: str) -> str:
    """The text so that Markdown on one line shows it as it is; formulas and blanks stay."""
    return _KEPT_OR_SIGN.sub(lambda seen: seen["kept"] or f"\\{seen[0]}", plain)


def is_in_formula(text: str, place: int) -> bool:
    return text[:place].count("$") % 2 == 1


_KEPT_OR_SIGN = re.compile(r"(?P<kept>\$[^$]+\$|_{3,})|[\\`*~]|(?<![^\W_])_|_(?![^\W_])")


_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def _blocks(notes: str) -> Iterator[Block]:
    starts = [0]
    for line in notes.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    lists: list[int | None] = []
    numbered = 0
    before: Token | None = None
    # Which row of a table stands there, and whether the item at hand has had its first paragraph.
    row, has_begun = -1, False
    for token in _markdown.parse(notes):
        match token.type:
            case "ordered_list_open":
                lists.append(numbered)
                numbered += 1
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_close" | "bullet_list_close":
                lists.pop()
                has_begun = bool(lists)
            case "list_item_open":
                has_begun = False
            case "inline" if token.map and before and before.type == "td_open":
                if token.map[0] != row:
                    row = token.map[0]
                    yield _row(notes, starts[row], starts[row + 1] - 1)
            case "inline" if token.map and before and before.type == "paragraph_open":
                plain = _lines(notes, starts, *token.map)
                number = lists[-1] if lists else None
                if sentences := tuple(_sentences(plain)):
                    yield Block(sentences, number, is_below=has_begun)
                has_begun = bool(lists)
        before = token


def _row(notes: str, start: int, end: int) -> Block:
    """One sentence that spans the row."""
    cells = [_plain(cell, 0).text.strip() for cell in re.split(r"(?<!\\)\|", notes[start:end])]
    filled = tuple(cell for cell in cells if cell)
    return Block((Sentence(": ".join(filled), start, end),), cells=filled)


class _Plain(NamedTuple):
    text: str
    places: list[int]
    """Where each character stands in the notes."""
    marked: list[Marked]


_MARK = re.compile(
    r"(?P<formula>\${1,2}[^$\s](?:[^$]*[^$\s])?\${1,2}(?!\d))"
    r"|!?\[(?P<words>[^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)"
    r"|`+(?P<code>[^`]+)`+"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<emphasis>\*{1,3}|~~|(?<![^\W_])_{1,2}(?=\S)|(?<=\S)_{1,2}(?![^\W_]))"
)
_OPENING = re.compile(r"[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+|>)*")
_CONTINUED = re.compile(r"[ \t>]*")


def _lines(notes: str, starts: list[int], first: int, end: int) -> _Plain:
    """The lines without bullets and indents, joined with single spaces."""
    kept: list[int] = []
    for line in range(first, end):
        text = notes[starts[line] : starts[line + 1] - 1]
        # A line that goes on may begin with a number and a dot that are no bullet.
        opening = (_CONTINUED if kept else _OPENING).match(text)
        assert opening
        if kept:
            kept.append(starts[line] - 1)
        begin = starts[line] + opening.end()
        kept += range(begin, begin + len(text[opening.end() :].rstrip()))
    plain = _plain("".join(notes[i] for i in kept).replace("\n", " "), 0)
    return plain._replace(places=[kept[i] for i in plain.places])


def _plain(text: str, start: int) -> _Plain:
    """The words without marks; `start` is where the text begins in the whole."""
    kept: list[int] = []
    marked: list[Marked] = []
    opened: dict[str, int] = {}
    at = 0
    for mark in _MARK.finditer(text):
        kept += range(at, mark.start())
        at = mark.end()
        if sign := mark["emphasis"]:
            is_space = text[at : at + 1].isspace() or at == len(text)
            if sign in opened:
                if len(kept) > opened[sign]:
                    marked.append(Marked(opened[sign], len(kept)))
                del opened[sign]
            elif is_space or sign == "~~":
                kept += range(mark.start(), at) if sign == "*" and is_space else ()
            else:
                opened[sign] = len(kept)
            continue
        for group in ("formula", "words", "code", "escaped"):
            if mark[group]:
                kept += range(mark.start(group), mark.end(group))
    kept += range(at, len(text))
    return _Plain("".join(text[i] for i in kept), [start + i for i in kept], marked)


_END = re.compile(r"[.!?…][\"”’)\]]*\s+(?=[\"“‘(\[]?[A-ZÀ-ÖØ-Þ0-9])")
_ABBREVIATED = re.compile(
    r"(?:(?<![A-Za-zÀ-ÿ])(?:[A-Za-zÀ-ÿ]|e\.g|i\.e|cf|vs|etc|ca|approx|Dr|Mr|Mrs|Ms|Prof|St|No"
    r"|Fig|Eq|Vol|pp|z\.\s?B|d\.\s?h|bzw|Nr)"
    r"|\b(?:am|bis|dem|den|der|vom|zum) \d{1,2})\.$"
)


def _sentences(plain: _Plain) -> Iterator[Sentence]:
    cuts = [0]
    for end in _END.finditer(plain.text):
        if not _ABBREVIATED.search(plain.text[cuts[-1] : end.end()].rstrip()):
            cuts.append(end.end())
    for start, end_at in zip(cuts, [*cuts[1:], len(plain.text)], strict=True):
        text = str(tidy(plain.text[start:end_at]))
        if any(c.isalnum() for c in text):
            first = plain.text.index(text, start)
            last = first + len(text)
            inside = tuple(
                Marked(m.start - first, m.end - first)
                for m in plain.marked
                if first <= m.start and m.end <= last
            )
            yield Sentence(text, plain.places[first], plain.places[last - 1] + 1, inside)
