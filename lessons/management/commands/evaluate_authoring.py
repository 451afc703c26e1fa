"""`manage.py evaluate_authoring --lesson photosynthesis --terms terms.txt`: a table of what it drafts."""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lessons.authoring.draft import Draft
from lessons.authoring.drafting import best, drafts_from
from lessons.authoring.evaluation import Evaluation, evaluation
from lessons.authoring.uploads import READERS, read_upload
from lessons.drafts import CardDraft, LessonDraft
from lessons.formats import Unreadable, own_yaml
from lessons.models import Lesson
from lessons.questions import SingleChoice, right_answers
from lessons.tutor.vectors import sentence_vectors
from lessons.tutor.words import rarity


class Command(BaseCommand):
    help = "Draft questions and flashcards from a lesson and tell how good they are by rule."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--lesson",
            required=True,
            help="A lesson’s slug, a .lesson.yaml, or a file to read: " + ", ".join(READERS),
        )
        parser.add_argument("--terms", type=Path, help="Terms to look for, one a line.")
        parser.add_argument(
            "--notes-only", action="store_true", help="Leave the lesson’s own flashcards out."
        )
        parser.add_argument("--show", type=int, default=0, help="Print the best so many drafts.")

    def handle(self, *_: object, **options: Any) -> None:
        lesson = self._lesson(options["lesson"])
        # What the lesson asks already would be left out, and not be counted.
        without = {"questions": ()} | ({"flashcards": ()} if options["notes_only"] else {})
        lesson = lesson.model_copy(update=without)
        terms = options["terms"].read_text().split("\n") if options["terms"] else []
        meaning = sentence_vectors()
        begun = perf_counter()
        drafts = drafts_from(lesson, vectors=meaning.of if meaning else None, rarity=rarity)
        seconds = perf_counter() - begun
        self._print(lesson.title, evaluation(drafts, [t for t in terms if t.strip()]), seconds)
        for draft in best(drafts, options["show"]):
            self.stdout.write(shown(draft))

    def _lesson(self, named: str) -> LessonDraft:
        path = Path(named)
        try:
            if named.endswith(".lesson.yaml"):
                return own_yaml.read(path.read_bytes())[0]
            if path.suffix.lower() in READERS:
                return read_upload(path.name, path.read_bytes())
        except (Unreadable, OSError) as error:
            raise CommandError(str(error)) from error
        lesson = Lesson.objects.filter(slug=named).first()
        if lesson is None:
            raise CommandError(f"There is no lesson “{named}”.")
        return lesson.as_draft()

    def _print(self, title: str, found: Evaluation, seconds: float) -> None:
        terms = len(found.exact) + len(found.within) + len(found.missing)
        lines = [
            ("drafts", str(found.kinds.total())),
            *((f"  {kind}", str(count)) for kind, count in found.kinds.most_common()),
            ("terms asked for", f"{len(found.exact)} of {terms}"),
            ("  within a longer answer", f"{len(found.within)}: {', '.join(found.within)}"),
            ("  not at all", f"{len(found.missing)}: {', '.join(found.missing)}"),
            ("duplicates", str(found.duplicates)),
            ("answer told by the prompt", str(len(found.leaks))),
            ("bad wrong options", str(len(found.bad_distractors))),
            ("seconds", f"{seconds:.2f}"),
        ]
        self.stdout.write(title)
        for name, value in lines:
            self.stdout.write(f"{name:<28}{value}")
        for draft in (*found.leaks, *found.bad_distractors):
            self.stdout.write(shown(draft))


def shown(draft: Draft) -> str:
    """A draft in a few lines."""
    item = draft.item
    head = f"\n[{draft.score:.2f}] {draft.kind}"
    if isinstance(item, CardDraft):
        return f"{head}\n  {item.term}: {item.definition}"
    lines = [head, f"  {item.prompt}", f"  = {' / '.join(right_answers(item))}"]
    if isinstance(item, SingleChoice):
        wrong = [option for i, option in enumerate(item.options) if i != item.right]
        lines.append(f"  ≠ {' / '.join(wrong)}")
    return "\n".join(lines)
