"""Whether the lesson answers a question."""

import pytest

from lessons.drafts import LessonDraft, SectionDraft
from lessons.tutor.gate import Judgement, judge, signs_of
from lessons.tutor.retrieval import Index
from lessons.tutor.tutor import Tutor


@pytest.mark.parametrize("which", ["tutor", "tutor_by_words"])
def test_what_the_lesson_says_is_answered(which: str, request: pytest.FixtureRequest) -> None:
    index = request.getfixturevalue(which).index

    assert judge(index, index.search("What does the dot product tell?")).verdict == "answer"


@pytest.mark.parametrize("which", ["tutor", "tutor_by_words"])
@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What is mitosis?", "mitosis"),
        ("Who is Geoffrey Hinton?", "Geoffrey Hinton"),
        ("Who invented the transformer?", ""),
        ("Quid est transformer?", "quid"),
    ],
)
def test_what_it_does_not_say_is_declined(
    which: str, question: str, missing: str, request: pytest.FixtureRequest
) -> None:
    index = request.getfixturevalue(which).index
    judgement = judge(index, index.search(question))

    assert (judgement.verdict, judgement.missing) == ("not_in_lesson", missing)


def test_what_is_nearly_there_is_neither(tutor: Tutor) -> None:
    assert judge(tutor.index, tutor.index.search("What colour is a neuron?")).verdict == "closest"


def test_a_date_that_is_not_there_speaks_against_an_answer(tutor: Tutor) -> None:
    asked = "was the Johnson-Lindenstrauss lemma used?"

    assert mismatch(tutor.index, f"When {asked}") == 1
    assert mismatch(tutor.index, f"Why {asked}") == 0


def test_a_number_of_something_else_speaks_against_it_by_half(revolution: LessonDraft) -> None:
    index = Index(revolution, None)

    assert mismatch(index, "How many prisoners were in the Bastille?") == 0
    assert mismatch(index, "How many cannons were in the Bastille?") == 0.5


def test_a_lesson_of_another_language_is_judged_by_its_words() -> None:
    notes = "Die Zellen der Pflanzen haben Chloroplasten. Tiere haben keine."
    index = Index(
        LessonDraft(
            slug="zellen",
            title="Zellen",
            language="de",
            sections=(SectionDraft(title="Zellen", notes=notes),),
        ),
        None,
    )

    assert judge(index, index.search("Haben Pflanzen Chloroplasten?")).verdict == "answer"
    assert judge(index, index.search("Wer ist der Kaiser?")).verdict == "not_in_lesson"


def test_an_empty_lesson_answers_nothing() -> None:
    index = Index(LessonDraft(slug="empty", title="Empty"), None)

    assert judge(index, index.search("Why?")) == Judgement("not_in_lesson", 0.0)


def mismatch(index: Index, question: str) -> float:
    return signs_of(index, index.search(question), {}).mismatched
