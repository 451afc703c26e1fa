from pathlib import Path

import pytest
from django.contrib.auth.models import User

from lessons.authoring.reading import Reading, read
from lessons.drafts import CardDraft, LessonDraft, SectionDraft
from lessons.formats import own_yaml
from lessons.models import Lesson, Section

HERE = Path(__file__).parent
LESSONS = {
    "llms-and-mlps": HERE.parents[2] / "lessons" / "samples",
    "photosynthesis": HERE.parent / "texts",
    "french-revolution": HERE.parent / "texts",
}


def lesson_file(slug: str) -> Path:
    return LESSONS[slug] / f"{slug}.lesson.yaml"


def terms_of(slug: str) -> list[str]:
    return (HERE / "terms" / f"{slug}.txt").read_text().splitlines()


def lesson_of(slug: str) -> LessonDraft:
    """The lesson without its questions: what those ask isn't drafted again."""
    lesson, _ = own_yaml.read(lesson_file(slug).read_bytes())
    return lesson.model_copy(update={"questions": ()})


def lesson_from(
    *notes: str, cards: dict[str, str] | None = None, language: str = "en"
) -> LessonDraft:
    return LessonDraft(
        slug="lesson",
        title="A Lesson",
        language=language,
        sections=tuple(
            SectionDraft(title=f"Section {n}", notes=text) for n, text in enumerate(notes, start=1)
        ),
        flashcards=tuple(CardDraft(term=t, definition=d) for t, d in (cards or {}).items()),
    )


def reading_of(*notes: str, language: str = "en") -> Reading:
    return read(lesson_from(*notes, language=language))


@pytest.fixture(scope="session")
def photosynthesis() -> LessonDraft:
    return lesson_of("photosynthesis")


@pytest.fixture(scope="session")
def revolution() -> LessonDraft:
    return lesson_of("french-revolution")


CELLS = (
    "The **nucleus** is the part of a cell that holds its DNA. The **ribosome** is the body that "
    "builds proteins from amino acids. The **mitochondrion** is the body that releases the energy "
    "of food. The **chloroplast** is the body in which plants make sugar."
)


@pytest.fixture
def cells(hana: User) -> Lesson:
    lesson = Lesson.objects.create(slug="cells", title="Cells", owner=hana)
    Section.objects.create(lesson=lesson, title="Parts of a cell", notes=CELLS)
    return lesson
