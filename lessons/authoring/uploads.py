"""An uploaded file, or pasted Markdown, as a lesson of its own: title, sections and nothing else."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import PurePath
from typing import NamedTuple

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext
from markdown_it import MarkdownIt

from lessons.authoring.readers import Problem
from lessons.authoring.texts import plain_line
from lessons.authoring.words import capitalised
from lessons.drafts import LessonDraft, SectionDraft
from lessons.formats import Unreadable

READERS = {
    ".docx": "docx",
    ".markdown": "markdown",
    ".md": "markdown",
    ".pdf": "pdf",
    ".pptx": "pptx",
    ".txt": "markdown",
}
LARGEST_BYTES = 20_000_000
LONGEST_S = 60
LONGEST_TITLE = 120
LONGEST_NOTES = 50_000
MOST_SECTIONS = 100


def read_upload(name: str, data: bytes, language: str = "en") -> LessonDraft:
    """The text of a file by that name. Raises Unreadable with a sentence for the one who sent it."""
    path = PurePath(name)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise Unreadable(_why(Problem.UNKNOWN_KIND))
    if len(data) > LARGEST_BYTES:
        raise Unreadable(_why(Problem.TOO_LARGE))
    return read_markdown(_read_apart(reader, data), path.stem, language)


def _read_apart(reader: str, data: bytes) -> str:
    """The file's Markdown, read by a process of its own: at worst that one ends."""
    if not data:
        raise Unreadable(_why(Problem.EMPTY))
    try:
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-m", "lessons.authoring.readers", reader],
            input=data,
            capture_output=True,
            timeout=LONGEST_S,
            cwd=settings.BASE_DIR,
            # Whoever takes the reader over finds no secrets there; Windows can't start without this.
            env={name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise Unreadable(_why(Problem.TOO_MUCH_WORK)) from error
    said = json.loads(done.stdout)
    if problem := said.get("problem"):
        raise Unreadable(_why(Problem(problem)))
    return str(said["markdown"])


def _why(problem: Problem) -> str:
    match problem:
        case Problem.UNKNOWN_KIND:
            return gettext("Please choose a PDF, Word, PowerPoint, Markdown or text file.")
        case Problem.TOO_LARGE:
            return gettext("This file is too large. Up to %(megabytes)s MB can be read.") % {
                "megabytes": LARGEST_BYTES // 1_000_000
            }
        case Problem.TOO_LONG:
            return gettext("This text is too long for one lesson. Please divide it.")
        case Problem.TOO_MUCH_WORK:
            return gettext(
                "Reading this file takes too long. Please save its text in another form."
            )
        case Problem.BROKEN:
            return gettext(
                "This file can’t be read. It may be damaged, or of another kind than its name says."
            )
        case Problem.LOCKED:
            return gettext(
                "This file has a password, or is of an old kind. Please save it as a new one without."
            )
        case Problem.PICTURES_ONLY:
            return gettext(
                "There are only pictures in this file, no text. Scanned pages need text recognition first."
            )
        case Problem.EMPTY:
            return gettext("There is no text in this file.")


def read_markdown(markdown: str, title: str, language: str = "en") -> LessonDraft:
    """Sections by headings. The only one of the highest level gives the title, else it is `title`."""
    # What is pasted from elsewhere has bullets of its own.
    found_title, parts = _parts(re.sub(r"(?m)^([ \t]*)[•◦▪●]\s+", r"\1- ", markdown))
    named = capitalised(" ".join(title.replace("_", " ").split()))
    title = _cut(found_title or named or gettext("Notes"))
    sections = [
        SectionDraft(title=name, notes=notes) for name, notes in _named(_short(parts), title)
    ]
    if not sections:
        raise Unreadable(_why(Problem.EMPTY))
    if len(sections) > MOST_SECTIONS:
        raise Unreadable(_why(Problem.TOO_LONG))
    slug = slugify(title)[:80] or "notes"
    return LessonDraft(slug=slug, title=title, language=language, sections=tuple(sections))


_headings = MarkdownIt("commonmark", {"html": False}).enable("table")


class _Heading(NamedTuple):
    level: int
    text: str
    start: int
    end: int
    """Lines."""


def _parts(markdown: str) -> tuple[str, list[tuple[str, str]]]:
    """The title, or nothing, and (heading, notes) of each part; the first may have no heading."""
    lines = markdown.split("\n")
    tokens = _headings.parse(markdown)
    seen = [
        _Heading(int(token.tag[1]), plain_line(inline.content), *token.map)
        for token, inline in pairwise(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]
    title, skipped = "", 0
    if len(seen) > 1 and all(other.level > seen[0].level for other in seen[1:]):
        title, skipped = seen[0].text, seen[0].end
        seen = seen[1:]
    highest = min((heading.level for heading in seen), default=0)
    breaks = [heading for heading in seen if heading.level == highest]
    starts = [("", skipped), *((heading.text, heading.end) for heading in breaks)]
    ends = [*(heading.start for heading in breaks), len(lines)]
    return title, [
        (name, "\n".join(lines[start:end]).strip())
        for (name, start), end in zip(starts, ends, strict=True)
    ]


def _short(parts: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Parts whose notes are too long for a section cut between paragraphs."""
    for name, notes in parts:
        kept = ""
        for paragraph in notes.split("\n\n"):
            if kept and len(kept) + len(paragraph) + 2 > LONGEST_NOTES:
                yield name, kept
                kept = ""
            kept = f"{kept}\n\n{paragraph}".strip("\n")[:LONGEST_NOTES]
        yield name, kept


def _named(parts: Iterator[tuple[str, str]], title: str) -> Iterator[tuple[str, str]]:
    """Parts that say something, each with a name of its own."""
    used: set[str] = set()
    for heading, notes in parts:
        if not any(c.isalnum() for c in notes):
            continue
        name = plain = _cut(heading or title)
        number = 2
        while name in used:
            name = f"{plain[: LONGEST_TITLE - 6]} ({number})"
            number += 1
        used.add(name)
        yield name, notes


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}…"
