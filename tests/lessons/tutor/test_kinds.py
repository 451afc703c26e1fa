"""What kind of thing a question asks for."""

import pytest

from lessons.tutor.kinds import asked_kind


@pytest.mark.parametrize(
    ("question", "telling", "silent"),
    [
        ("When was it founded?", "It was founded in 1789.", "It was founded by kings."),
        ("In which year did he die?", "He died on 27 July.", "He died in Paris."),
        ("How many were inside?", "Only seven were inside.", "Some were inside GPT-3."),
        ("How tall is it?", "It rises 300 m.", "It is tall."),
        ("Who led it?", "It was led by Robespierre.", "It was led badly."),
        ("Who paid?", "The peasants paid.", "Nothing was paid."),
    ],
)
def test_a_text_has_such_a_thing_or_not(question: str, telling: str, silent: str) -> None:
    asked = asked_kind(question)

    assert asked
    assert asked.is_told(telling)
    assert not asked.is_told(silent)


@pytest.mark.parametrize("question", ["What is it?", "When is a neuron active?", "Why so?"])
def test_anything_may_answer_the_rest(question: str) -> None:
    assert asked_kind(question) is None


def test_what_is_counted_is_told() -> None:
    asked = asked_kind("How many layers does it have?")

    assert asked
    assert asked.counted == "layers"
