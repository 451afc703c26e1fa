"""The cast: hana and noor write lessons, sam looks after the site, ada only plays."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django_tasks_db.models import DBTaskResult
from PIL import Image
from pytest_django import Settings

from lessons.models import Flashcard, Lesson, Question, Section

EVERY_KIND = Path(__file__).parent / "every_kind.lesson.yaml"


def drawing(
    colour: str = "red", format: str = "PNG", size: tuple[int, int] = (8, 6), **options: Any
) -> bytes:
    """An image file of one colour."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, format, **options)
    return out.getvalue()


def work(*queues: str) -> int:
    """Do what waits for the workers of these queues, else of all; how many tasks that were.

    The worker's own command would close the test's connection to PostgreSQL.
    """
    waiting = DBTaskResult.objects.ready()
    results = list(waiting.filter(queue_name__in=queues) if queues else waiting)
    for result in results:
        result.claim("worker")
        args = result.args_kwargs
        result.task.call(*args["args"], **args["kwargs"])
    return len(results)


@pytest.fixture(autouse=True)
def _kept_images(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def hana(db: None) -> User:
    return User.objects.create_user("hana", is_staff=True)


@pytest.fixture
def noor(db: None) -> User:
    return User.objects.create_user("noor", is_staff=True)


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def sam(db: None) -> User:
    return User.objects.create_superuser("sam")


@pytest.fixture
def lesson(hana: User) -> Lesson:
    """Hana's draft: one section, one question of each kind that has a key, one card."""
    lesson = Lesson.objects.create(slug="angles", title="Angles", summary="Turns.", owner=hana)
    right_angle = Section.objects.create(
        lesson=lesson, title="The right angle", notes="A **quarter** of a turn.", position=0
    )
    for fields in (
        {"kind": "single_choice", "prompt": "How large is it?", "answers": "*90°\n100°"},
        {"kind": "several_right", "prompt": "Which are right?", "answers": "*90°\n*100 gon\n1"},
        {"kind": "true_false", "prompt": "It is 90°.", "is_true": True},
        {"kind": "typed_text", "prompt": "It has ___ degrees.", "answers": "90\nninety"},
        {"kind": "number_guess", "prompt": "How many degrees?", "right_number": 90, "tolerance": 5}
        | {"low": 0, "high": 180, "unit": "°"},
        {"kind": "order_steps", "prompt": "By size", "answers": "acute\nright\nobtuse"},
    ):
        Question.objects.create(lesson=lesson, section=right_angle, **fields)
    Flashcard.objects.create(
        lesson=lesson, term="Right angle", definition="A quarter of a turn.", section=right_angle
    )
    return lesson


@pytest.fixture
def published(lesson: Lesson) -> Lesson:
    lesson.is_published = True
    lesson.save()
    return lesson
