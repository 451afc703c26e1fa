"""Cloze texts: words between braces are asked for, as Anki writes it: {{c1::90::how many?}}. Pure."""

import re
from typing import NamedTuple

from django.utils.translation import gettext

MOST_CLOZES = 9
# The last two of three braces close it: the first may end a formula.
_CLOZE = re.compile(r"\{\{c([1-9])::(.+?)(?:::(.*?))?\}\}(?!\})", re.DOTALL)


class Gap(NamedTuple):
    """One pair of braces: its card's number, what is hidden, and the hint in its place."""

    number: int
    text: str
    hint: str


def gaps(text: str) -> list[Gap]:
    """All gaps of the text as they stand in it; none where it isn't a cloze text."""
    return [Gap(int(n), hidden, hint or "") for n, hidden, hint in _CLOZE.findall(text)]


def cloze_numbers(text: str) -> list[int]:
    """The cards that a cloze text makes, ascending: gaps of one number are asked together."""
    return sorted({gap.number for gap in gaps(text)})


def without_braces(text: str) -> str:
    """The whole text with its gaps filled in, as notes show it."""
    return _CLOZE.sub(lambda found: found[2], text)


def asked(text: str, number: int) -> str:
    """The text with the gaps of that number as blanks, the hint in brackets, and the others filled."""

    def shown(found: re.Match[str]) -> str:
        if int(found[1]) != number:
            return found[2]
        return f"[{found[3]}]" if found[3] else "_____"

    return _CLOZE.sub(shown, text)


def cloze_problem(text: str) -> str | None:
    """What is wrong with the braces of a text; None where all is well, or there are none."""
    if "{{c" not in text:
        return None
    rest = _CLOZE.sub("", text)
    if "{{c" in rest:
        return gettext("Write a gap as {{c1::hidden words}}, with a number from 1 to 9.")
    if any(not gap.text.strip() or "{{" in gap.text for gap in gaps(text)):
        return gettext("A gap needs words to hide, and none stands inside another.")
    return None
