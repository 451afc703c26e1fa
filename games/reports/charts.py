"""Where the columns of a histogram stand, in whole units of a drawing of 1200 by 100."""

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 1200, 100
GAP = 6


class Rect(NamedTuple):
    """A rectangle to draw; y grows downwards."""

    x: int
    y: int
    width: int
    height: int
    kind: str
    title: str


def columns(counts: Sequence[int], titles: Sequence[str], kind: str = "column") -> list[Rect]:
    """Side by side, the highest from bottom to top; a count of one can still be seen."""
    most = max(counts, default=0)
    return [
        Rect(x, HEIGHT - height, width, height, kind, title)
        for (x, width), count, title in zip(_places(len(counts)), counts, titles, strict=True)
        for height in [_height(count, most)]
    ]


def stacked(lower: Sequence[int], upper: Sequence[int], titles: Sequence[str]) -> list[Rect]:
    """Two kinds of count in each column, `right` below and `column` above."""
    both = [a + b for a, b in zip(lower, upper, strict=True)]
    most = max(both, default=0)
    rects = []
    for (x, width), below, count, title in zip(
        _places(len(both)), lower, both, titles, strict=True
    ):
        whole = _height(count, most)
        part = whole * below // count if count else 0
        rects.append(Rect(x, HEIGHT - part, width, part, "right", title))
        rects.append(Rect(x, HEIGHT - whole, width, whole - part, "column", title))
    return rects


def band(low: float, high: float, start: float, end: float) -> Rect:
    """From `start` to `end` on a scale from `low` to `high`, as high as the drawing."""
    # Halved, as the ends of the widest scale are further apart than a float can say.
    scale = high / 2 - low / 2
    left, right = (
        min(1.0, max(0.0, (value / 2 - low / 2) / scale)) * WIDTH for value in (start, end)
    )
    return Rect(round(left), 0, max(GAP, round(right - left)), HEIGHT, "band", "")


def _places(many: int) -> list[tuple[int, int]]:
    """Where each column begins, and its width."""
    pitch = WIDTH // max(1, many)
    return [(n * pitch + GAP // 2, pitch - GAP) for n in range(many)]


def _height(count: int, most: int) -> int:
    return max(3, HEIGHT * count // most) if count else 0
