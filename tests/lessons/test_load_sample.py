from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db.models import Model

from lessons.formats import own_yaml
from lessons.management.commands.load_sample import SAMPLE
from lessons.models import Flashcard, Lesson, Question, Section
from tests.lessons.conftest import EVERY_KIND


def test_the_sample_is_published(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_sample")

    [lesson] = Lesson.objects.all()
    assert lesson.is_published
    assert lesson.as_draft() == own_yaml.read(SAMPLE.read_bytes())[0]
    assert capsys.readouterr().out == "“Large Language Models and MLPs” has been loaded.\n"


@pytest.mark.parametrize("file", [SAMPLE, EVERY_KIND], ids=["sample", "every kind"])
def test_loading_twice_changes_nothing(
    db: None, capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    call_command("load_sample", file)
    before = all_rows()

    call_command("load_sample", file)

    assert all_rows() == before
    assert capsys.readouterr().out.endswith("is already there.\n")


def test_an_edited_sample_is_mended_and_keeps_its_owner(lesson: Lesson, hana: User) -> None:
    call_command("load_sample")
    shipped = all_rows()
    sample = Lesson.objects.get(slug="llms-and-mlps")
    sample.questions.filter(position__gt=20).delete()
    sample.sections.update(notes="Gone")
    Question.objects.create(lesson=sample, kind="true_false", prompt="Mine.", is_true=True)
    Lesson.objects.filter(pk=sample.pk).update(owner=hana, is_published=False, summary="Mine")

    call_command("load_sample")

    sample.refresh_from_db()
    assert [sample.owner, sample.is_published] == [hana, True]
    assert sample.as_draft() == own_yaml.read(SAMPLE.read_bytes())[0]
    # Hana's other lesson is as it was, row by row.
    for rows, rows_before in zip(all_rows()[1:], shipped[1:], strict=True):
        others = [row for row in rows if row["lesson_id"] == lesson.pk]
        assert others == [row for row in rows_before if row["lesson_id"] == lesson.pk] != []


def test_a_file_of_ones_own(db: None, tmp_path: Path) -> None:
    own = tmp_path / "own.lesson.yaml"
    own.write_text(
        "quizgame: 1\nslug: own\ntitle: Own\n"
        "questions:\n  - {kind: true_false, prompt: It is so., right: true}\n"
    )

    call_command("load_sample", str(own))

    assert [lesson.title for lesson in Lesson.objects.all()] == ["Own"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("quizgame: 1\nslug: own\n", "isn't a lesson.\nLine 1: title, is missing."),
        ("quizgame: 1\nslug: own\ntitle: Own\n", "has no questions, so there is nothing to play."),
    ],
)
def test_a_file_that_cannot_be_loaded(db: None, tmp_path: Path, text: str, sentence: str) -> None:
    own = tmp_path / "own.lesson.yaml"
    own.write_text(text)

    with pytest.raises(CommandError) as raised:
        call_command("load_sample", str(own))

    assert str(raised.value) == f"{own} {sentence}"
    assert list(Lesson.objects.all()) == []


def test_a_file_that_is_not_there(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as raised:
        call_command("load_sample", str(tmp_path / "none.yaml"))

    assert (
        str(raised.value) == f"{tmp_path / 'none.yaml'} can't be read: No such file or directory."
    )


def all_rows() -> list[list[dict[str, Any]]]:
    models: list[type[Model]] = [Lesson, Section, Question, Flashcard]
    return [list(model._default_manager.order_by("pk").values()) for model in models]
