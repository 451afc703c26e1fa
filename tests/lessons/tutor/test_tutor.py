"""One lesson that is asked, without a language model."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.drafts import LessonDraft
from lessons.tutor.replies import Answered, Closest, NotInLesson
from lessons.tutor.tutor import Tutor, tutor_of


def test_an_answer_cites_the_notes(tutor: Tutor, sample: LessonDraft) -> None:
    reply = tutor.ask("What do the rows of W up do?")

    assert isinstance(reply, Answered)
    assert reply.by == "lesson"
    assert [told.text for told in reply.told] == [
        "The rows ask. The input vector is multiplied by a large matrix, W up.",
        "Each row is a query for a feature, such as “is the first name Michael?”; the dot product"
        " with it says how much of that feature is there.",
        "A bias vector, B up, is added.",
    ]
    source = reply.told[1].source
    assert (source.of, source.heading) == ("section", "How MLPs Process Vectors")
    assert sample.sections[source.place].notes[source.start : source.end].startswith("Each row is")


def test_an_answer_offers_its_picture(tutor: Tutor) -> None:
    keys = []
    for question in ("What's ReLU?", "What does attention do?", "What is superposition?"):
        reply = tutor.ask(question)
        assert isinstance(reply, Answered)
        keys.append(reply.explanation and reply.explanation.key)

    assert keys == ["relu", "attention", "toy"]


def test_a_lesson_without_pictures_offers_none(photosynthesis: LessonDraft) -> None:
    reply = Tutor(photosynthesis, None).ask("What is a granum?")

    assert isinstance(reply, Answered)
    assert reply.explanation is None


def test_next_questions_are_near_and_new(tutor: Tutor) -> None:
    reply = tutor.ask("What does “Tokens” mean?")

    assert reply.next_questions == (
        "What does “Large Language Model” mean?",
        "What does “Attention” mean?",
        "What does “MLP” mean?",
    )


def test_what_comes_close_is_shown_as_such(tutor: Tutor) -> None:
    reply = tutor.ask("What colour is a neuron?")

    assert isinstance(reply, Closest)
    assert reply.sentence == "The lesson doesn’t quite answer that. This comes closest."
    assert len(reply.told) == 3


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What is mitosis?", "The lesson doesn’t mention “mitosis”."),
        ("Who is Geoffrey Hinton?", "The lesson doesn’t mention “Geoffrey Hinton”."),
        ("Who won the cup?", "The lesson doesn’t say anything about that."),
        ("", "The lesson doesn’t say anything about that."),
        ("?!", "The lesson doesn’t say anything about that."),
    ],
)
def test_what_is_not_there_is_said(tutor: Tutor, question: str, sentence: str) -> None:
    reply = tutor.ask(question)

    assert isinstance(reply, NotInLesson)
    assert reply.sentence == sentence
    assert len(reply.next_questions) == 3


def test_a_question_may_lean_on_the_one_before(tutor: Tutor) -> None:
    alone = tutor.ask("Does it cost anything?")
    leaning = tutor.ask("Does it cost anything?", ["What is superposition?"])

    assert "at the price of a little interference" not in alone.model_dump_json()
    assert "at the price of a little interference" in leaning.model_dump_json()


def test_more_is_more_until_all_is_told(tutor: Tutor) -> None:
    asked = ["What is superposition?"]
    told: list[str] = []
    for _ in range(8):
        reply = tutor.ask(asked[-1], asked[:-1])
        if not isinstance(reply, Answered):
            break
        told += [sentence.text for sentence in reply.told]
        asked.append("Tell me more")

    assert len(told) == len(set(told)) > 4
    assert isinstance(reply, NotInLesson)
    assert reply.sentence == "That is all the lesson says about it."


def test_a_very_long_question_is_no_trouble(tutor: Tutor) -> None:
    assert tutor.ask("What is superposition? " * 5000).type == "answered"


def test_the_same_question_has_the_same_reply(tutor: Tutor) -> None:
    assert tutor.ask("How do MLPs store facts?") == tutor.ask("How do MLPs store facts?")


def test_several_may_ask_at_once(tutor: Tutor) -> None:
    questions = ["What is superposition?", "How do MLPs store facts?", "What is mitosis?"] * 20
    with ThreadPoolExecutor(max_workers=4) as threads:
        replies = list(threads.map(tutor.ask, questions))

    assert replies == [tutor.ask(question) for question in questions]


@given(st.lists(st.text(alphabet="aIt why?more.\n’é漢1 ", max_size=40), min_size=1, max_size=4))
def test_whatever_is_asked_has_a_reply(tutor_by_words: Tutor, asked: list[str]) -> None:
    reply = tutor_by_words.ask(asked[-1], asked[:-1])

    assert reply.type in {"answered", "closest", "not_in_lesson"}


def test_a_tutor_is_kept_while_the_lesson_stays_the_same(photosynthesis: LessonDraft) -> None:
    again = LessonDraft.model_validate_json(photosynthesis.model_dump_json())
    changed = photosynthesis.model_copy(update={"flashcards": ()})

    assert tutor_of(photosynthesis) is tutor_of(again)
    assert tutor_of(photosynthesis) is not tutor_of(changed)


def test_a_class_that_asks_all_at_once_waits_for_one_tutor(photosynthesis: LessonDraft) -> None:
    new = photosynthesis.model_copy(update={"questions": ()})

    with ThreadPoolExecutor(8) as pool:
        tutors = set(pool.map(tutor_of, [new] * 8))

    assert len(tutors) == 1


def test_what_is_not_there_has_a_nearest_section(tutor: Tutor, sample: LessonDraft) -> None:
    reply = tutor.ask("Which optimiser did Geoffrey Hinton prefer for backpropagation?")

    assert isinstance(reply, NotInLesson)
    assert reply.nearest is not None
    assert sample.sections[reply.nearest].title == "Transformer Training"


def test_what_shares_nothing_with_the_lesson_has_none(tutor_by_words: Tutor) -> None:
    reply = tutor_by_words.ask("Who won the cup?")

    assert isinstance(reply, NotInLesson)
    assert reply.nearest is None


def test_what_a_learner_may_not_read_is_not_told(photosynthesis: LessonDraft) -> None:
    question = "Which protein is the most abundant on Earth?"
    hidden = photosynthesis.model_copy(update={"flashcards": ()})

    assert isinstance(reply := Tutor(photosynthesis, None).ask(question), Answered)
    assert "most abundant protein" in " ".join(told.text for told in reply.told)
    assert "abundant" not in Tutor(hidden, None).ask(question).model_dump_json()


def test_an_empty_lesson_can_be_asked() -> None:
    reply = Tutor(LessonDraft(slug="a", title="Empty"), None).ask("What is this?")

    assert isinstance(reply, NotInLesson)
    assert reply.next_questions == ()
