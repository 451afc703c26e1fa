"""Flashcards as an Anki deck (`.apkg`), by genanki.

A note's GUID comes from the lesson's address and the card's term, by which a lesson knows its cards
too: importing a deck again brings no doubles, and what was learnt stays with the card.
"""

import hashlib
import re
import tempfile
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import genanki
from django.utils.html import escape, format_html
from django.utils.translation import gettext

from lessons import images
from lessons.cloze import Gap, cloze_numbers
from lessons.drafts import CardDraft, LessonDraft
from lessons.faces import lines, with_gaps
from lessons.formats import Loss
from lessons.markdown import inline

# Anki knows note types and decks by these: another number would be another type beside the first.
TWO_SIDES, CLOZE = 1_746_120_931, 1_746_120_932
FIRST_MADE = datetime(2026, 1, 1, tzinfo=UTC)


def write(draft: LessonDraft, at: datetime = FIRST_MADE) -> tuple[bytes, list[Loss]]:
    """The lesson's cards as a deck; what else is in it stays here.

    at  when the cards were as they are: Anki takes the newer of two versions of a note
    """
    losses: list[Loss] = []
    deck = genanki.Deck(_deck_number(draft.slug), draft.title)
    pictures: dict[str, bytes] = {}
    terms = Counter[str]()
    for n, card in enumerate(draft.flashcards, start=1):
        terms[card.term] += 1
        image = card.image
        if image and image.file not in pictures:
            if data := images.kept_bytes(image.file):
                pictures[image.file] = data
            else:
                losses.append(Loss(f"flashcard {n}", gettext("its image, whose file is gone")))
                card = card.model_copy(update={"image": None})
        if card.explanation:
            losses.append(Loss(f"flashcard {n}", gettext("the link to its picture")))
        guid = genanki.guid_for("quizgame", draft.slug, card.term, terms[card.term])
        deck.add_note(_note(card, guid, draft))
    with tempfile.TemporaryDirectory() as folder:
        for file, data in pictures.items():
            (Path(folder) / file).write_bytes(data)
        package = genanki.Package(deck, [str(Path(folder) / file) for file in pictures])
        out = BytesIO()
        package.write_to_file(out, timestamp=at.timestamp())
    return out.getvalue(), losses


def _note(card: CardDraft, guid: str, draft: LessonDraft) -> Any:
    term = _in_mathjax(inline(card.term))
    image = _image(card)
    tags = [_tag(draft.slug)] + ([_tag(card.section)] if card.section else [])
    if cloze_numbers(card.definition):
        text = _in_mathjax(with_gaps(card.definition, _gap_in_text, _gap_in_formula))
        return genanki.Note(_cloze_type, [text, term, image], guid=guid, tags=tags)
    fields = [term, _in_mathjax(lines(card.definition)), image]
    return genanki.Note(_two_sided_type, fields, guid=guid, tags=tags)


def _image(card: CardDraft) -> str:
    if not card.image:
        return ""
    return format_html('<img src="{}" alt="{}">', card.image.file, card.image.alt)


def _tag(text: str) -> str:
    """Anki parts tags at spaces."""
    return re.sub(r"\s+", "_", text.strip())


def _deck_number(slug: str) -> int:
    return int.from_bytes(hashlib.sha256(slug.encode()).digest()[:6])


def _gap_in_text(gap: Gap) -> str:
    return _gap(gap, lines(gap.text))


def _gap_in_formula(gap: Gap) -> str:
    return _gap(gap, f"{{{gap.text}}}")


def _gap(gap: Gap, content: str) -> str:
    """As Anki writes it, whose gap ends at the first two braces wherever they stand."""
    apart = re.sub(r"\}(?=\}|$)", "} ", content).replace("::", ": :")
    hint = f"::{escape(gap.hint).replace('}}', '} }')}" if gap.hint else ""
    return f"{{{{c{gap.number}::{apart}{hint}}}}}"


def _in_mathjax(html: str) -> str:
    return re.sub(r'<span class="math">([^<]*)</span>', r"\\(\1\\)", html)


_CSS = """\
.card {
  max-width: 34rem;
  margin: 0 auto;
  padding: 1.5rem;
  background: #fbf9f4;
  color: #141d33;
  font: 1.25rem/1.5 'Atkinson Hyperlegible Next', 'Atkinson Hyperlegible', system-ui, sans-serif;
  text-align: center;
}
.term { font-weight: 650; }
.about { color: #4b566e; font-size: 1rem; }
img { max-width: 100%; max-height: 50vh; border-radius: 0.625rem; }
hr { border: 0; border-top: 1px solid #ddd8cb; margin: 1.25rem 0; }
code { padding: 0.1em 0.3em; border-radius: 0.25em; background: #eef1f8; }
.cloze { color: #1b4f9c; font-weight: 650; }
.nightMode.card { background: #0a1122; color: #f4f0e6; }
.nightMode .about { color: #a9b4cc; }
.nightMode hr { border-color: #2a3856; }
.nightMode code { background: #202e4e; }
.nightMode .cloze { color: #8ecbff; }
"""
_TERM = '<div class="term">{{Term}}</div>'
_DEFINITION = "<div>{{Definition}}</div>"
_IMAGE = "{{#Image}}<p>{{Image}}</p>{{/Image}}"
_two_sided_type = genanki.Model(
    TWO_SIDES,
    "Quizgame: term and definition",
    fields=[{"name": name} for name in ("Term", "Definition", "Image")],
    templates=[
        {
            "name": "Term to definition",
            "qfmt": _TERM + _IMAGE,
            "afmt": "{{FrontSide}}<hr id=answer>" + _DEFINITION,
        },
        {
            "name": "Definition to term",
            "qfmt": _DEFINITION + _IMAGE,
            "afmt": "{{FrontSide}}<hr id=answer>" + _TERM,
        },
    ],
    css=_CSS,
)
_cloze_type = genanki.Model(
    CLOZE,
    "Quizgame: cloze",
    fields=[{"name": name} for name in ("Text", "Term", "Image")],
    templates=[
        {
            "name": "Cloze",
            "qfmt": '<p class="about">{{Term}}</p><div>{{cloze:Text}}</div>' + _IMAGE,
            "afmt": '<p class="about">{{Term}}</p><div>{{cloze:Text}}</div>' + _IMAGE,
        }
    ],
    css=_CSS,
    model_type=genanki.Model.CLOZE,
)
