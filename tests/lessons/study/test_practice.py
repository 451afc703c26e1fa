import random
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from lessons.formats import own_yaml
from lessons.models import Lesson
from lessons.questions import FULL_CREDIT, ChoiceAnswer, ChoicesAnswer, NumberAnswer, TextAnswer
from lessons.study.models import Learner, Review
from lessons.study.practice import (
    Closed,
    GivenAnswer,
    Refused,
    begin_run,
    missed_in,
    questions_of,
    run_view,
    take_answer,
    verdict,
)
from tests.lessons.conftest import EVERY_KIND

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def learner(db: None) -> Learner:
    return Learner.objects.create()


@pytest.fixture
def every_kind(hana: User) -> Lesson:
    """Ten questions, one of each kind; hana's."""
    lesson = Lesson(slug="every-kind", owner=hana, is_published=True)
    lesson.replace_with(own_yaml.read(EVERY_KIND.read_bytes())[0])
    return lesson


def says(round: int, option: int | None) -> GivenAnswer:
    answer = None if option is None else ChoiceAnswer(choice=option)
    return GivenAnswer(round=round, answer=answer, elapsed_ms=1500)


def test_a_run_keeps_the_questions_as_they_were(learner: Learner, every_kind: Lesson) -> None:
    rows = list(every_kind.questions_in_order())
    then = [row.as_question() for row in rows]
    run = begin_run(learner, every_kind, NOON)
    every_kind.delete()
    run.refresh_from_db()

    assert questions_of(run) == then
    assert [frozen["id"] for frozen in run.quiz] == [row.pk for row in rows]
    assert (run.title, run.started_at, run.lesson) == ("Every kind", NOON, None)
    assert run_view(run, NOON).back == "/lessons/"
    assert take_answer(run, says(0, 1), NOON).is_right
    assert Review.objects.count() == 0


def test_only_some_of_the_questions(learner: Learner, every_kind: Lesson) -> None:
    rows = [row.pk for row in every_kind.questions_in_order()]

    def asked(**choices: object) -> list[int]:
        run = begin_run(learner, every_kind, NOON, **choices)  # type: ignore[arg-type]
        return [frozen["id"] for frozen in run.quiz]

    assert asked(first=3) == rows[:3]
    assert asked(only={rows[1], rows[4]}) == [rows[1], rows[4]]
    assert asked(first=3, only={rows[1], rows[4]}) == [rows[1]]
    shuffled = asked(chance=random.Random(7))
    assert sorted(shuffled) == rows[:9]  # without the slide
    assert shuffled != rows[:9]


def test_time_limits_are_a_hint_that_can_be_left_out(learner: Learner, every_kind: Lesson) -> None:
    kept = begin_run(learner, every_kind, NOON)
    left_out = begin_run(learner, every_kind, NOON, has_limits=False)

    assert [q.limit_ms for q in questions_of(kept)][:3] == [20_000, 20_000, None]
    assert {q.limit_ms for q in questions_of(left_out)} == {None}


def test_the_first_answer_counts(learner: Learner, every_kind: Lesson) -> None:
    run = begin_run(learner, every_kind, NOON)
    first = take_answer(run, says(0, 0), NOON)
    again = take_answer(run, says(0, 1), NOON + timedelta(minutes=1))

    assert again == first
    assert (again.answer, again.is_right) == ({"kind": "choice", "choice": 0}, False)
    assert verdict(run, first).key.right == (1,)


def test_credit_for_a_part(learner: Learner, every_kind: Lesson) -> None:
    run = begin_run(learner, every_kind, NOON)
    two_of_three = GivenAnswer(round=1, answer=ChoicesAnswer(choices=(0, 1)), elapsed_ms=1)
    stored = take_answer(run, two_of_three, NOON)

    assert (stored.credit, stored.is_right) == (2 * FULL_CREDIT // 3, False)
    assert verdict(run, stored).part == pytest.approx(2 / 3)


def test_an_answer_is_a_review(learner: Learner, every_kind: Lesson) -> None:
    rows = [row.pk for row in every_kind.questions_in_order()]
    run = begin_run(learner, every_kind, NOON)
    take_answer(run, says(0, 1), NOON)
    take_answer(run, says(0, 0), NOON)
    take_answer(run, says(2, None), NOON)
    take_answer(run, says(7, 0), NOON)  # a poll
    homework = begin_run(learner, every_kind, NOON, is_homework=True)
    typed = GivenAnswer(round=3, answer=TextAnswer(text="obtuse"), elapsed_ms=1)
    take_answer(homework, typed, NOON)

    assert list(learner.reviews.values_list("memory__question", "rating", "source", "why")) == [
        (rows[0], 3, "quiz", "Every kind"),
        (rows[2], 1, "quiz", "Every kind"),
        (rows[3], 3, "homework", "Every kind"),
    ]


def test_what_was_missed_can_be_asked_again(learner: Learner, every_kind: Lesson) -> None:
    rows = [row.pk for row in every_kind.questions_in_order()]
    run = begin_run(learner, every_kind, NOON)
    take_answer(run, says(0, 1), NOON)
    take_answer(run, says(2, None), NOON)
    take_answer(run, says(7, 0), NOON)
    off = GivenAnswer(round=5, answer=NumberAnswer(number=130), elapsed_ms=1)
    take_answer(run, off, NOON)

    assert missed_in(run) == {rows[2], rows[5]}


def test_the_last_answer_finishes_a_run(learner: Learner, every_kind: Lesson) -> None:
    run = begin_run(learner, every_kind, NOON)
    for round in range(8):
        take_answer(run, says(round, None), NOON)
    run.refresh_from_db()
    assert run.finished_at is None

    take_answer(run, says(8, None), NOON + timedelta(minutes=3))
    run.refresh_from_db()
    assert run.finished_at == NOON + timedelta(minutes=3)


def test_after_it_closes_no_answer_is_taken(learner: Learner, every_kind: Lesson) -> None:
    run = begin_run(learner, every_kind, NOON, closes_at=NOON)
    in_time = take_answer(run, says(0, 1), NOON)
    late = NOON + timedelta(milliseconds=1)

    with pytest.raises(Closed, match="The time for this quiz is over"):
        take_answer(run, says(2, 0), late)
    assert take_answer(run, says(0, 0), late) == in_time  # its reply was lost
    assert run.answers.count() == 1
    assert run_view(run, NOON).closed == ""
    assert run_view(run, late).closed.startswith("The time for this quiz is over")


def test_what_is_no_answer_is_refused(learner: Learner, every_kind: Lesson) -> None:
    run = begin_run(learner, every_kind, NOON)
    for unfit in (says(0, 5), says(3, 0), says(9, None), says(10, None)):
        with pytest.raises(Refused):
            take_answer(run, unfit, NOON)

    assert run.answers.count() == 0
