"""Put a lesson file into the database: the one that ships, or another."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pydantic
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from lessons.drafts import LessonDraft
from lessons.formats import Unreadable, own_yaml
from lessons.models import Lesson

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "llms-and-mlps.lesson.yaml"


class Command(BaseCommand):
    help = (
        "Load a lesson file, by default the sample lesson, and publish it. Twice changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=SAMPLE, help="a .lesson.yaml")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            draft, _ = own_yaml.read(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from error
        except Unreadable as error:
            raise CommandError(f"{file} isn't a lesson.\n{error}") from error
        if not draft.questions:
            raise CommandError(f"{file} has no questions, so there is nothing to play.")
        self.stdout.write(f"“{draft.title}” {load(draft)}.")


@transaction.atomic
def load(draft: LessonDraft) -> str:
    """Make the lesson of that slug what the draft says, published; says what was done."""
    lesson = Lesson.objects.select_for_update().filter(slug=draft.slug).first()
    if lesson and lesson.is_published and is_same(lesson, draft):
        return "is already there"
    done = "has been updated" if lesson else "has been loaded"
    lesson = lesson or Lesson()
    lesson.is_published = True
    lesson.replace_with(draft)
    return done


def is_same(lesson: Lesson, draft: LessonDraft) -> bool:
    try:
        return lesson.as_draft() == draft
    except pydantic.ValidationError:
        return False
