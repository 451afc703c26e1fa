"""Files of other programs become sections; those that can't say why.

`cells.docx`, `cells.pdf` and `deck.pptx` were written by LibreOffice 7.4.
"""

import io
import zipfile
from pathlib import Path

import pptx
import pypdf
import pytest
from PIL import Image

from lessons.authoring.drafting import drafts_from
from lessons.authoring.readers.pdf import Line, _without_furniture
from lessons.authoring.uploads import LARGEST_BYTES, read_markdown, read_upload
from lessons.drafts import CardDraft, LessonDraft
from lessons.formats import Unreadable

FILES = Path(__file__).parent / "files"
DIVISION = "Cell Division: How One Cell Becomes Two Cells That Have the Same Chromosomes and Genes"


def upload(name: str) -> LessonDraft:
    return read_upload(name, (FILES / name).read_bytes())


def notes_of(lesson: LessonDraft) -> dict[str, list[str]]:
    return {
        section.title: [line for line in section.notes.split("\n") if line]
        for section in lesson.sections
    }


def test_a_word_file_keeps_headings_bold_words_lists_and_tables() -> None:
    lesson = upload("cells.docx")

    assert lesson.title == "How Cells Work"
    assert notes_of(lesson) == {
        "Parts of a Cell": [
            "The **nucleus** is the part of a cell that holds its DNA. It is enclosed by a double "
            "membrane with pores, through which messenger RNA leaves for the cytoplasm.",
            "- A **mitochondrion** is a body that releases the energy of food.",
            "- The **ribosomes** build proteins from amino acids.",
        ],
        DIVISION: [
            "Put simply, mitosis goes like this:",
            "1. Chromosomes become visible",
            "1. Chromosomes line up in the middle",
            "1. Chromatids move apart",
            "1. Two nuclei form",
        ],
        "Words": [
            "| Word | Meaning |",
            "|---|---|",
            "| Osmosis | The flow of water through a membrane. |",
            "| Enzyme | A protein that speeds up a reaction. |",
        ],
    }


def test_a_pdf_file_keeps_headings_paragraphs_and_lists() -> None:
    lesson = upload("cells.pdf")
    notes = notes_of(lesson)

    assert lesson.title == "How Cells Work"
    assert list(notes) == ["Parts of a Cell", DIVISION, "Words"]  # that is two lines in the file
    assert notes["Parts of a Cell"] == [
        "The nucleus is the part of a cell that holds its DNA. It is enclosed by a double "
        "membrane with pores, through which messenger RNA leaves for the cytoplasm.",
        "- A mitochondrion is a body that releases the energy of food.",
        "- The ribosomes build proteins from amino acids.",
    ]
    assert notes[DIVISION][1:] == [
        "1. Chromosomes become visible",
        "2. Chromosomes line up in the middle",
        "3. Chromatids move apart",
        "4. Two nuclei form",
    ]


def test_what_stands_on_every_page_of_a_pdf_is_no_text() -> None:
    pages = [
        [Line("My School", 9, 800), Line(f"Text {n}", 12, 700), Line(f"Page {n} of 3", 9, 20)]
        for n in (1, 2, 3)
    ]

    assert [[line.text for line in page] for page in _without_furniture(pages)] == [
        ["Text 1"],
        ["Text 2"],
        ["Text 3"],
    ]


def test_of_a_powerpoint_file_each_slide_is_a_section_with_its_notes() -> None:
    lesson = upload("deck.pptx")

    assert lesson.title == "How Cells Work"
    assert notes_of(lesson) == {
        "How Cells Work": ["Biology, year 9"],
        "Parts of a Cell": [
            "- The nucleus is the part of a cell that holds its DNA.",
            "    - It is enclosed by a double membrane.",
            "- A mitochondrion is a body that releases the energy of food.",
            "The ribosomes build proteins from amino acids.",
        ],
        "Words": [
            "| Word | Meaning |",
            "|---|---|",
            "| Osmosis | The flow of water through a membrane. |",
            "| Enzyme | A protein that speeds up a reaction. |",
        ],
    }


def test_what_was_read_gives_drafts() -> None:
    drafts = drafts_from(upload("cells.docx"))
    cards = {d.item.term: d.item.definition for d in drafts if isinstance(d.item, CardDraft)}

    assert cards["Nucleus"] == "The part of a cell that holds its DNA."
    assert cards["Osmosis"] == "The flow of water through a membrane."
    assert "order_steps" in {draft.kind for draft in drafts}


