"""Cloze texts: words between braces are asked for, as Anki writes it: {{c1::90::how many?}}. Pure."""

import re
from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext

BLANK = "_____"
_OPENING = re.compile(r"\{\{c([1-9])::")
# What somebody wrote who meant a gap; `{{c}}` alone may well stand in a formula.
_MEANT = re.compile(r"\{\{\s*c\s*(?:\d|:)", re.IGNORECASE)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_BRACE_OR_COLONS = re.compile(r"\\.|[{}]|::", re.DOTALL)


class Gap(NamedTuple):
    """One pair of braces: its card's number, what is hidden, and the hint in its place."""

    number: int
    text: str
    hint: str


def gaps(text: str) -> list[Gap]:
    """All gaps of the text as they stand in it; none where it isn't a cloze text."""
    return [part for part in parts(text) if isinstance(part, Gap)]


def cloze_numbers(text: str) -> list[int]:
    """The cards that a cloze text makes, ascending: gaps of one number are asked together."""
    return sorted({gap.number for gap in gaps(text)})


def parts(text: str) -> list[str | Gap]:
    """The text in order: what is told, and its gaps. A gap's own braces are in pairs, as in LaTeX."""
    found: list[str | Gap] = []
    closed_at = _closing_braces(text) if "{{c" in text else {}
    told_from = 0
    for opening in _OPENING.finditer(text):
        start = opening.start()
        last = closed_at.get(start)
        if start < told_from or last is None or closed_at.get(start + 1) != last - 1:
            continue
        found.append(text[told_from:start])
        hidden, hint = _hidden_and_hint(text[opening.end() : last - 1])
        found.append(Gap(int(opening[1]), hidden, hint))
        told_from = last + 1
    return [part for part in (*found, text[told_from:]) if part]


def replaced(text: str, fill: Callable[[Gap], str]) -> str:
    """The text with each gap as `fill` gives it."""
    return "".join(fill(part) if isinstance(part, Gap) else part for part in parts(text))


def without_braces(text: str) -> str:
    """The whole text with its gaps filled in, as notes show it."""
    return replaced(text, lambda gap: gap.text)


def asked(text: str, number: int) -> str:
    """The text with the gaps of that number as blanks, the hint in brackets, and the others filled."""
    return replaced(text, lambda gap: in_its_place(gap) if gap.number == number else gap.text)


def in_its_place(gap: Gap) -> str:
    """What a reader sees where the gap is."""
    return f"[{gap.hint}]" if gap.hint else BLANK


def cloze_problem(text: str) -> str | None:
    """What is wrong with the braces of a text; None where all is well, or there are none."""
    if not _MEANT.search(text):
        return None
    found = gaps(text)
    if any(_MEANT.search(gap.text) or _MEANT.search(gap.hint) for gap in found):
        return gettext("No gap stands inside another: close the first with }} before the next.")
    rest = "\n".join(part for part in parts(text) if isinstance(part, str))
    if _OPENING.search(rest):
        return gettext(
            "A gap isn’t closed: end it with }}. Braces inside it come in pairs; a single one is "
            "written \\{ or \\}."
        )
    if _MEANT.search(rest):
        return gettext("Write a gap as {{c1::hidden words}}, with a number from 1 to 9.")
    if not all(gap.text.strip() for gap in found):
        return gettext("A gap needs words to hide, such as {{c1::hidden words}}.")
    return None


def _closing_braces(text: str) -> dict[int, int]:
    """Where each brace that opens is closed. One look at each, however they are nested."""
    closed_at: dict[int, int] = {}
    still_open: list[int] = []
    for brace in _BRACE.finditer(text):
        if brace[0] == "{":
            still_open.append(brace.start())
        elif brace[0] == "}" and still_open:
            closed_at[still_open.pop()] = brace.start()
    return closed_at


def _hidden_and_hint(inner: str) -> tuple[str, str]:
    """Parted at the first `::` that stands in no braces of its own."""
    depth = 0
    for sign in _BRACE_OR_COLONS.finditer(inner):
        depth += (sign[0] == "{") - (sign[0] == "}")
        if sign[0] == "::" and depth == 0:
            return inner[: sign.start()], inner[sign.end() :]
    return inner, ""
