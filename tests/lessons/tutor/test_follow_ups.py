"""Questions that lean on the one before."""

import pytest

from lessons.tutor.follow_ups import asks_for_more, in_full
from lessons.tutor.words import Words

WORDS = Words("en")


@pytest.mark.parametrize(
    ("question", "full"),
    [
        ("And why is it needed?", "And why is it needed (relu)?"),
        ("Why?", "Why (relu)?"),
        ("Tell me more", "Tell me more (relu)?"),
        ("What does that mean?", "What does that mean (relu)?"),
        ("Does it have parameters?", "Does it have parameters (relu)?"),
    ],
)
def test_the_subject_comes_from_the_question_before(question: str, full: str) -> None:
    assert in_full(question, ["What is ReLU?"], WORDS) == full


@pytest.mark.parametrize(
    "question",
    [
        "What is superposition?",
        "What happens to a leaf when it dries?",
        "What about superposition?",
        "Is the idea that neurons are ideas wrong?",
    ],
)
def test_a_question_that_names_its_subject_is_left_alone(question: str) -> None:
    assert in_full(question, ["What is ReLU?"], WORDS) == question


def test_a_first_question_has_nothing_to_lean_on() -> None:
    assert in_full("Why?", [], WORDS) == "Why?"
    assert in_full("Why?", ["How?"], WORDS) == "Why?"


def test_a_chain_of_them_keeps_the_subject() -> None:
    assert in_full("Why?", ["What is ReLU?", "Tell me more", "And how?"], WORDS) == "Why (relu)?"


def test_asking_for_more_is_asking_for_nothing_else() -> None:
    assert asks_for_more("Tell me more, please!", WORDS)
    assert asks_for_more("more", WORDS)
    assert not asks_for_more("Why?", WORDS)
    assert not asks_for_more("More about tokens", WORDS)
