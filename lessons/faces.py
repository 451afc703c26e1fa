"""What a flashcard asks and what it answers: one card has a face for each way to ask it. Pure."""

from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from lessons.cloze import asked, cloze_numbers, gaps, without_braces
from lessons.markdown import inline

FORWARD, BACKWARD = "forward", "backward"


class Face(NamedTuple):
    """HTML that is safe to show, and the plain texts that would be right if typed.

    `title` stands above both sides of a cloze text; other faces have none. Nothing is typed where
    `typed` is empty: a definition has no one wording.
    """

    key: str
    """forward, backward, or c1 to c9."""
    title: SafeString
    front: SafeString
    back: SafeString
    typed: tuple[str, ...]


def faces_of(term: str, definition: str) -> tuple[Face, ...]:
    """Of a cloze text one face for each number, of another card there and back."""
    if numbers := cloze_numbers(definition):
        return tuple(_cloze(term, definition, number) for number in numbers)
    told, meant = inline(term), lines(definition)
    nothing = SafeString("")
    return (
        Face(FORWARD, nothing, told, meant, ()),
        Face(BACKWARD, nothing, meant, told, (term,)),
    )


def face_keys(definition: str) -> tuple[str, ...]:
    """The keys alone, without rendering."""
    clozes = tuple(f"c{number}" for number in cloze_numbers(definition))
    return clozes or (FORWARD, BACKWARD)


def face_of(term: str, definition: str, key: str) -> Face | None:
    """The face of that key; None where the card was changed since and has it no longer."""
    return next((face for face in faces_of(term, definition) if face.key == key), None)


def lines(text: str) -> SafeString:
    """A definition as HTML, line by line, the braces of its gaps gone."""
    html = "<br>".join(inline(line) for line in without_braces(text).split("\n"))
    return mark_safe(html)  # noqa: S308  # each line is safe


def _cloze(term: str, definition: str, number: int) -> Face:
    hidden = [gap.text for gap in gaps(definition) if gap.number == number]
    front = "<br>".join(inline(line) for line in asked(definition, number).split("\n"))
    # Several gaps of one number are asked together, and nobody types them in one line.
    typed = (hidden[0],) if len(set(hidden)) == 1 else ()
    return Face(f"c{number}", inline(term), mark_safe(front), lines(definition), typed)  # noqa: S308  # the same
