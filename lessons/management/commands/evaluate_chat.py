"""Ask a lesson's tutor questions whose answers are known, and print how well it does."""

from pathlib import Path
from statistics import mean
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lessons.drafts import LessonDraft
from lessons.formats import Unreadable, own_yaml
from lessons.models import Lesson
from lessons.tutor.evaluation import Example, Outcome, UnreadableExamples, outcomes, read_examples
from lessons.tutor.tutor import Tutor
from lessons.tutor.vectors import sentence_vectors


class Command(BaseCommand):
    help = (
        "Ask a lesson's tutor the questions of a .jsonl file, each line with question, expected (a"
        " sentence of the lesson, or “unanswerable”) and perhaps also_accept; without a model."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("questions", type=Path, help="a .jsonl file")
        parser.add_argument("--lesson", required=True, help="a .lesson.yaml, or a lesson's address")
        parser.add_argument("--by-words", action="store_true", help="leave the vectors out")

    def handle(self, *, questions: Path, lesson: str, by_words: bool, **options: Any) -> None:
        examples = _examples(questions)
        vectors = None if by_words else sentence_vectors()
        found = outcomes(Tutor(_draft(lesson), vectors), examples)
        self.stdout.write("by words and meaning\n\n" if vectors else "by words alone\n\n")
        for name, value in _table(found):
            self.stdout.write(f"{name:32} {value}")
        for heading, missed in _misses(found):
            if missed:
                self.stdout.write(f"\n{heading}:")
                for outcome in missed:
                    self.stdout.write(f"  {outcome.example.question}")


def _examples(path: Path) -> list[Example]:
    try:
        examples = read_examples(path.read_text().splitlines())
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from error
    except UnreadableExamples as error:
        raise CommandError(f"{path}: {error}") from error
    if not examples:
        raise CommandError(f"{path} has no questions.")
    return examples


def _draft(named: str) -> LessonDraft:
    if (path := Path(named)).is_file():
        try:
            return own_yaml.read(path.read_bytes())[0]
        except Unreadable as error:
            raise CommandError(f"{path} isn't a lesson.\n{error}") from error
    if lesson := Lesson.objects.filter(slug=named).first():
        return lesson.as_draft()
    raise CommandError(f"There is neither a file nor a lesson “{named}”.")


def _table(found: list[Outcome]) -> list[tuple[str, str]]:
    answerable = [o for o in found if o.example.is_answerable]
    others = [o for o in found if not o.example.is_answerable]
    answered = [o for o in answerable if o.verdict == "answered"]

    def of(part: int, whole: list[Outcome]) -> str:
        return f"{part} of {len(whole)}" + (f" ({part / len(whole):.3f})" if whole else "")

    return [
        ("retrieval hit@1", of(sum(o.is_within(1) for o in answerable), answerable)),
        ("retrieval hit@3", of(sum(o.is_within(3) for o in answerable), answerable)),
        ("answerable, answered", of(len(answered), answerable)),
        ("unanswerable, declined", of(sum(o.verdict != "answered" for o in others), others)),
        ("citation correct", of(sum(o.is_right for o in answered), answered)),
        ("first citation correct", of(sum(o.is_led_right for o in answered), answered)),
        ("milliseconds per question", f"{mean(o.took_ms for o in found):.1f}"),
    ]


def _misses(found: list[Outcome]) -> list[tuple[str, list[Outcome]]]:
    answerable = [o for o in found if o.example.is_answerable]
    answered = [o for o in found if o.verdict == "answered"]
    return [
        ("Not among the first three passages", [o for o in answerable if not o.is_within(3)]),
        ("Declined though the lesson says it", [o for o in answerable if o.verdict != "answered"]),
        ("Answered though it doesn’t say", [o for o in answered if not o.example.is_answerable]),
        (
            "Answered with other sentences",
            [o for o in answered if o.example.is_answerable and not o.is_right],
        ),
    ]
