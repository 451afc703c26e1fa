from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lessons.authoring.draft import Draft
from lessons.authoring.evaluation import evaluation
from lessons.drafts import CardDraft
from lessons.models import Lesson
from lessons.questions import SingleChoice, TypedText
from lessons.spans import Span
from tests.lessons.authoring.conftest import HERE, lesson_file, lesson_of


def evaluated(*arguments: str | Path) -> str:
    out = StringIO()
    call_command("evaluate_authoring", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_it_prints_how_many_terms_were_found_and_what_is_wrong() -> None:
    terms = HERE / "terms" / "photosynthesis.txt"
    table = evaluated("--lesson", lesson_file("photosynthesis"), "--terms", terms)

    assert "terms asked for             21 of 22\n" in table
    assert "  not at all                1: heterotrophs\n" in table
    assert "duplicates                  0\n" in table
    assert "answer told by the prompt   0\n" in table


def test_it_reads_uploads_and_shows_drafts() -> None:
    table = evaluated("--lesson", HERE / "files" / "cells.docx", "--show", "30")

    assert table.startswith("How Cells Work\n")
    assert "] flashcard\n  Nucleus: The part of a cell that holds its DNA.\n" in table


@pytest.mark.django_db
def test_it_takes_a_lesson_by_its_slug() -> None:
    draft = lesson_of("photosynthesis")
    Lesson.objects.create(slug=draft.slug, title="x").replace_with(draft)

    assert evaluated("--lesson", "photosynthesis").startswith("Photosynthesis\n")


@pytest.mark.django_db
def test_a_lesson_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match="There is no lesson “nowhere”"):
        evaluated("--lesson", "nowhere")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.md"):
        evaluated("--lesson", tmp_path / "none.md")


def draft_of(
    item: TypedText | SingleChoice | CardDraft, sentence: str = "A stroma is a fluid."
) -> Draft:
    return Draft(item, None, Span("section", 0, 0, 1), sentence, 1.0)


def test_what_is_wrong_is_counted() -> None:
    told = draft_of(TypedText(prompt="A stroma is a ___.", accepted=("Stroma",)))
    card = draft_of(CardDraft(term="Stroma", definition="A stroma."))
    gap = draft_of(CardDraft(term="Leaf", definition="Stroma is {{c1::stroma}}."))
    fine = draft_of(TypedText(prompt="A ___ is a fluid.", accepted=("dot product",)))
    odd = draft_of(SingleChoice(prompt="What?", options=("stroma", "fluid"), right=0))
    like = draft_of(SingleChoice(prompt="Who?", options=("stroma", "stromas"), right=0))

    found = evaluation([told, card, gap, fine, fine, odd, like], ["Stroma", "product", "leaf"])

    assert found.leaks == (told, card, gap)
    assert found.bad_distractors == (odd, like)
    assert found.duplicates == 1
    assert (found.exact, found.within, found.missing) == (("Stroma",), ("product",), ("leaf",))
