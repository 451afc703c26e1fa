import json
import sqlite3
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from pytest_django import Settings

from lessons import images
from lessons.drafts import CardDraft, LessonDraft
from lessons.formats import Loss, anki, own_yaml
from tests.lessons.conftest import EVERY_KIND

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Note(NamedTuple):
    guid: str
    type: int
    tags: str
    fields: list[str]
    cards: list[int]
    changed_at: int


class Opened(NamedTuple):
    notes: list[Note]
    media: dict[str, bytes]
    decks: dict[str, str]


def opened(data: bytes, folder: Path) -> Opened:
    """What Anki finds in it: a database, and media by number."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        names: dict[str, str] = json.loads(package.read("media"))
        media = {name: package.read(number) for number, name in names.items()}
        package.extract("collection.anki2", folder)
    database = sqlite3.connect(folder / "collection.anki2")
    try:
        cards: dict[int, list[int]] = {}
        for note, ord in database.execute("SELECT nid, ord FROM cards ORDER BY ord"):
            cards.setdefault(note, []).append(ord)
        notes = [
            Note(guid, mid, tags.strip(), flds.split("\x1f"), cards[id], mod)
            for id, guid, mid, tags, flds, mod in database.execute(
                "SELECT id, guid, mid, tags, flds, mod FROM notes ORDER BY id"
            )
        ]
        [(decks,)] = database.execute("SELECT decks FROM col")
    finally:
        database.close()
    return Opened(notes, media, {d["name"]: number for number, d in json.loads(decks).items()})


def test_a_deck_of_every_kind_of_card(tmp_path: Path) -> None:
    draft, _ = own_yaml.read(EVERY_KIND.read_bytes())
    image = draft.flashcards[0].image
    assert image
    data, losses = anki.write(draft, NOON)
    deck = opened(data, tmp_path)
    right_angle, dot_product, degrees = deck.notes

    assert right_angle.fields == [
        "Right angle",
        r"A quarter of a turn, \(\frac{\pi}{2}\).",
        f'<img src="{image.file}" alt="{image.alt}">',
    ]
    assert dot_product.fields[1] == (
        r"Of two vectors it is \(a \cdot b = |a|\,|b|\cos\theta\):<br>"
        "the product of their lengths and of the <em>cosine</em> between them."
    )
    assert degrees.fields == [
        r"A right angle has {{c1::90::how many?}} degrees, which is "
        r"\({{c2::{\frac{\pi}{2} } }}\) in radians.",
        "Degrees and radians",
        "",
    ]
    assert [note.type for note in deck.notes] == [anki.TWO_SIDES, anki.TWO_SIDES, anki.CLOZE]
    assert [note.cards for note in deck.notes] == [[0, 1]] * 3
    assert {note.tags for note in deck.notes} == {"every-kind Angles"}
    assert {note.changed_at for note in deck.notes} == {int(NOON.timestamp())}
    assert deck.media == {image.file: images.kept_bytes(image.file)}
    assert "Every kind" in deck.decks
    assert losses == [Loss("flashcard 2", "the link to its picture")]


def test_a_deck_once_more_has_the_same_notes(tmp_path: Path) -> None:
    draft, _ = own_yaml.read(EVERY_KIND.read_bytes())
    mended = draft.flashcards[1].model_copy(update={"definition": "Lengths and a cosine."})
    later = draft.model_copy(update={"flashcards": (mended, *draft.flashcards[::2])})

    before = opened(anki.write(draft)[0], tmp_path)
    after = opened(anki.write(later, NOON)[0], tmp_path)

    assert {n.guid for n in after.notes} == {n.guid for n in before.notes}
    assert len({n.guid for n in before.notes}) == 3
    assert after.decks == before.decks


def test_cards_of_one_term_and_of_another_lesson_are_others(tmp_path: Path) -> None:
    cards = (CardDraft(term="A b", definition="1"), CardDraft(term="A b", definition="2"))
    decks = [
        opened(anki.write(LessonDraft(slug=slug, title="A", flashcards=cards))[0], tmp_path)
        for slug in ("one", "two")
    ]

    assert len({note.guid for deck in decks for note in deck.notes}) == 4


@pytest.mark.parametrize(
    ("written", "exported"),
    [
        (r"{{c1::$x_{2}$}}", r"{{c1::\(x_{2}\)}}"),
        (r"{{c1::a {b{c}}}}", "{{c1::a {b{c} } }}"),
        (r"{{c1::a < b::x <y>}}", "{{c1::a &lt; b::x &lt;y&gt;}}"),
        (r"$x^{{c1::{a}::b}}$", r"\(x^{{c1::{{a} } ::b}}\)"),
    ],
)
def test_a_gap_of_ankis_ends_where_ours_does(written: str, exported: str, tmp_path: Path) -> None:
    card = CardDraft(term="A", definition=written)
    data, _ = anki.write(LessonDraft(slug="a", title="A", flashcards=(card,)))
    [note] = opened(data, tmp_path).notes

    assert note.fields[0] == exported


def test_an_image_whose_file_is_gone_is_a_loss(settings: Settings, tmp_path: Path) -> None:
    draft, _ = own_yaml.read(EVERY_KIND.read_bytes())
    settings.MEDIA_ROOT /= "elsewhere"
    data, losses = anki.write(draft)
    deck = opened(data, tmp_path)

    assert losses[0] == Loss("flashcard 1", "its image, whose file is gone")
    assert [deck.media, deck.notes[0].fields[2]] == [{}, ""]


def test_a_lesson_without_cards_is_an_empty_deck(tmp_path: Path) -> None:
    data, losses = anki.write(LessonDraft(slug="a", title="A"))

    assert [opened(data, tmp_path).notes, losses] == [[], []]
