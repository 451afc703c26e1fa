"""Files of other programs as Markdown: one file here is one format, with `to_markdown`.

to_markdown(data: bytes) -> str    raises NoText

`python -m lessons.authoring.readers pdf` reads a file from its input and writes JSON, in a process of
its own with little memory and time: who uploads is not to be trusted. No Django here, for speed.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from enum import StrEnum

LONGEST_TEXT = 1_000_000
MOST_PAGES = 500
MOST_FILES_IN_ZIP = 5_000
LARGEST_UNZIPPED = 200_000_000


class Problem(StrEnum):
    """Why a file gave no text."""

    UNKNOWN_KIND = "unknown_kind"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    TOO_MUCH_WORK = "too_much_work"
    BROKEN = "broken"
    LOCKED = "locked"
    PICTURES_ONLY = "pictures_only"
    EMPTY = "empty"


class NoText(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


# What Office writes with a password, and what it wrote before 2007.
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")


def unzippable(data: bytes) -> io.BytesIO:
    """The data, if it is a zip that unpacks to a sensible size. Raises NoText."""
    if data.startswith(_COMPOUND):
        raise NoText(Problem.LOCKED)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise NoText(Problem.BROKEN) from error
    # Whoever declares less than there is gets no more than that: zipfile stops there.
    if len(entries) > MOST_FILES_IN_ZIP or sum(e.file_size for e in entries) > LARGEST_UNZIPPED:
        raise NoText(Problem.TOO_LARGE)
    if any(e.flag_bits & 1 for e in entries):
        raise NoText(Problem.LOCKED)
    return io.BytesIO(data)


def escaped(text: str) -> str:
    """One line of plain text so that Markdown shows it as it is."""
    line = re.sub(r"([\\`*~|$])|(?<![^\W_])_|_(?![^\W_])", r"\\\g<0>", " ".join(text.split()))
    return re.sub(r"^(?=[#>+-])|^\d{1,9}(?=[.)])", r"\g<0>\\", line)


def heading(text: str, level: int) -> str:
    return f"{'#' * min(level, 6)} {escaped(text)}"


def table(rows: list[list[str]]) -> Iterator[str]:
    """The lines of a table whose first row names the columns."""
    for number, cells in enumerate(rows):
        yield f"| {' | '.join(map(escaped, cells))} |"
        if number == 0:
            yield f"|{'---|' * len(cells)}"
