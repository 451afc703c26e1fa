from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lessons.questions import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    NumberAnswer,
    NumberGuess,
    OrderAnswer,
    OrderSteps,
    Question,
    SeveralRight,
    SingleChoice,
    TextAnswer,
    TrueFalse,
    TypedText,
    any_question,
    fits,
    folded,
    is_right,
    right_answers,
    shown_order,
)

CHOICE = SingleChoice(prompt="How large?", options=("90°", "80°", "100°"), right=0)
SEVERAL = SeveralRight(prompt="Which are even?", options=("2", "3", "4"), right=(0, 2))
TRUE = TrueFalse(prompt="It is so.", right=True)
TYPED = TypedText(prompt="Who?", accepted=("Johnson-Lindenstrauss", "JL"))
GUESS = NumberGuess(prompt="How many?", right=90, tolerance=5, low=0, high=180, unit="°")
STEPS = OrderSteps(prompt="In order", steps=("ask", "decide", "answer", "add"))


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        (CHOICE, ChoiceAnswer(choice=0), ChoiceAnswer(choice=2)),
        (SEVERAL, ChoicesAnswer(choices=(2, 0)), ChoicesAnswer(choices=(0,))),
        (SEVERAL, ChoicesAnswer(choices=(0, 2)), ChoicesAnswer(choices=(0, 1, 2))),
        (TRUE, ChoiceAnswer(choice=0), ChoiceAnswer(choice=1)),
        (TYPED, TextAnswer(text="the johnson lindenstrauss"), TextAnswer(text="Johnson")),
        (TYPED, TextAnswer(text=" jl "), TextAnswer(text="j l")),
        (GUESS, NumberAnswer(number=85), NumberAnswer(number=84.9)),
        (GUESS, NumberAnswer(number=95), NumberAnswer(number=95.1)),
    ],
)
def test_right_and_wrong(question: Question, right: Answer, wrong: Answer) -> None:
    assert [fits(question, right), is_right(question, right)] == [True, True]
    assert [fits(question, wrong), is_right(question, wrong)] == [True, False]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (CHOICE, ChoiceAnswer(choice=3)),
        (CHOICE, TextAnswer(text="90°")),
        (TRUE, ChoiceAnswer(choice=2)),
        (SEVERAL, ChoicesAnswer(choices=(0, 0))),
        (SEVERAL, ChoicesAnswer(choices=(3,))),
        (TYPED, TextAnswer(text="?!")),
        (GUESS, NumberAnswer(number=181)),
        (STEPS, OrderAnswer(order=(0, 1, 2))),
        (STEPS, OrderAnswer(order=(0, 1, 2, 2))),
    ],
)
def test_an_answer_that_does_not_fit(question: Question, answer: Answer) -> None:
    assert not fits(question, answer)


def test_steps_are_right_in_their_own_order_and_no_other() -> None:
    shown = shown_order(STEPS)
    right = tuple(shown.index(step) for step in range(4))

    assert is_right(STEPS, OrderAnswer(order=right))
    assert not is_right(STEPS, OrderAnswer(order=right[::-1]))
    assert not is_right(STEPS, OrderAnswer(order=(0, 1, 2, 3)))


@given(st.lists(st.text("abcdef", min_size=1, max_size=4), min_size=3, max_size=6, unique=True))
def test_steps_are_never_shown_in_the_right_order(steps: list[str]) -> None:
    order = shown_order(OrderSteps(prompt="In order", steps=tuple(steps)))

    assert sorted(order) == list(range(len(steps)))
    assert list(order) != sorted(order)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ReLU", "relu"),
        ("The ReLU function", "relu function"),
        ("Johnson–Lindenstrauss", "johnson lindenstrauss"),
        ("dot  products.", "Dot products"),
        ("ｔｏｋｅｎｓ", "tokens"),
        ("to\u200bkens", "tokens"),
    ],
)
def test_spellings_that_count_as_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once_but_for_an_article(text: str) -> None:
    once = folded(text)

    assert folded(f"x {once}") == f"x {once}".strip()


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "single_choice", "options": ["a", "b"], "right": 2},
        {"kind": "single_choice", "options": ["a", " a "], "right": 0},
        {"kind": "single_choice", "options": ["a", "\n"], "right": 0},
        {"kind": "several_right", "options": ["a", "b"], "right": []},
        {"kind": "several_right", "options": ["a", "b"], "right": [1, 1]},
        {"kind": "typed_text", "accepted": []},
        {"kind": "typed_text", "accepted": ["?"]},
        {"kind": "number_guess", "right": 200, "tolerance": 0, "low": 0, "high": 180},
        {"kind": "number_guess", "right": 1, "tolerance": -1, "low": 0, "high": 180},
        {"kind": "number_guess", "right": 1, "tolerance": 0, "low": 1, "high": 1},
        {"kind": "order_steps", "steps": ["a", "b"]},
        {"kind": "order_steps", "steps": ["a", "b", "a"]},
        {"kind": "true_false"},
    ],
)
def test_a_question_without_a_sound_key_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        any_question.validate_python({"prompt": "Well?"} | fields)


def test_an_option_is_one_tidy_line() -> None:
    question = SingleChoice(prompt=" Well?\r\n", options=("a\u2028 b", "\tc\0"), right=0)

    assert question.prompt == "Well?"
    assert question.options == ("a b", "c")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (CHOICE, ("90°",)),
        (SEVERAL, ("2", "4")),
        (TRUE, ("True",)),
        (TYPED, ("Johnson-Lindenstrauss", "JL")),
        (GUESS, ("90°",)),
        (GUESS.model_copy(update={"right": 1.5, "unit": "km"}), ("1.5 km",)),
        (STEPS, ("ask", "decide", "answer", "add")),
    ],
)
def test_the_key_in_words(question: Question, words: tuple[str, ...]) -> None:
    assert right_answers(question) == words


def test_an_answer_has_no_control_characters() -> None:
    assert TextAnswer(text=" a\x00b\x9fc ").text == " abc "
    with pytest.raises(ValidationError):
        TextAnswer(text="\x00")