def test_markdown_is_cut_at_its_highest_headings() -> None:
    lesson = read_markdown(
        "Before.\n\n# One\nFirst\n## Below\nmore\n\n# One\nSecond\n\n# None\n", "my_notes"
    )

    assert lesson.title == "My notes"
    assert [(s.title, s.notes) for s in lesson.sections] == [
        ("My notes", "Before."),
        ("One", "First\n## Below\nmore"),
        ("One (2)", "Second"),
    ]


def test_a_heading_above_all_others_is_the_title() -> None:
    lesson = read_markdown("# *The* Title\n\n## One\nFirst\n\n## Two\nSecond", "file")

    assert lesson.title == "The Title"
    assert [section.title for section in lesson.sections] == ["One", "Two"]


def test_pasted_bullets_become_a_list() -> None:
    [section] = read_markdown("• One\n• Two", "Pasted").sections

    assert section.notes == "- One\n- Two"


def test_notes_that_are_too_long_for_a_section_are_divided() -> None:
    lesson = read_markdown("\n\n".join(["A paragraph of words. " * 100] * 40), "Long")

    assert [section.title for section in lesson.sections] == ["Long", "Long (2)"]


def test_a_text_file_with_front_matter_and_a_mark_of_byte_order_is_read() -> None:
    data = "\ufeff---\ntitle: x\n---\nWords of wisdom.\r\n".encode()

    assert read_upload("a.TXT", data).sections[0].notes == "Words of wisdom."


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read_upload(name, data)
    return str(refused.value)


EMPTY = "There is no text in this file."
BROKEN = "This file can’t be read. It may be damaged, or of another kind than its name says."
LOCKED = "This file has a password, or is of an old kind. Please save it as a new one without."
PICTURES = (
    "There are only pictures in this file, no text. Scanned pages need text recognition first."
)
TOO_LARGE = "This file is too large. Up to 20 MB can be read."


def test_other_kinds_of_file_are_refused() -> None:
    assert (
        refusal("a.exe", b"MZ") == "Please choose a PDF, Word, PowerPoint, Markdown or text file."
    )


@pytest.mark.parametrize("name", ["a.md", "a.pdf", "a.docx", "a.pptx"])
def test_an_empty_file_is_empty(name: str) -> None:
    assert refusal(name, b"") == EMPTY


def test_blank_text_and_headings_without_notes_are_empty() -> None:
    assert refusal("a.md", b" \n ") == EMPTY
    assert refusal("a.md", b"# Only\n\n# Headings") == EMPTY


@pytest.mark.parametrize("name", ["a.md", "a.pdf", "a.docx", "a.pptx"])
def test_a_file_of_another_kind_than_its_name_says_is_broken(name: str) -> None:
    assert refusal(name, bytes(range(256))) == BROKEN


@pytest.mark.parametrize("name", ["cells.docx", "cells.pdf", "deck.pptx"])
def test_half_a_file_is_broken(name: str) -> None:
    data = (FILES / name).read_bytes()

    assert refusal(name, data[: len(data) // 2]) == BROKEN


def test_a_file_that_is_too_large_is_not_even_opened() -> None:
    assert refusal("a.pdf", b"%" * (LARGEST_BYTES + 1)) == TOO_LARGE


def test_a_zip_bomb_is_too_large() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        for number in range(3):
            bomb.writestr(f"word/{number}.xml", b"0" * 70_000_000)

    assert len(packed.getvalue()) < 1_000_000
    assert refusal("a.docx", packed.getvalue()) == TOO_LARGE


def test_a_pdf_with_a_password_is_locked() -> None:
    writer = pypdf.PdfWriter(clone_from=FILES / "cells.pdf")
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)

    assert refusal("a.pdf", locked.getvalue()) == LOCKED


def test_an_office_file_with_a_password_is_locked() -> None:
    assert refusal("a.docx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1000)) == LOCKED


def test_a_scanned_pdf_has_only_pictures() -> None:
    scanned = io.BytesIO()
    Image.new("RGB", (200, 300), "white").save(scanned, "PDF")

    assert refusal("a.pdf", scanned.getvalue()) == PICTURES


def test_slides_of_pictures_alone_have_only_pictures() -> None:
    picture, deck = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (20, 30), "white").save(picture, "PNG")
    slides = pptx.Presentation()
    slides.slides.add_slide(slides.slide_layouts[6]).shapes.add_picture(picture, 0, 0)
    slides.save(deck)

    assert refusal("a.pptx", deck.getvalue()) == PICTURES


def test_text_of_a_file_is_no_markdown() -> None:
    deck = io.BytesIO()
    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.title.text = "Signs"
    slide.placeholders[1].text_frame.text = "# 2 * 3 is `six` | $6"
    slides.save(deck)

    [section] = read_upload("a.pptx", deck.getvalue()).sections
    assert section.notes == "\\# 2 \\* 3 is \\`six\\` \\| \\$6"
