"""A script as its form has it: one row for each turn, which may be wrong until it is saved."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from django.http import QueryDict
from django.utils.translation import gettext

from lessons.podcast.script import LONGEST_TURN, MOST_TURNS, Chapter, Script, Speaker, Turn
from lessons.spans import Part, Span


@dataclass
class Row:
    chapter: int
    speaker: Speaker
    text: str
    span: Span | None
    problem: str = ""

    @property
    def span_field(self) -> str:
        return ":".join(map(str, self.span)) if self.span else ""

    @property
    def lines(self) -> int:
        """How high its field is."""
        return 1 + len(self.text) // 80


def rows_of(script: Script) -> list[Row]:
    return [
        Row(place, turn.speaker, turn.text, turn.span)
        for place, chapter in enumerate(script.chapters)
        for turn in chapter.turns
    ]


def rows_in(post: QueryDict) -> list[Row]:
    """What was typed, in its order; a turn without text is deleted. Each row says what is wrong in it."""
    fields = ("chapter", "speaker", "text", "span")
    rows = []
    for chapter, speaker, text, span in zip(*map(post.getlist, fields), strict=False):
        said = " ".join(text.split())
        if not said:
            continue
        row = Row(
            int(chapter) if chapter.isdecimal() else 0,
            next((known for known in get_args(Speaker) if known == speaker), "a"),
            said,
            _span_in(span),
        )
        if len(said) > LONGEST_TURN:
            row.problem = gettext("At most %(most)d characters; this has %(many)d.") % {
                "most": LONGEST_TURN,
                "many": len(said),
            }
        rows.append(row)
    return rows


def problem_of(rows: Sequence[Row]) -> str:
    """Why these rows make no script; empty if they do."""
    if not rows:
        return gettext("A script needs at least one turn.")
    if len(rows) > MOST_TURNS:
        return gettext("A script has at most %d turns.") % MOST_TURNS
    if any(row.problem for row in rows):
        return gettext("One turn can’t be saved as it is. See below.")
    return ""


def script_with(script: Script, rows: Sequence[Row]) -> Script:
    """The script with these turns, without chapters that have none any more."""
    chapters = [
        Chapter(
            title=chapter.title,
            section=chapter.section,
            turns=tuple(
                Turn(speaker=row.speaker, text=row.text, span=row.span)
                for row in rows
                if min(row.chapter, len(script.chapters) - 1) == place
            ),
        )
        for place, chapter in enumerate(script.chapters)
        if any(min(row.chapter, len(script.chapters) - 1) == place for row in rows)
    ]
    return Script(language=script.language, chapters=tuple(chapters))


def version_of(script: Script) -> str:
    """Another one for every change: whoever saves says what they edited."""
    return hashlib.sha256(script.model_dump_json().encode()).hexdigest()[:16]


_SPAN = re.compile(r"(\w+):(\d{1,6}):(\d{1,6}):(\d{1,6})", re.ASCII)


def _span_in(field: str) -> Span | None:
    found = _SPAN.fullmatch(field)
    part = next((known for known in get_args(Part) if found and known == found[1]), None)
    return Span(part, *map(int, found.groups()[1:])) if found and part else None
