"""What kind of thing an English question asks for, and whether a text has such a thing. Pure."""

import re
from typing import NamedTuple

from lessons.tutor.words import words


class Kind(NamedTuple):
    """A date, a number, a person or the long form of an acronym."""

    asks: re.Pattern[str]
    """How a question asks for it, in lower case and without punctuation."""
    tells: re.Pattern[str]


class Asked(NamedTuple):
    kind: Kind
    counted: str
    """What of: layers in “how many layers”."""
    own: re.Pattern[str]
    """The words of the question, which are no answer to it."""

    def is_told(self, text: str) -> bool:
        return bool(self.kind.tells.search(self.own.sub("…", text)))


def asked_kind(question: str) -> Asked | None:
    """None where anything may be the answer."""
    asked = words(question)
    plain = " ".join(asked)
    own = re.compile(rf"\b(?:{'|'.join(map(re.escape, asked))})\b", re.IGNORECASE)
    for kind in _KINDS:
        if found := kind.asks.search(plain):
            return Asked(kind, found.groupdict().get("counted") or "", own)
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
    # A capital within a sentence that begins no acronym, or people.
    tells=re.compile(
        r"(?<=[a-z,;:] )(?:the )?[A-ZÀ-Þ][a-zß-ÿ’'-]+\b|\b(?:people|men|women|crowd|members|he|she|they"
        r"|[Ww]riters|[Pp]easants|[Nn]obles|[Kk]ing|[Qq]ueen|[Ss]cientists)\b"
    ),
)
_LONG_FORM = Kind(
    asks=re.compile(r"\bwhat (?:does|do|is) \w+ (?:stand|short) for\b"),
    tells=re.compile(r"\([^)]*\)"),
)
_KINDS = (_DATE, _NUMBER, _PERSON, _LONG_FORM)
