from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from pytest_django import DjangoAssertNumQueries

from lessons import images
from lessons.drafts import LessonDraft
from lessons.formats import own_yaml
from lessons.models import Flashcard, Lesson, Question, Section
from lessons.questions import (
    ExplanationRef,
    Image,
    InfoSlide,
    NumberGuess,
    OrderSteps,
    Poll,
    SeveralRight,
    SingleChoice,
    TrueFalse,
    TypedNumber,
    TypedText,
    WordCloud,
    any_question,
)
from lessons.questions import Question as Played
from tests.lessons.conftest import EVERY_KIND, drawing
from tests.lessons.test_own_yaml import drafts


def test_each_kind_becomes_a_question_to_play(lesson: Lesson) -> None:
    assert [question.as_question() for question in lesson.questions_in_order()] == [
        SingleChoice(prompt="How large is it?", options=("90°", "100°"), right=0),
        SeveralRight(prompt="Which are right?", options=("90°", "100 gon", "1"), right=(0, 1)),
        TrueFalse(prompt="It is 90°.", right=True),
        TypedText(prompt="It has ___ degrees.", accepted=("90", "ninety")),
        NumberGuess(prompt="How many degrees?", right=90, tolerance=5, low=0, high=180, unit="°"),
        OrderSteps(prompt="By size", steps=("acute", "right", "obtuse")),
    ]


def test_a_question_keeps_what_it_takes(lesson: Lesson) -> None:
    played = SeveralRight(
        prompt="Which arguments?",
        options=("*args", "\\*args", "kwargs"),
        right=(0, 1),
        limit_ms=45_000,
        points=2000,
        note="Stars.",
        explanation=ExplanationRef(key="mlp", params={"bias": -0.5}),
    )
    question = Question(lesson=lesson)
    question.take(played)
    question.full_clean()
    question.save()

    assert Question.objects.get(pk=question.pk).as_question() == played


@pytest.mark.parametrize(
    ("fields", "played"),
    [
        (
            {"kind": "several_right", "answers": "*a\n*b\nc", "per_option": True},
            SeveralRight(prompt="Well?", options=("a", "b", "c"), right=(0, 1), per_option=True),
        ),
        (
            {"kind": "typed_text", "answers": "obtuse", "typos": True, "limit_s": None},
            TypedText(prompt="Well?", accepted=("obtuse",), typos=True, limit_ms=None),
        ),
        (
            {"kind": "typed_number", "right_number": 0.5, "unit": "m"},
            TypedNumber(prompt="Well?", right=0.5, unit="m"),
        ),
        (
            {"kind": "number_guess", "right_number": 5, "low": 0, "high": 9, "zero_at": 3},
            NumberGuess(prompt="Well?", right=5, tolerance=0, low=0, high=9, zero_at=3),
        ),
        (
            {"kind": "poll", "answers": "\\*yes\nno", "points": 2000},
            Poll(prompt="Well?", options=("*yes", "no")),
        ),
        ({"kind": "word_cloud", "answers": "left over"}, WordCloud(prompt="Well?")),
        (
            {"kind": "info_slide", "body": "Look *up*.", "limit_s": None},
            InfoSlide(prompt="Well?", body="Look *up*."),
        ),
    ],
)
def test_what_a_teacher_fills_in(lesson: Lesson, fields: dict[str, Any], played: Played) -> None:
    question = Question(lesson=lesson, prompt="Well?", **fields)
    question.full_clean()

    assert question.as_question() == played


def test_every_kind_is_in_the_form() -> None:
    assert set(Question.Kind.values) == set(any_question.json_schema()["discriminator"]["mapping"])


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(draft=drafts())
def test_any_question_comes_back_as_it_was_taken(draft: LessonDraft) -> None:
    for asked in draft.questions:
        row = Question()
        row.take(asked.question)

        assert row.as_question() == asked.question


def test_a_whole_lesson_comes_back_as_it_was_taken(db: None) -> None:
    draft, _ = own_yaml.read(EVERY_KIND.read_bytes())
    lesson = Lesson()
    lesson.replace_with(draft)

    assert Lesson.objects.get().as_draft() == draft
    for question in lesson.questions.all():
        question.full_clean()


