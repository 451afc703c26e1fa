from pathlib import Path

import pytest

from lessons.authoring.reading import Reading, read
from lessons.drafts import CardDraft, LessonDraft, SectionDraft
from lessons.formats import own_yaml

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
