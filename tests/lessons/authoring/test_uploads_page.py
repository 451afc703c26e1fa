"""A text becomes a lesson: read, looked at, written."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lessons.authoring.models import Making
from lessons.authoring.uploads import LARGEST_BYTES
from lessons.models import Lesson, Section
from tests.lessons.authoring.conftest import CELLS
from tests.lessons.authoring.test_uploads import DIVISION, FILES
from tests.lessons.test_lesson_admin import as_user

NEW = reverse("admin:authoring_new")
TEXT = f"# Cells\n\n## Parts\n\n{CELLS}\n\n## Division\n\nMitosis makes two nuclei of one.\n"


def file(name: str, data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (FILES / name).read_bytes() if data is None else data)


def read(client: Client, address: str = NEW, **given: Any) -> Any:
    return client.post(address, {"step": "read", "text": ""} | given)


def found(response: Any) -> dict[str, str]:
    """The form that shows what was found, as a browser would send it back."""
    context = response.context
    forms = [context["found"].management_form, *context["found"].forms]
    if context["head"]:
        forms.append(context["head"])
    values = {bound.html_name: bound.value() for form in forms for bound in form}
    return {"step": "write"} | {name: v for name, v in values.items() if v not in (None, False)}


def test_a_pasted_text_becomes_an_unpublished_lesson_of_its_author(hana: User) -> None:
    client = as_user(hana)
    form = found(read(client, text=TEXT))
    assert form["title"] == "Cells"
    assert not Lesson.objects.exists()  # it was only read

    response = client.post(NEW, form | {"title": "All about cells", "language": "en-GB"})

    lesson = Lesson.objects.get()
    assert response["Location"] == reverse("admin:authoring_drafts", args=[lesson.pk])
    assert (lesson.slug, lesson.title, lesson.language, lesson.owner, lesson.is_published) == (
        *("all-about-cells", "All about cells", "en-GB"),
        *(hana, False),
    )
    assert [section.title for section in lesson.sections.all()] == ["Parts", "Division"]
    assert lesson.sections.all()[0].notes == CELLS
    assert Making.objects.get().is_under_way  # its drafts are on the way


@pytest.mark.parametrize("name", ["cells.docx", "cells.pdf"])
def test_a_file_becomes_sections(hana: User, name: str) -> None:
    form = found(read(as_user(hana), file=file(name)))

    assert form["title"] == "How Cells Work"
    titles = [form[f"sections-{n}-title"] for n in range(3)]
    assert titles == ["Parts of a Cell", DIVISION, "Words"]


def test_what_was_found_begins_in_plain_words(hana: User) -> None:
    parts, _ = read(as_user(hana), text=TEXT).context["found"].forms

    said = "The nucleus is the part of a cell that holds its DNA. The ribosome…"
    assert (parts.length, parts.beginning) == (44, said)


def test_slides_become_a_lesson(hana: User) -> None:
    client = as_user(hana)

    client.post(NEW, found(read(client, file=file("deck.pptx"))))

    assert Lesson.objects.get().sections.count() > 1


@pytest.mark.parametrize(
    ("given", "field", "problem"),
    [
        ({}, "text", "Paste a text, or choose a file."),
        ({"text": "***"}, "text", "There is no text in this file."),
        ({"file": file("a.png", b"x")}, "file", "Please choose a PDF, Word, PowerPoint, Markdown or text file."),
        ({"file": file("a.pdf", b"%PDF-1.4 broken")}, "file", "This file can’t be read. It may be damaged, or of another kind than its name says."),
        ({"file": file("a.txt", b"")}, "file", "There is no text in this file."),
        ({"file": file("a.txt", b"x" * (LARGEST_BYTES + 1))}, "file", "This file is too large. Up to 20 MB can be read."),
        ({"text": "Some notes.", "file": file("a.txt", b"Others.")}, "file", "Take either the text or a file. Leave one of them empty."),
        ({"text": "字" * 1_000_001}, "text", "This text is too long for one lesson. Please divide it."),
    ],
)  # fmt: skip
def test_what_can_t_be_read_is_told_beside_it(
    hana: User, given: dict[str, Any], field: str, problem: str
) -> None:
    for each in given.values():
        if isinstance(each, SimpleUploadedFile):
            each.seek(0)
    response = read(as_user(hana), **given)

    form = response.context["form"]
    assert form.errors == {field: [problem]}
    assert form["text"].value() == given.get("text", "")  # nothing typed is lost


def test_what_was_found_can_be_changed_and_left_out(hana: User) -> None:
    client = as_user(hana)
    form = found(read(client, text=TEXT))

    changed = {"sections-0-title": "Bodies", "sections-1-leave_out": "on", "sections-1-title": ""}
    client.post(NEW, form | changed)

    assert [section.title for section in Section.objects.all()] == ["Bodies"]


@pytest.mark.parametrize(
    ("change", "name", "problem"),
    [
        ({"title": " "}, "head", {"title": ["This field is required."]}),
        ({"title": "\x07"}, "head", {"title": ["A title needs letters or digits."]}),
        ({"language": "English!"}, "head", {"language": ["Such as en or pt-BR."]}),
        ({"sections-1-title": "Parts"}, "found", {"title": ["Another section has this title."]}),
        ({"sections-1-notes": ""}, "found", {"notes": ["This field is required."]}),
    ],
)
def test_what_is_wrong_with_it_is_told_and_the_rest_stays(
    hana: User, change: dict[str, str], name: str, problem: dict[str, list[str]]
) -> None:
    client = as_user(hana)
    form = found(read(client, text=TEXT)) | {"sections-0-notes": "My own words."}

    response = client.post(NEW, form | change)

    head, sections = response.context["head"], response.context["found"]
    assert (head.errors if name == "head" else sections.forms[1].errors) == problem
    assert sections.forms[0]["notes"].value() == "My own words."
    assert not Lesson.objects.exists()


def test_at_least_one_section_stays(hana: User) -> None:
    client = as_user(hana)
    form = found(read(client, text="Only this."))

    response = client.post(NEW, form | {"sections-0-leave_out": "on"})

    assert response.context["found"].non_form_errors() == ["Keep at least one section."]


def test_a_lesson_of_the_same_title_has_an_address_of_its_own(hana: User) -> None:
    client = as_user(hana)
    for _ in range(3):
        client.post(NEW, found(read(client, text=TEXT)))

    assert sorted(Lesson.objects.values_list("slug", flat=True)) == ["cells", "cells-2", "cells-3"]


def test_a_text_is_added_to_a_lesson_under_titles_of_its_own(lesson: Lesson, hana: User) -> None:
    client = as_user(hana)
    add = reverse("admin:authoring_add", args=[lesson.pk])
    form = found(
        read(client, add, text="# The right angle\n\nIt is 90°.\n\n# Acute\n\nIt is less.")
    )

    response = client.post(add, form, follow=True)

    assert "2 sections are added." in response.text
    assert [s.title for s in lesson.sections.all()] == [
        *("The right angle", "The right angle (2)", "Acute"),
    ]


def test_a_full_lesson_takes_no_more_sections(lesson: Lesson, hana: User) -> None:
    Section.objects.bulk_create(
        Section(lesson=lesson, title=f"Section {n}", position=n) for n in range(1, 100)
    )
    client = as_user(hana)
    add = reverse("admin:authoring_add", args=[lesson.pk])

    response = client.post(add, found(read(client, add, text="One more.")))

    assert "at most 100 sections, and this one has 100 already" in response.text
    assert lesson.sections.count() == 100


def test_who_writes_no_lessons_makes_none(ada: User) -> None:
    assert as_user(ada).get(NEW).status_code == 302
