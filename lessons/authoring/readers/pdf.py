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
    left: float


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
    pieces: list[tuple[str, float, float, float]] = []

    def see(text: str, cm: list[float], tm: list[float], _: Any, size: float) -> None:
        if text:
            height = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            left = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            pieces.append((text, abs(size * (tm[3] or tm[0]) * (cm[3] or 1)), height, left))

    page.extract_text(visitor_text=see)
    current: list[tuple[str, float, float, float]] = []
    for text, size, height, left in pieces:
        for number, part in enumerate(text.split("\n")):
            if number and (line := _line(current)):
                yield line
            if number:
                current = []
            if part:
                current.append((part, size, height, left))
    if line := _line(current):
        yield line


def _line(pieces: list[tuple[str, float, float, float]]) -> Line | None:
    text = " ".join("".join(piece[0] for piece in pieces).split())
    spoken = [piece for piece in pieces if piece[0].strip()]
    if not text or not spoken:
        return None
    # The size of most of its letters: an index or a bullet is smaller.
    size = max(spoken, key=lambda piece: len(piece[0]))[1]
    return Line(text, round(size, 1), spoken[0][2], spoken[0][3])


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
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0]
    larger = sorted((size for size in sizes if size >= body * HEADING_RATIO), reverse=True)
    paragraph = ""
    before: Line | None = None
    for page in pages:
        for number, line in enumerate(page):
            is_heading = line.size in larger and len(line.text) <= LONGEST_HEADING
            goes_on = before is not None and paragraph != "" and not is_heading
            if (
                goes_on
                and before
                and number
                and before.height - line.height > line.size * FARTHEST_LINES
            ):
                goes_on = False
            if goes_on and not number and paragraph.endswith((".", "!", "?", ":")):
                goes_on = False
            if is_heading or not goes_on or _BULLET.match(line.text) or _NUMBER.match(line.text):
                yield from _finished(paragraph)
                paragraph = ""
            if is_heading:
                yield from ("", heading(line.text, larger.index(line.size) + 1), "")
            else:
                paragraph = _joined(paragraph, line.text)
            before = None if is_heading else line
    yield from _finished(paragraph)


def _joined(paragraph: str, text: str) -> str:
    """The next line added, a word that was cut at the line's end whole again."""
    if re.search(r"[^\W\d_]-$", paragraph) and text[:1].islower():
        return paragraph[:-1] + text
    return f"{paragraph} {text}".strip()


def _finished(paragraph: str) -> Iterator[str]:
    if bullet := _BULLET.match(paragraph):
        yield f"- {escaped(paragraph[bullet.end() :])}"
    elif number := _NUMBER.match(paragraph):
        yield f"{number[1]}. {escaped(paragraph[number.end() :])}"
    elif paragraph:
        yield from ("", escaped(paragraph), "")