def test_a_question_forgets_the_kind_it_had(lesson: Lesson) -> None:
    draft, _ = own_yaml.read(EVERY_KIND.read_bytes())
    question = Question(lesson=lesson)
    for asked in [*draft.questions, *reversed(draft.questions)]:
        question.take(asked.question)
        assert question.as_question() == asked.question


def test_the_image_of_a_question(lesson: Lesson) -> None:
    image = Image(alt="Nothing but red", **images.keep(drawing())._asdict())
    question = Question(lesson=lesson, kind="word_cloud", prompt="What is it?")
    question.image = image
    question.full_clean()
    question.save()
    question.refresh_from_db()

    assert question.image == image
    assert question.as_question().image == image

    question.image = None
    question.save()
    assert Question.objects.get(pk=question.pk).as_question().image is None


def test_the_file_of_an_image_outlives_its_question(lesson: Lesson) -> None:
    image = Image(alt="Nothing but red", **images.keep(drawing())._asdict())
    question = Question(lesson=lesson, kind="word_cloud", prompt="?")
    question.image = image
    question.save()
    question.delete()

    assert images.kept_bytes(image.file)


def test_all_questions_of_a_game_take_one_query(
    lesson: Lesson, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert len([question.as_question() for question in lesson.questions_in_order()]) == 6


def test_a_whole_lesson_takes_three_queries(
    lesson: Lesson, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        assert len(lesson.as_draft().questions) == 6


CHOICE = {"kind": "single_choice", "answers": "*yes\nno"}
IMAGE = {"image_file": "0" * 32 + ".webp", "image_width": 8, "image_height": 6}
GUESS = {"kind": "number_guess", "right_number": 90, "low": 0, "high": 180}


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"answers": "yes\nno"}, {"answers": ["Put a * before the one right option."]}),
        ({"answers": "*yes\n*no"}, {"answers": ["Put a * before the one right option."]}),
        ({"answers": "*yes"}, {"answers": ["Give at least 2, one per line."]}),
        (
            {"answers": "*1\n2\n3\n4\n5\n6\n7"},
            {"answers": ["Give at most 6, one per line."]},
        ),
        ({"answers": "*yes\nyes"}, {"answers": ["Two options are the same."]}),
        (
            {"answers": f"*yes\n{'o' * 121}"},
            {"answers": ["Line 2 has more than 120 characters."]},
        ),
        (
            {"kind": "several_right", "answers": "yes\nno"},
            {"answers": ["Put a * before each right option."]},
        ),
        ({"kind": "true_false"}, {"is_true": ["Say whether the statement is true."]}),
        (
            {"kind": "typed_text", "answers": " \n"},
            {"answers": ["Give at least 1, one per line."]},
        ),
        (
            {"kind": "typed_text", "answers": "?"},
            {"answers": ["An accepted answer needs a letter or a digit."]},
        ),
        (
            GUESS | {"right_number": 200},
            {"right_number": ["The right number must lie between low and high."]},
        ),
        (GUESS | {"right_number": None}, {"right_number": ["Give a number."]}),
        (GUESS | {"low": None}, {"low": ["Give a number."]}),
        (GUESS | {"high": float("inf")}, {"high": ["Give a number."]}),
        (GUESS | {"tolerance": -1}, {"tolerance": ["A tolerance is never below 0."]}),
        (
            {"kind": "order_steps", "answers": "one\ntwo"},
            {"answers": ["Give at least 3, one per line."]},
        ),
        (
            {"kind": "order_steps", "answers": "one\ntwo\none"},
            {"answers": ["Two steps are the same."]},
        ),
        (CHOICE | {"kind": "essay"}, {"kind": ["Value 'essay' is not a valid choice."]}),
        (CHOICE | {"prompt": "  "}, {"prompt": ["This field cannot be blank."]}),
        (
            CHOICE | {"limit_s": 4},
            {"limit_s": ["Ensure this value is greater than or equal to 5."]},
        ),
        (CHOICE | {"points": 500}, {"points": ["Value 500 is not a valid choice."]}),
        (
            GUESS | {"tolerance": 5, "zero_at": 5},
            {"zero_at": ["Points must fall to zero beyond the tolerance."]},
        ),
        ({"kind": "typed_number"}, {"right_number": ["Give a number."]}),
        (
            {"kind": "typed_number", "right_number": 1, "tolerance": -1},
            {"tolerance": ["A tolerance is never below 0."]},
        ),
        ({"kind": "poll", "answers": "a"}, {"answers": ["Give at least 2, one per line."]}),
        ({"kind": "poll", "answers": "a\na"}, {"answers": ["Two options are the same."]}),
        (
            {"kind": "info_slide", "body": "o" * 1001},
            {"body": ["Ensure this value has at most 1000 characters (it has 1001)."]},
        ),
        (CHOICE | IMAGE | {"image_alt": " "}, {"image_alt": ["Say what the image shows."]}),
        (
            {"kind": "word_cloud"} | IMAGE | {"image_alt": "o" * 301},
            {"image_alt": ["Ensure this value has at most 300 characters (it has 301)."]},
        ),
        (
            CHOICE | {"explanation": "mlp", "explanation_params": {"bias": 99}},
            {
                "explanation_params": [
                    "“bias”: Input should be less than or equal to 0.5",
                ]
            },
        ),
        (
            CHOICE | {"explanation": "mlp", "explanation_params": [1]},
            {"explanation_params": ['Give names and values, such as {"d": 100}.']},
        ),
    ],
)
def test_a_problem_is_named_at_its_field(
    lesson: Lesson, fields: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    question = Question(lesson=lesson, **{"prompt": "Well?"} | fields)

    with pytest.raises(ValidationError) as raised:
        question.full_clean()

    assert raised.value.message_dict == errors


def test_an_unknown_explanation_is_named_at_its_field(lesson: Lesson) -> None:
    section = Section(lesson=lesson, title="New", explanation="palmistry")

    with pytest.raises(ValidationError) as raised:
        section.full_clean()

    [(field, [sentence])] = raised.value.message_dict.items()
    assert field == "explanation"
    assert sentence.startswith("There is no explanation “palmistry”; there are angles, ")


def test_a_section_of_another_lesson_is_refused(lesson: Lesson) -> None:
    other = Section.objects.create(lesson=Lesson.objects.create(slug="other"), title="Elsewhere")
    card = Flashcard(lesson=lesson, term="A", definition="B", section=other)

    with pytest.raises(ValidationError) as raised:
        card.full_clean()

    assert raised.value.message_dict == {"section": ["That section is in another lesson."]}


def test_what_has_no_position_goes_to_the_end(lesson: Lesson) -> None:
    first = Section.objects.create(lesson=lesson, title="First", position=7)
    last = Section.objects.create(lesson=lesson, title="Last")

    assert last.position == 8
    assert list(lesson.sections.all())[-2:] == [first, last]


def test_replacing_a_lesson_keeps_the_rows_of_what_stays(lesson: Lesson) -> None:
    kept = {question.prompt: question.pk for question in lesson.questions_in_order()}
    draft = lesson.as_draft()
    changed = draft.model_copy(
        update={"questions": draft.questions[:0:-1], "flashcards": (), "title": "Turns"}
    )

    lesson.replace_with(changed)

    assert lesson.as_draft() == changed
    assert {question.prompt: question.pk for question in lesson.questions_in_order()} == {
        prompt: pk for prompt, pk in kept.items() if prompt != "How large is it?"
    }


def test_who_sees_a_draft(lesson: Lesson, hana: User, noor: User, ada: User, sam: User) -> None:
    seen = {user.username: list(Lesson.objects.visible_to(user)) for user in (hana, noor, ada, sam)}

    assert seen == {"hana": [lesson], "noor": [], "ada": [], "sam": [lesson]}


def test_counting_the_parts_of_lessons(
    lesson: Lesson, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Lesson.objects.create(slug="empty", title="Empty")
    names = ("slug", "section_count", "question_count", "card_count")

    with django_assert_num_queries(1):
        counted = [
            tuple(getattr(each, name) for name in names) for each in Lesson.objects.with_counts()
        ]

    assert counted == [("angles", 1, 6, 1), ("empty", 0, 0, 0)]
