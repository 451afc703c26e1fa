"""What kind of thing an English question asks for, and whether a text has such a thing. Pure."""

import re
from typing import NamedTuple

from lessons.tutor.words import words


class Kind(NamedTuple):
    """A date, a number or a person."""

    asks: re.Pattern[str]
    """How a question asks for it, in lower case and without punctuation."""
    tells: re.Pattern[str]


class Asked(NamedTuple):
    kind: Kind
    counted: str
    """What of: layers in “how many layers”."""

    def is_told(self, text: str) -> bool:
        return bool(self.kind.tells.search(text))


def asked_kind(question: str) -> Asked | None:
    """None where anything may be the answer."""
    plain = " ".join(words(question))
    for kind in _KINDS:
        if found := kind.asks.search(plain):
            return Asked(kind, found.groupdict().get("counted") or "")
    return None


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = Kind(
    asks=re.compile(
        r"\b(?:what|which) (?:year|date|day|century|month)\b|\bhow long ago\b"
        r"|\bwhen (?:was|were|did|had)\b"
    ),
    tells=re.compile(
        rf"\b\d{{3,4}}\b|\b(?:{_MONTHS})\b|\b(?:century|years?|days?|nights?|morning|ago"
        r"|spring|summer|autumn|winter)\b"
    ),
)
_NUMBER = Kind(
    asks=re.compile(
        r"\bhow many (?P<counted>\w+)|\bhow (?:much|tall|old|far|high|heavy|long|fast|large"
        r"|big|often|expensive|hot|cold)\b|\b(?:percentage|boiling point|melting point)\b"
    ),
    # No digit of a name such as GPT-3.
    tells=re.compile(
        r"(?<![\w-])\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?"
        r"|thousands?|millions?|billions?|half|thirds?|quarters?|twice|times|exponentially)\b",
        re.IGNORECASE,
    ),
)
_PERSON = Kind(
    asks=re.compile(r"\b(?:who|whom|whose)\b"),
    # A capital within a sentence, or people.
    tells=re.compile(
        r"(?<=[a-z,;:] )(?:the )?[A-ZÀ-Þ][\w’'-]+|\b(?:people|men|women|crowd|members|he|she|they"
        r"|[Ww]riters|[Pp]easants|[Nn]obles|[Kk]ing|[Qq]ueen|[Ss]cientists)\b"
    ),
)
_KINDS = (_DATE, _NUMBER, _PERSON)
