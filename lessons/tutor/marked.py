"""Notes as HTML in which every sentence that may be cited can be found. Pure.

Around each sentence stand two empty elements that name its place in the Markdown:

    <span data-from="12"></span>The rows ask.<span data-to="25"></span>

A page marks what is between them, whatever that became on its way: emphasis, links, formulas.
"""

import re
from collections.abc import Iterable

from django.utils.safestring import SafeString, mark_safe

from lessons.drafts import LessonDraft
from lessons.markdown import rendered
from lessons.spans import Span
from lessons.tutor.passages import passages

# Letters of nobody's (Unicode's private planes) go through Markdown like any other letter.
_FIRST_FROM, _FIRST_TO = 0xF0000, 0x100000
_MOST = 0xFFFD
_PRIVATE = re.compile("[\U000f0000-\U0010ffff]")
_FROM, _TO = re.compile("[\U000f0000-\U000fffff]"), re.compile("[\U00100000-\U0010ffff]")


def marked_notes(draft: LessonDraft, below: int) -> tuple[SafeString, ...]:
    """Each section's notes, their headings below those of that level."""
    spans: list[list[Span]] = [[] for _ in draft.sections]
    for passage in passages(draft):
        if passage.of == "section":
            spans[passage.span.place] += [sentence.span for sentence in passage.sentences]
    return tuple(
        _marked(section.notes, of_section, below)
        for section, of_section in zip(draft.sections, spans, strict=True)
    )


def _marked(notes: str, spans: Iterable[Span], below: int) -> SafeString:
    # Of the same length, so that every place stays.
    notes = _PRIVATE.sub("\ufffd", notes)
    starts = sorted({span.start for span in spans})[:_MOST]
    ends = sorted({span.end for span in spans})[:_MOST]
    letters = [(_before(notes, at), chr(_FIRST_FROM + i)) for i, at in enumerate(starts)]
    letters += [(_after(notes, at), chr(_FIRST_TO + i)) for i, at in enumerate(ends)]
    with_letters = notes
    for at, letter in sorted(letters, reverse=True):
        with_letters = with_letters[:at] + letter + with_letters[at:]
    html = _WHOLE.sub(_letters_outside, rendered(with_letters, below))
    plain = rendered(notes, below)
    if _PRIVATE.sub("", html) != plain:
        return plain  # a letter stood where it meant something; notes that are right come first
    html = _FROM.sub(lambda m: f'<span data-from="{starts[ord(m[0]) - _FIRST_FROM]}"></span>', html)
    html = _TO.sub(lambda m: f'<span data-to="{ends[ord(m[0]) - _FIRST_TO]}"></span>', html)
    return mark_safe(html)  # noqa: S308  # cleaned HTML and numbers


def _before(notes: str, at: int) -> int:
    """Where a letter may stand before that one: not after a backslash, nor beside the signs of a formula."""
    if opening := _OPENING.match(notes, max(0, at - 1)):
        return opening.end()
    slashes = at - len(notes[:at].rstrip("\\"))
    return at - slashes % 2


def _after(notes: str, at: int) -> int:
    """Where a letter may stand after the one before: the last sign of a formula wants its line alone."""
    closing = _CLOSING.search(notes, 0, at)
    return closing.start() if closing and notes.startswith("$", at) else at


_OPENING = re.compile(r"\$\$[ \t]*\n")
_CLOSING = re.compile(r"\n[ \t>]*\$\Z")

_WHOLE = re.compile(
    r'<(?P<math>span|div) class="math">[^<]*</(?P=math)>' r'|<[^<>"]*(?:"[^"]*"[^<>"]*)*>'
)
"""What can't have an element inside: a formula that is still LaTeX, and a tag."""


def _letters_outside(whole: re.Match[str]) -> str:
    starts, ends = "".join(_FROM.findall(whole[0])), "".join(_TO.findall(whole[0]))
    return starts + _PRIVATE.sub("", whole[0]) + ends
