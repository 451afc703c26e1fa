"""The lessons that are asked about, and their tutors with and without sentence vectors."""

from pathlib import Path

import pytest
from django.conf import settings

from lessons.drafts import LessonDraft
from lessons.formats import own_yaml
from lessons.tutor.tutor import Tutor
from lessons.tutor.vectors import SentenceVectors, sentence_vectors

TEXTS = Path(__file__).parent.parent / "texts"
SAMPLE = settings.BASE_DIR / "lessons/samples/llms-and-mlps.lesson.yaml"


def lesson_in(path: Path) -> LessonDraft:
    return own_yaml.read(path.read_bytes())[0]


@pytest.fixture(scope="session")
def sample() -> LessonDraft:
    return lesson_in(SAMPLE)


@pytest.fixture(scope="session")
def photosynthesis() -> LessonDraft:
    return lesson_in(TEXTS / "photosynthesis.lesson.yaml")


@pytest.fixture(scope="session")
def revolution() -> LessonDraft:
    return lesson_in(TEXTS / "french-revolution.lesson.yaml")


@pytest.fixture(scope="session")
def vectors() -> SentenceVectors:
    found = sentence_vectors()
    assert found, "the development group has the vectors' packages"
    return found


@pytest.fixture(scope="session")
def tutor(sample: LessonDraft, vectors: SentenceVectors) -> Tutor:
    return Tutor(sample, vectors)


@pytest.fixture(scope="session")
def tutor_by_words(sample: LessonDraft) -> Tutor:
    return Tutor(sample, None)
