"""Drafts are kept: made by the worker, decided once, never proposed again."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from lessons.authoring import deciding
from lessons.authoring.making import ask_for_drafts, ask_for_drafts_once, content_of
from lessons.authoring.models import LONGEST_MAKING, Making, Proposal
from lessons.authoring.places import Places
from lessons.models import Flashcard, Lesson, Question, Section
from tests.lessons.conftest import work


def drafts_of(lesson: Lesson) -> list[Proposal]:
    ask_for_drafts(lesson)
    work()
    return list(lesson.proposals.filter(state="waiting"))


def a_question(lesson: Lesson) -> Proposal:
    return next(p for p in drafts_of(lesson) if p.kind == "single_choice")


def a_card(lesson: Lesson) -> Proposal:
    return next(p for p in drafts_of(lesson) if p.kind == "flashcard")


def test_the_worker_makes_drafts_that_cite_their_sentence(cells: Lesson) -> None:
    drafts = drafts_of(cells)

    assert {"single_choice", "typed_text", "flashcard"} <= {draft.kind for draft in drafts}
    places = Places(cells.as_draft())
    assert all(places.of(draft.draft) for draft in drafts)
    found = Making.objects.get()
    assert (found.state, found.found, found.problem) == ("done", len(drafts), "")


def test_what_waits_for_the_worker_is_asked_for_once(cells: Lesson) -> None:
    ask_for_drafts_once(cells)
    ask_for_drafts_once(cells)
    assert Making.objects.get().is_under_way
    work()
    kept = [(draft.pk, draft.made_at) for draft in cells.proposals.all()]

    ask_for_drafts_once(cells)

    assert Making.objects.get().state == "done"
    assert [(draft.pk, draft.made_at) for draft in cells.proposals.all()] == kept


def test_drafts_by_rules_wait_for_no_model_and_no_recording(cells: Lesson) -> None:
    ask_for_drafts(cells, "Parts of a cell")  # by a model, for the worker of long tasks
    ask_for_drafts(cells)

    work("default")

    states = dict(Making.objects.values_list("section", "state"))
    assert states == {"": "done", "Parts of a cell": "queued"}


def test_saving_the_lesson_in_a_form_changes_no_notes(cells: Lesson) -> None:
    Section.objects.update(notes="Cells live.\n\nThey divide.")
    before = content_of(cells)

    Section.objects.update(notes="Cells live.\r\n\r\nThey divide.\r\n")
    assert content_of(cells) == before
    Section.objects.update(notes="Cells live.\n\nThey split.")
    assert content_of(cells) != before


def test_accepting_makes_the_last_question_of_the_lesson(cells: Lesson, hana: User) -> None:
    Question.objects.create(lesson=cells, kind="true_false", prompt="Cells live.", is_true=True)
    draft = a_question(cells)

    deciding.accept(draft.pk, hana)

    row = list(cells.questions_in_order())[-1]
    assert row.as_question() == draft.draft.item
    assert row.section == cells.sections.get()
    draft.refresh_from_db()
    assert (draft.state, draft.decided_by, draft.question) == ("accepted", hana, row)


def test_accepting_makes_a_flashcard(cells: Lesson, hana: User) -> None:
    draft = a_card(cells)

    deciding.accept(draft.pk, hana)

    card = cells.flashcards.get()
    assert (card.term, card.definition) == (draft.item["term"], draft.item["definition"])


def test_accepting_twice_makes_one_question(cells: Lesson, hana: User) -> None:
    draft = a_question(cells)
    deciding.accept(draft.pk, hana)

    with pytest.raises(deciding.Refused, match="It is in the lesson already"):
        deciding.accept(draft.pk, hana)
    with pytest.raises(deciding.Refused, match="delete it there"):
        deciding.reject(draft.pk, hana)
    assert cells.questions.count() == 1


def test_what_was_rejected_or_accepted_never_comes_again(cells: Lesson, hana: User) -> None:
    rejected, accepted = drafts_of(cells)[:2]
    deciding.reject(rejected.pk, hana)
    deciding.accept(accepted.pk, hana)

    again = drafts_of(cells)

    assert {rejected.fingerprint, accepted.fingerprint}.isdisjoint(d.fingerprint for d in again)
    assert cells.proposals.filter(fingerprint=rejected.fingerprint).count() == 1
    assert cells.proposals.get(pk=rejected.pk).state == "rejected"


def test_a_rejected_one_can_be_brought_back(cells: Lesson, hana: User) -> None:
    draft = a_question(cells)
    deciding.reject(draft.pk, hana)
    with pytest.raises(deciding.Refused, match="Bring it back first"):
        deciding.accept(draft.pk, hana)

    deciding.undo(draft.pk, hana)

    assert deciding.accept(draft.pk, hana).state == "accepted"


@pytest.mark.parametrize("kind", ["single_choice", "flashcard"])
def test_undoing_takes_it_out_of_the_lesson_again(cells: Lesson, hana: User, kind: str) -> None:
    draft = next(p for p in drafts_of(cells) if p.kind == kind)
    deciding.accept(draft.pk, hana)
    Lesson.objects.update(is_published=True)

    assert deciding.undo(draft.pk, hana).state == "waiting"

    assert not cells.questions.exists()
    assert not cells.flashcards.exists()
    cells.refresh_from_db()
    assert not cells.is_published  # a lesson without questions can't be played


def test_what_was_changed_in_the_lesson_stays_there(cells: Lesson, hana: User) -> None:
    draft = a_question(cells)
    deciding.accept(draft.pk, hana)
    Question.objects.update(prompt="Which part holds the DNA?")

    with pytest.raises(deciding.Refused, match="changed in the lesson since"):
        deciding.undo(draft.pk, hana)
    assert cells.questions.get().prompt == "Which part holds the DNA?"


def test_what_was_deleted_in_the_lesson_can_wait_again(cells: Lesson, hana: User) -> None:
    draft = a_question(cells)
    deciding.accept(draft.pk, hana)
    Question.objects.all().delete()

    assert deciding.undo(draft.pk, hana).state == "waiting"


def test_a_draft_whose_sentence_is_gone_is_not_accepted_and_goes(cells: Lesson, hana: User) -> None:
    draft = a_question(cells)
    Section.objects.update(notes="The **vacuole** is the body that stores water and salts.")
    with pytest.raises(deciding.NeedsEditing, match="left the notes"):
        deciding.accept(draft.pk, hana)

    again = drafts_of(cells)

    assert not cells.proposals.filter(pk=draft.pk).exists()
    assert again
    assert {d.sentence for d in again} == {"The vacuole is the body that stores water and salts."}


def test_a_full_lesson_takes_no_more(cells: Lesson, hana: User) -> None:
    draft = a_question(cells)
    Question.objects.bulk_create(
        Question(lesson=cells, kind="true_false", prompt=str(n), is_true=True, position=n)
        for n in range(200)
    )

    with pytest.raises(deciding.Refused, match="has 200 questions already"):
        deciding.accept(draft.pk, hana)


def test_a_lesson_deleted_meanwhile_takes_its_drafts_along(cells: Lesson, hana: User) -> None:
    draft = a_question(cells)
    ask_for_drafts(cells)
    cells.delete()

    work()  # finds nothing to do

    assert not Making.objects.exists()
    with pytest.raises(Proposal.DoesNotExist):
        deciding.accept(draft.pk, hana)


def test_a_card_s_draft_stands_while_the_card_says_so(cells: Lesson) -> None:
    for term, told in {
        "Membrane": "What lets some things in and keeps others out.",
        "Vacuole": "The body that stores water and salts.",
        "Golgi": "A stack that packs what is sent away.",
        "Wall": "The stiff layer around a plant’s cells.",
    }.items():
        Flashcard.objects.create(lesson=cells, term=term, definition=told)
    draft = next(p for p in drafts_of(cells) if p.span[0] == "flashcard")
    place = Places(cells.as_draft()).of(draft.draft)
    assert place
    assert place.sentence == draft.sentence

    Flashcard.objects.all().delete()

    assert Places(cells.as_draft()).of(draft.draft) is None


def test_who_was_stopped_in_the_middle_can_be_asked_again(cells: Lesson) -> None:
    ask_for_drafts(cells)
    long_ago = timezone.now() - LONGEST_MAKING
    Making.objects.update(state="running", asked_at=long_ago)

    ask_for_drafts(cells)

    assert Making.objects.get().state == "queued"
    assert Making.objects.get().is_under_way
