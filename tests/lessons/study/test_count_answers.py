"""What is answered elsewhere counts as a review of its question."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from lessons.models import Lesson, Question
from lessons.study.models import Learner, Review
from lessons.study.scheduling import Rating, State
from lessons.study.spaced_repetition import Item, count_answers, rate
from tests.lessons.study.conftest import MORNING

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GAME, QUIZ = Review.Source.GAME, Review.Source.QUIZ


@pytest.fixture
def question(lesson: Lesson) -> Question:
    return lesson.questions_in_order()[0]


def test_right_is_good_and_wrong_is_again_tomorrow(bens: Learner, lesson: Lesson) -> None:
    right, wrong = lesson.questions_in_order()[:2]
    bens.zone = "America/New_York"
    was_right = {right.pk: True, wrong.pk: False}
    assert count_answers(bens, lesson, was_right, MORNING, GAME, "Live game “Angles”") == 2

    good, again = right.memories.get(), wrong.memories.get()
    assert [good.reviews.get().rating, again.reviews.get().rating] == [Rating.Good, Rating.Again]
    # Without another look on the same day neither has steps to go.
    assert [good.state, again.state] == [State.Review, State.Review]
    assert good.due - MORNING == 2 * DAY
    # In New York it is four in the morning, when the day begins.
    assert again.due == bens.next_day_begins(MORNING)
    assert again.reviews.get().why == "Live game “Angles”"


def test_a_question_counts_once_a_day_whatever_the_source(
    bens: Learner, lesson: Lesson, question: Question
) -> None:
    told = {question.pk: True}
    counted = [
        count_answers(bens, lesson, told, MORNING, GAME, "Live game"),
        count_answers(bens, lesson, told, MORNING + HOUR, GAME, "Live game"),
        count_answers(bens, lesson, told, MORNING + 2 * HOUR, QUIZ, "Quiz"),
        count_answers(bens, lesson, told, MORNING + DAY, QUIZ, "Quiz"),
        count_answers(bens, lesson, told, MORNING + DAY + HOUR, GAME, "Live game"),
    ]

    assert counted == [1, 0, 0, 1, 0]
    assert question.memories.get().reviews_count == 2


def test_one_that_was_reviewed_today_tells_nothing_more(
    bens: Learner, lesson: Lesson, question: Question
) -> None:
    rate(bens, Item(lesson.pk, question=question.pk), Rating.Good, MORNING)

    assert count_answers(bens, lesson, {question.pk: False}, MORNING + HOUR, GAME, "") == 0
    assert question.memories.get().lapses == 0


def test_a_game_that_is_archived_late_changes_nothing_since(
    bens: Learner, lesson: Lesson, question: Question
) -> None:
    memory = rate(bens, Item(lesson.pk, question=question.pk), Rating.Good, MORNING)

    assert count_answers(bens, lesson, {question.pk: False}, MORNING - 2 * DAY, GAME, "") == 0
    assert question.memories.get().memo == memory.memo


def test_everyone_counts_for_themselves_and_a_deleted_question_for_nobody(
    bens: Learner, ada: User, lesson: Lesson, question: Question
) -> None:
    adas = Learner.objects.create(user=ada)
    gone = lesson.questions_in_order()[1]
    told = {question.pk: True, gone.pk: True}
    gone.delete()

    assert count_answers(bens, lesson, told, MORNING, GAME, "") == 1
    assert count_answers(adas, lesson, told, MORNING, GAME, "") == 1
    assert Review.objects.count() == 2
