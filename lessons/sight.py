"""Which parts of lessons a visitor may see: the first so many, as `Lesson.open_to` says. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

Row = TypeVar("Row")


def with_sight(
    rows: Iterable[Row], lesson_of: Callable[[Row], int], open_to: Mapping[int, int | None]
) -> Iterator[tuple[Row, bool]]:
    """Each row, and whether it is in sight.

    rows     of one kind, such as flashcards, those of each lesson in its order
    open_to  by lesson (its row's number), how many of them; None is all
    """
    passed = dict.fromkeys(open_to, 0)
    for row in rows:
        lesson = lesson_of(row)
        limit = open_to[lesson]
        yield row, limit is None or passed[lesson] < limit
        passed[lesson] += 1


def in_sight(
    rows: Iterable[Row], lesson_of: Callable[[Row], int], open_to: Mapping[int, int | None]
) -> Iterator[Row]:
    """Those of the rows that are."""
    return (row for row, is_open in with_sight(rows, lesson_of, open_to) if is_open)
