"""The page where a teacher goes through drafts, with its script and without."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from lessons.authoring.models import Making, Proposal
from lessons.models import Lesson, Section
from tests.lessons.authoring.test_proposals import (
    drafts_of,
)
from tests.lessons.test_lesson_admin import as_user

SCRIPT = {"X-Requested-With": "fetch"}


def page_of(lesson: Lesson) -> str:
    return reverse("admin:authoring_drafts", args=[lesson.pk])


def waiting(lesson: Lesson, kind: str = "single_choice") -> Proposal:
    return next(draft for draft in drafts_of(lesson) if draft.kind == kind)


def decide(client: Client, draft: Proposal, do: str, **headers: Any) -> Any:
    address = reverse("admin:authoring_decide", args=[draft.pk])
    return client.post(address, {"do": do, "next": page_of(draft.lesson)}, headers=headers or None)


def edit(client: Client, draft: Proposal, headers: Any = None, **fields: str) -> Any:
    address = reverse("admin:authoring_edit", args=[draft.pk])
    data = {f"draft-{draft.kind}-{name}": value for name, value in fields.items()}
    return client.post(address, data, headers=headers)


def test_before_anything_was_made_there_is_one_button(cells: Lesson, hana: User) -> None:
    client = as_user(hana)
    page = client.get(page_of(cells))
    assert "Make drafts from the notes" in page.text
    assert "language model" not in page.text

    response = client.post(reverse("admin:authoring_make", args=[cells.pk]), follow=True)

    assert "Waiting for its turn…" in response.text
    progress = reverse("admin:authoring_progress", args=[cells.pk])
    assert client.get(progress).json() == {"said": "Waiting for its turn…", "is_over": False}
    drafts_of(cells)
    assert client.get(progress).json() == {"said": "The drafts are ready.", "is_over": True}


def test_a_draft_shows_its_options_its_key_and_its_sentence(cells: Lesson, hana: User) -> None:
    draft = waiting(cells)
    page = as_user(hana).get(page_of(cells), {"kind": "single_choice"}).text

    assert f"<mark>{draft.sentence}</mark>" in page
    assert all(option in page for option in draft.item["options"])
    assert 'class="tick"' in page


def test_drafts_are_counted_and_filtered_by_kind_and_section(cells: Lesson, hana: User) -> None:
    Section.objects.create(
        lesson=cells, title="Walls", notes="The **cell wall** is the stiff layer of a plant."
    )
    drafts = drafts_of(cells)
    client = as_user(hana)

    context = client.get(page_of(cells)).context
    assert sum(kind["count"] for kind in context["kinds"]) == len(drafts)
    assert {s["value"]: s["count"] for s in context["sections"]} == {
        title: sum(draft.section == title for draft in drafts)
        for title in ("Parts of a cell", "Walls")
    }
    shown = client.get(page_of(cells), {"section": "Walls", "kind": "flashcard"}).context
    assert {(p["section"], p["kind"]) for p in shown["proposals"]} == {("Walls", "flashcard")}


def test_accept_and_undo_by_forms_alone(cells: Lesson, hana: User) -> None:
    draft = waiting(cells)
    client = as_user(hana)

    response = decide(client, draft, "accept")
    assert response.url == page_of(cells)
    page = client.get(page_of(cells)).text
    assert "Accepted: it is a question of the lesson now." in page
    assert f'action="{reverse("admin:authoring_decide", args=[draft.pk])}"' in page  # Undo

    decide(client, draft, "undo")
    assert not cells.questions.exists()
    assert "Undone: it waits again." in client.get(page_of(cells)).text


def test_accept_by_the_script_says_what_came_of_it(cells: Lesson, hana: User) -> None:
    draft = waiting(cells)
    client = as_user(hana)
    before = cells.proposals.count()

    told = decide(client, draft, "accept", **SCRIPT).json()
    again = decide(client, draft, "accept", **SCRIPT)

    assert told["said"] == "Accepted: it is a question of the lesson now."
    assert (told["counts"]["state:waiting"], told["counts"]["state:accepted"]) == (before - 1, 1)
    assert (again.status_code, again.json()["said"]) == (409, "It is in the lesson already.")


def test_what_is_gone_meanwhile_is_told(cells: Lesson, hana: User) -> None:
    draft = waiting(cells)
    client = as_user(hana)
    address = reverse("admin:authoring_edit", args=[draft.pk])
    cells.delete()

    said = "This draft or its lesson is no longer there. Load the page again."
    told = client.post(
        reverse("admin:authoring_decide", args=[draft.pk]), {"do": "accept"}, headers=SCRIPT
    )
    assert (told.status_code, told.json()["said"]) == (404, said)
    assert said in client.get(address, follow=True).text


def test_edited_before_it_is_accepted(cells: Lesson, hana: User) -> None:
    draft = waiting(cells)
    client = as_user(hana)
    form = client.get(reverse("admin:authoring_edit", args=[draft.pk])).context["form"]
    assert "*" in form["answers"].value()

    edit(client, draft, prompt="Which part holds the DNA?", answers="*Nucleus\nWall", note="")

    row = cells.questions.get()
    assert row.as_question().model_dump()["options"] == ("Nucleus", "Wall")
    draft.refresh_from_db()
    assert (draft.state, draft.item["prompt"]) == ("accepted", "Which part holds the DNA?")
    assert draft.fingerprint not in {d.fingerprint for d in drafts_of(cells)}


@pytest.mark.parametrize(
    ("kind", "typed", "field", "problem"),
    [
        ("single_choice", {"prompt": "Which?", "answers": "one\ntwo"}, "answers", "Put a * before the one right option."),
        ("single_choice", {"prompt": "", "answers": "*one\ntwo"}, "prompt", "This field is required."),
        ("typed_text", {"prompt": "Which?", "answers": "!"}, "answers", "An accepted answer needs a letter or a digit."),
        ("flashcard", {"term": "Nucleus", "definition": "Holds {{c1::DNA"}, "definition", "A gap isn’t closed: end it with }}. Braces inside it come in pairs; a single one is written \\{ or \\}."),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    cells: Lesson, hana: User, kind: str, typed: dict[str, str], field: str, problem: str
) -> None:
    draft = waiting(cells, kind)

    response = edit(as_user(hana), draft, SCRIPT, **typed)

    assert response.status_code == 422
    form = response.context["form"]
    assert form.errors == {field: [problem]}
    assert {name: form[name].value() for name in typed} == typed
    draft.refresh_from_db()
    assert draft.state == "waiting"


def test_another_lesson_s_section_can_t_be_chosen(
    cells: Lesson, lesson: Lesson, hana: User
) -> None:
    draft = waiting(cells)
    strange = str(lesson.sections.get().pk)

    response = edit(as_user(hana), draft, prompt="Which?", answers="*a\nb", section=strange)

    assert list(response.context["form"].errors) == ["section"]


def test_drafts_whose_sentence_is_gone_are_not_shown(cells: Lesson, hana: User) -> None:
    drafts_of(cells)
    gone = cells.proposals.filter(sentence__contains="ribosome").count()
    section = cells.sections.get()
    section.notes = section.notes.replace("ribosome", "small body")
    section.save()

    page = as_user(hana).get(page_of(cells))

    assert page.context["gone"] == gone > 0
    assert "The notes have changed since these drafts were made." in page.text
    assert "ribosome</mark>" not in page.text


def test_a_complaint_of_a_learner_comes_first(cells: Lesson, hana: User) -> None:
    *_, last = drafts_of(cells)
    Proposal.objects.filter(pk=last.pk).update(reported_at=last.made_at)

    page = as_user(hana).get(page_of(cells))

    assert page.context["proposals"][0]["pk"] == last.pk
    assert page.text.count("A learner says: not a good question") == 1


def test_only_who_may_edit_the_lesson_sees_its_drafts(
    cells: Lesson, noor: User, ada: User, sam: User
) -> None:
    draft = waiting(cells)
    for name, pk in (
        *(("authoring_drafts", cells.pk), ("authoring_add", cells.pk)),
        ("authoring_progress", cells.pk),
    ):
        address = reverse(f"admin:{name}", args=[pk])
        assert as_user(noor).get(address).status_code == 404
        assert as_user(ada).get(address).status_code == 302  # to the log-in
        assert as_user(sam).get(address).status_code == 200
    assert as_user(noor).post(reverse("admin:authoring_make", args=[cells.pk])).status_code == 404
    assert decide(as_user(noor), draft, "accept", **SCRIPT).status_code == 404
    assert edit(as_user(noor), draft, SCRIPT, prompt="Mine").status_code == 404
    draft.refresh_from_db()
    assert (draft.state, Making.objects.count()) == ("waiting", 1)


def test_the_next_page_is_one_of_ours(cells: Lesson, hana: User) -> None:
    draft = waiting(cells)
    address = reverse("admin:authoring_decide", args=[draft.pk])

    response = as_user(hana).post(address, {"do": "reject", "next": "https://evil.example/"})

    assert response["Location"] == page_of(cells)


def test_pages_are_kept_by_nobody(cells: Lesson, hana: User) -> None:
    assert "no-store" in as_user(hana).get(page_of(cells))["Cache-Control"]


def test_a_page_of_many_drafts_asks_the_database_little(
    cells: Lesson, hana: User, django_assert_max_num_queries: Any
) -> None:
    drafts_of(cells)
    client = as_user(hana)
    client.get(page_of(cells))

    with django_assert_max_num_queries(12):
        client.get(page_of(cells))
