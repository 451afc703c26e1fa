"""How well the tutor does, and the command that says so."""

import json
from io import StringIO
from pathlib import Path
from statistics import mean

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from lessons.drafts import LessonDraft
from lessons.models import Lesson
from lessons.tutor.evaluation import (
    Example,
    Outcome,
    UnreadableExamples,
    outcomes,
    read_examples,
)
from lessons.tutor.passages import passages
from lessons.tutor.tutor import Tutor
from lessons.tutor.vectors import SentenceVectors
from tests.lessons.tutor.conftest import SAMPLE, TEXTS

SETS = {
    "llms-and-mlps": "sample",
    "llms-and-mlps.more": "sample",
    "llms-and-mlps.unseen": "sample",
    "photosynthesis": "photosynthesis",
    "photosynthesis.unseen": "photosynthesis",
    "french-revolution": "revolution",
    "french-revolution.unseen": "revolution",
}


@pytest.mark.parametrize("name", SETS)
def test_every_expected_sentence_stands_in_the_lesson(
    name: str, request: pytest.FixtureRequest
) -> None:
    draft: LessonDraft = request.getfixturevalue(SETS[name])
    texts = [passage.text for passage in passages(draft)]
    expected = [
        sentence
        for example in examples_in(name)
        if example.is_answerable
        for sentence in (example.expected, *example.also_accept)
    ]

    assert len(expected) >= 14
    assert [s for s in expected if not any(s in text for text in texts)] == []


@pytest.mark.parametrize("name", SETS)
def test_no_question_is_asked_twice(name: str) -> None:
    questions = [example.question for example in examples_in(name)]

    assert len(questions) == len(set(questions))


def test_the_sample_lesson_is_answered_as_well_as_it_should_be(tutor: Tutor) -> None:
    found = outcomes(tutor, examples_in("llms-and-mlps"))

    assert counts(found) == (38, 22)
    assert share_in_first_three(found) >= 37 / 38
    assert share_answered(found) >= 32 / 38
    assert share_declined(found) >= 19 / 22


def test_by_words_alone_it_is_answered_nearly_as_well(tutor_by_words: Tutor) -> None:
    found = outcomes(tutor_by_words, examples_in("llms-and-mlps"))

    assert share_in_first_three(found) >= 35 / 38
    assert share_answered(found) >= 32 / 38
    assert share_declined(found) >= 19 / 22


def test_so_are_questions_that_nothing_was_fitted_to(
    tutor: Tutor,
    photosynthesis: LessonDraft,
    revolution: LessonDraft,
    vectors: SentenceVectors,
) -> None:
    found = [
        *outcomes(tutor, examples_in("llms-and-mlps.unseen")),
        *outcomes(Tutor(photosynthesis, vectors), examples_in("photosynthesis.unseen")),
        *outcomes(Tutor(revolution, vectors), examples_in("french-revolution.unseen")),
    ]

    assert counts(found) == (48, 34)
    assert share_in_first_three(found) >= 0.93
    assert share_answered(found) >= 0.9
    assert share_declined(found) >= 0.8


def test_a_wrong_line_is_named() -> None:
    good = '{"question": "Why?", "expected": "So."}'

    assert read_examples([good, "", good])[1].question == "Why?"
    with pytest.raises(UnreadableExamples, match=r"^Line 2: expected: Field required\.$"):
        read_examples([good, '{"question": "Why?"}'])
    with pytest.raises(UnreadableExamples, match=r"^Line 1: the line: Invalid JSON"):
        read_examples(["Why?"])


def test_the_command_prints_a_table_and_the_misses(tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        "\n".join(
            json.dumps({"question": question, "expected": expected})
            for question, expected in [
                ("What is a granum?", "Stacked like coins they form a granum."),
                ("What is a granum?", "At the centre sits an ion."),
                ("What is mitosis?", "unanswerable"),
                ("What is a stroma?", "unanswerable"),
            ]
        )
    )
    lines = printed(questions, str(TEXTS / "photosynthesis.lesson.yaml"), "--by-words")

    assert lines == [
        "by words alone",
        "",
        "retrieval hit@1                  1 of 2 (0.500)",
        "retrieval hit@3                  1 of 2 (0.500)",
        "answerable, answered             2 of 2 (1.000)",
        "unanswerable, declined           1 of 2 (0.500)",
        "citation correct                 1 of 2 (0.500)",
        "first citation correct           0 of 2 (0.000)",
        "",
        "Not among the first three passages:",
        "  What is a granum?",
        "",
        "Answered though it doesn’t say:",
        "  What is a stroma?",
        "",
        "Answered with other sentences:",
        "  What is a granum?",
    ]


@pytest.mark.django_db
def test_the_command_knows_lessons_by_their_address(photosynthesis: LessonDraft) -> None:
    Lesson().replace_with(photosynthesis)
    questions = TEXTS / "photosynthesis.jsonl"
    lines = printed(questions, photosynthesis.slug)

    assert lines[0] == "by words and meaning"
    assert lines == printed(questions, str(TEXTS / "photosynthesis.lesson.yaml"))


@pytest.mark.django_db
def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    bad, empty = tmp_path / "bad.jsonl", tmp_path / "empty.jsonl"
    bad.write_text("Why?")
    empty.touch()
    good = TEXTS / "photosynthesis.jsonl"

    for questions, lesson, problem in [
        (tmp_path / "none.jsonl", str(SAMPLE), "can't be read"),
        (bad, str(SAMPLE), "Line 1"),
        (empty, str(SAMPLE), "has no questions"),
        (good, str(good), "isn't a lesson"),
        (good, "no-such-lesson", "There is neither a file nor a lesson “no-such-lesson”"),
    ]:
        with pytest.raises(CommandError, match=problem):
            printed(questions, lesson)


def examples_in(name: str) -> list[Example]:
    return read_examples((TEXTS / f"{name}.jsonl").read_text().splitlines())


def counts(found: list[Outcome]) -> tuple[int, int]:
    """How many the lesson answers, and how many not."""
    answerable = sum(o.example.is_answerable for o in found)
    return answerable, len(found) - answerable


def share_in_first_three(found: list[Outcome]) -> float:
    return mean(o.is_within(3) for o in found if o.example.is_answerable)


def share_answered(found: list[Outcome]) -> float:
    return mean(o.verdict == "answered" for o in found if o.example.is_answerable)


def share_declined(found: list[Outcome]) -> float:
    return mean(o.verdict != "answered" for o in found if not o.example.is_answerable)


def printed(questions: Path, lesson: str, *options: str) -> list[str]:
    out = StringIO()
    call_command("evaluate_chat", questions, "--lesson", lesson, *options, stdout=out)
    lines = out.getvalue().rstrip("\n").split("\n")
    return [line for line in lines if not line.startswith("milliseconds")]
