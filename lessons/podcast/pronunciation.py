"""What a voice is given to say for what is written. The transcript keeps the written form. Pure.

A table of the lesson goes before the one of all English lessons, `pronunciation.txt`. Both know whole
words. What is in neither but looks like an acronym is spelled: “MLPs” is said “M-L-P's”, which every
voice here spells right, even an A. Then the signs that voices leave out become words.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

NONE: Mapping[str, str] = MappingProxyType({})


def pronounced(text: str, extra: Mapping[str, str] = NONE, language: str = "en") -> str:
    """The text as it is to be spoken; `extra` maps what a lesson writes to how that is said.

    Another language than English has its extra words alone: the rest is its voices’ business.
    """
    if language.lower().partition("-")[0] != "en":
        return _words(tuple(extra.items()))(text)
    text = _words((*_english().items(), *extra.items()), r"|(?P<acronym>[A-Z]{2,4})")(text)
    for sign, said in _SIGNS:
        text = re.sub(sign, said, text)
    heard = (c if unicodedata.category(c) not in _SILENT else " " for c in text)
    return " ".join("".join(heard).split())


def read_table(lines: str) -> dict[str, str]:
    """One “written = spoken” a line; empty lines, and those that begin with #, say nothing.

    Raises ValueError, whose text is the line that isn't of that form.
    """
    table = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        if line.startswith("#"):
            continue
        written, _, spoken = (part.strip() for part in line.partition(" = "))
        if not written or not spoken:
            raise ValueError(line)
        table[written] = spoken
    return table


@cache
def _english() -> dict[str, str]:
    return read_table(Path(__file__).with_suffix(".txt").read_text())


@lru_cache(maxsize=8)
def _words(table: tuple[tuple[str, str], ...], other: str = "") -> Callable[[str], str]:
    """Says the words of a table, of which later entries win; `other` is one more thing to find."""
    said = {written: spoken for written, spoken in table if written}
    in_any_case = {written.casefold(): said[written] for written in said if written.islower()}
    longest_first = sorted(said, key=len, reverse=True)
    known = "|".join(f"(?i:{re.escape(w)})" if w.islower() else re.escape(w) for w in longest_first)
    if not known:
        return str
    # No \b: a word of the table may begin or end with a sign.
    whole = re.compile(rf"(?<!\w)(?:(?P<known>{known}){other})(?P<plural>['’]?s)?(?!\w)")

    def word(match: re.Match[str]) -> str:
        ending = "'s" if match["plural"] else ""
        if written := match["known"]:
            if written in said:
                return said[written] + ending
            spoken = in_any_case.get(written.casefold(), written)
            # A sentence is known by its capital.
            return (spoken[0].upper() + spoken[1:] if written.istitle() else spoken) + ending
        return _spelled(match["acronym"], match.string[: match.start()]) + ending

    return lambda text: whole.sub(word, text)


_NUMERALS = ("II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")  # fmt: skip


def _spelled(acronym: str, before: str) -> str:
    """“M-L-P”; “World War II” and “part IV” are counted."""
    if acronym in _NUMERALS and re.search(r"\b([A-Z][a-z]+|part|chapter|type|phase) $", before):
        return str(_NUMERALS.index(acronym) + 2)
    return "-".join(acronym)


_SILENT = {"Cc", "Cf", "Cn", "Co", "Cs", "So"}
"""Control characters, pictures and what no font has."""

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def _power(match: re.Match[str]) -> str:
    power = match[0].translate(_RAISED)
    return {"2": " squared", "3": " cubed"}.get(power, f" to the {power} ")


def _greek(match: re.Match[str]) -> str:
    return unicodedata.name(match[0]).split()[-1].lower().replace("lamda", "lambda")


_SIGNS: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
    (r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", _power),
    (r"\^\{?(-?\w+)\}?", r" to the \1 "),
    (r"[₀-₉]+", lambda m: f" {m[0].translate(_LOWERED)}"),
    (r"(?<![Ͱ-Ͽ])[Α-Ωα-ω](?![Ͱ-Ͽ])", lambda m: f" {_greek(m)} "),
    (r"\bNo\. (?=\d)", "number "),
    (r"(?<=\d)[–—](?=\d)", " to "),
    (r"(?<![\w)])[-−](?=\d)", "minus "),
    (r"−", " minus "),
    (r"(?<=\d)/(?=\d)", " over "),
    (r"(?<=\w) *[×⋅·] ?(?=\w)", " times "),
    (r"(?<=[\w)]) *\+ ?(?=[\w(])", " plus "),
    (r"(?<=[\w)]) *= ?(?=[\w(-])", " equals "),
    (r"(?<=[\w)]) +< (?=[\w(-])", " is less than "),
    (r"(?<=[\w)]) +> (?=[\w(-])", " is greater than "),
    (r"≤", " is at most "),
    (r"≥", " is at least "),
    (r"≠", " is not "),
    (r"≈|~(?=\d)", " about "),
    (r"±", " plus or minus "),
    (r"[→⇒]", " to "),
    (r"√", " the square root of "),
    (r"∞", " infinity "),
    (r"%", " percent"),
    (r"° ?C\b", " degrees Celsius"),
    (r"° ?F\b", " degrees Fahrenheit"),
    (r"°", " degrees"),
    (r"€ ?(\d[\d.,]*\d|\d)", r"\1 euros"),
    (r"&", " and "),
    (r"(?<=\w)\(", " ("),
    (r"[_*`|\\/]", " "),
    (r" +(?=[,.;:!?])", ""),
]
"""In this order."""
