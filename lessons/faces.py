"""What a flashcard asks and what it answers: one card has a face for each way to ask it. Pure."""

import re
from collections.abc import Callable
from html import unescape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from lessons.cloze import Gap, cloze_numbers, gaps, in_its_place, replaced
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
        Face(BACKWARD, nothing, meant, told, _ways_to_type(term)),
    )


def face_keys(definition: str) -> tuple[str, ...]:
    """The keys alone, without rendering."""
    clozes = tuple(f"c{number}" for number in cloze_numbers(definition))
    return clozes or (FORWARD, BACKWARD)


def face_of(term: str, definition: str, key: str) -> Face | None:
    """The face of that key; None where the card was changed since and has it no longer."""
    return next((face for face in faces_of(term, definition) if face.key == key), None)


def lines(definition: str) -> SafeString:
    """A definition as HTML, line by line, its gaps filled in."""
    return with_gaps(definition, lambda gap: _lines(gap.text), _one_group)


Fill = Callable[[Gap], str]


def with_gaps(definition: str, in_text: Fill, in_formula: Fill) -> SafeString:
    """A definition as HTML, each gap as it is filled: in HTML that is safe, or in a formula's LaTeX.

    The Markdown is read with a letter of nobody's in the place of each gap, so it is Markdown's own
    rules that say whether a gap stands in a formula.
    """
    found = gaps(definition := _OWN_LETTERS.sub("", definition))
    numbered = iter(range(len(found)))
    marked = replaced(definition, lambda _: f"{_FIRST}{next(numbered)}{_LAST}")

    def in_its_formula(formula: re.Match[str]) -> str:
        return _MARK.sub(lambda mark: _escaped(in_formula(found[int(mark[1])])), formula[0])

    html = _FORMULA.sub(in_its_formula, _lines(marked))
    return mark_safe(_MARK.sub(lambda mark: in_text(found[int(mark[1])]), html))  # noqa: S308  # both safe


def spoken(html: str) -> str:
    """What a voice reads out: no signs of Markdown, and of formulas only those that are plain words."""
    text = _FORMULA.sub(_said, html.replace("<br>", ". "))
    return unescape(_TAG.sub("", text)).replace("_____", " … ").strip()


_FIRST, _LAST = "\ue000", "\ue001"
_OWN_LETTERS = re.compile(f"[{_FIRST}{_LAST}]")
_MARK = re.compile(f"{_FIRST}([0-9]+){_LAST}")
_FORMULA = re.compile(r'<span class="math">([^<]*)</span>')
_TAG = re.compile(r"<[^>]*>")
_PLAIN_FORMULA = re.compile(r"[\w\s.,=+<>%°]*")


def _cloze(term: str, definition: str, number: int) -> Face:
    def fill(asked_html: Fill, asked_latex: Fill) -> SafeString:
        return with_gaps(
            definition,
            lambda gap: asked_html(gap) if gap.number == number else _lines(gap.text),
            lambda gap: asked_latex(gap) if gap.number == number else _one_group(gap),
        )

    front = fill(lambda gap: inline(in_its_place(gap)), _box)
    back = fill(lambda gap: f"<strong>{_lines(gap.text)}</strong>", _filled_box)
    hidden = {gap.text for gap in gaps(definition) if gap.number == number}
    # Several gaps of one number are asked together, and nobody types them in one line.
    typed = _ways_to_type(hidden.pop()) if len(hidden) == 1 else ()
    return Face(f"c{number}", inline(term), front, back, typed)


def _ways_to_type(text: str) -> tuple[str, ...]:
    """The text as it would be typed, and of “Multi-layer Perceptron (MLP)” either name; no LaTeX."""
    html = inline(text)
    if "\n" in text or "\\" in text or _FORMULA.search(html):
        return ()
    plain = spoken(html)
    named = _ABBREVIATED.fullmatch(plain)
    return (plain, *named.groups()) if named else (plain,)


_ABBREVIATED = re.compile(r"([^()]+?) \(([^()\s]+)\)")


def _lines(text: str) -> SafeString:
    return mark_safe("<br>".join(inline(line) for line in text.split("\n")))  # noqa: S308  # each line is safe


def _one_group(gap: Gap) -> str:
    """As an author means it who writes x^{{c1::10}}."""
    return f"{{{gap.text}}}"


def _filled_box(gap: Gap) -> str:
    return rf"{{\boxed{{{gap.text}}}}}"


def _box(gap: Gap) -> str:
    """A blank that is still a formula."""
    if not gap.hint:
        return r"{\boxed{\phantom{xx}}}"
    hint = "".join(_IN_LATEX_TEXT.get(sign, sign) for sign in gap.hint)
    return rf"{{\boxed{{\text{{{hint}}}}}}}"


_IN_LATEX_TEXT = {sign: f"\\{sign}" for sign in "{}$#%&_"} | {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


def _escaped(latex: str) -> str:
    return latex.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _said(formula: re.Match[str]) -> str:
    if _PLAIN_FORMULA.fullmatch(unescape(formula[1])):
        return formula[1]
    # Between the words of the text, in place of a formula.
    return gettext("formula")
