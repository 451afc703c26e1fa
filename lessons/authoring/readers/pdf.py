"""PDF: lines from left to right, larger ones as headings, joined to paragraphs again."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PdfReadError

from lessons.authoring.readers import MOST_PAGES, NoText, Problem, escaped, heading


class Line(NamedTuple):
    text: str
    size: float
    """Of its letters, in points."""
    height: float
    """Of its baseline above the page's lower edge."""
    is_first: bool = False
    """Of its page."""


def to_markdown(data: bytes) -> str:
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise NoText(Problem.LOCKED)
        if len(reader.pages) > MOST_PAGES:
            raise NoText(Problem.TOO_LONG)
        pages = [list(_lines(page)) for page in reader.pages]
    except DependencyError as error:
        raise NoText(Problem.LOCKED) from error
    except PdfReadError as error:
        raise NoText(Problem.BROKEN) from error
    pages = _without_furniture(pages)
    if not any(pages):
        raise NoText(Problem.PICTURES_ONLY if reader.pages else Problem.EMPTY)
    return "\n".join(_markdown(pages))


def _lines(page: PageObject) -> Iterator[Line]:
    pieces: list[Line] = []

    def see(text: str, cm: list[float], tm: list[float], _: Any, size: float) -> None:
        height = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        points = abs(size * (tm[3] or tm[0]) * (cm[3] or 1))
        pieces.append(Line(text, points, height))

    page.extract_text(visitor_text=see)
    current: list[Line] = []
    for piece in pieces:
        first, *others = piece.text.split("\n")
        current.append(piece._replace(text=first))
        for part in others:
            yield from _line(current)
            current = [piece._replace(text=part)]
    yield from _line(current)


def _line(pieces: list[Line]) -> Iterator[Line]:
    """The pieces as one line; none where they are blank."""
    text = " ".join("".join(piece.text for piece in pieces).split())
    spoken = [piece for piece in pieces if piece.text.strip()]
    if spoken:
        # The size of most of its letters: an index or a bullet is smaller.
        size = max(spoken, key=lambda piece: len(piece.text)).size
        yield Line(text, round(size, 1), spoken[0].height)


def _without_furniture(pages: list[list[Line]]) -> list[list[Line]]:
    """Without what is at the top or foot of most pages, numbers apart, such as the page's own."""
    edges = Counter(
        edge for page in pages for edge in {_unnumbered(line) for line in [*page[:1], *page[-1:]]}
    )
    often = {edge for edge, count in edges.items() if count >= 3 and count > len(pages) / 2}
    often.add("")
    kept = []
    for page in pages:
        ends = {0, len(page) - 1}
        kept.append(
            [line for i, line in enumerate(page) if i not in ends or _unnumbered(line) not in often]
        )
    return kept


def _unnumbered(line: Line) -> str:
    return re.sub(r"[\d\s/|.–-]+", "", line.text)


_BULLET = re.compile(r"^[•◦▪●○■\uf0b7–*-]\s*")
_NUMBER = re.compile(r"^(\d{1,2})[.)]\s+")
HEADING_RATIO = 1.12
LONGEST_HEADING = 120
FARTHEST_LINES = 1.7
"""Baselines farther apart than so many letter heights are of different paragraphs."""


def _markdown(pages: list[list[Line]]) -> Iterator[str]:
    lines = [line._replace(is_first=i == 0) for page in pages for i, line in enumerate(page)]
    letters: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.text)
    [(body, _)] = letters.most_common(1)
    larger = sorted((size for size in letters if size >= body * HEADING_RATIO), reverse=True)
    for group in _groups(lines, larger):
        text = ""
        for line in group:
            text = _joined(text, line.text)
        if group[0].size in larger and len(text) <= LONGEST_HEADING:
            yield from ("", heading(text, larger.index(group[0].size) + 1), "")
        elif bullet := _BULLET.match(text):
            yield f"- {escaped(text[bullet.end() :])}"
        elif number := _NUMBER.match(text):
            yield f"{number[1]}. {escaped(text[number.end() :])}"
        else:
            yield from ("", escaped(text), "")


def _groups(lines: list[Line], larger: list[float]) -> Iterator[list[Line]]:
    """The lines of each heading, paragraph or item of a list."""
    group: list[Line] = []
    for line in lines:
        if group and not _goes_on(group[-1], line, larger):
            yield group
            group = []
        group.append(line)
    yield group


def _goes_on(before: Line, line: Line, larger: list[float]) -> bool:
    if line.size != before.size and {line.size, before.size} & {*larger}:
        return False
    if _BULLET.match(line.text) or _NUMBER.match(line.text):
        return False
    if line.is_first:
        return not before.text.endswith((".", "!", "?", ":"))
    return before.height - line.height <= line.size * FARTHEST_LINES


def _joined(text: str, line: str) -> str:
    """The next line added, a word that was cut at the line's end whole again."""
    if re.search(r"[^\W\d_]-$", text) and line[:1].islower():
        return text[:-1] + line
    return f"{text} {line}".strip()
