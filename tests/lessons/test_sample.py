import itertools
import re
from collections import Counter

import pytest

from lessons import explanations
from lessons.drafts import LessonDraft
from lessons.formats import own_yaml
from lessons.management.commands.load_sample import SAMPLE
from lessons.questions import TextAnswer as Typed
from lessons.questions import TypedText, is_right, right_answers


@pytest.fixture(scope="module")
def sample() -> LessonDraft:
    draft, _ = own_yaml.read(SAMPLE.read_bytes())
    return draft


def test_the_seven_sections(sample: LessonDraft) -> None:
    assert [section.title for section in sample.sections] == [
        "How Large Language Models Store Facts",
        "How MLPs Process Vectors",
        "Understanding MLPs and Superposition",
        "Random Vectors and the Johnson-Lindenstrauss Lemma",
        "Large Language Models and Feature Space",
        "Superposition and Feature Extraction",
        "Transformer Training",
    ]


@pytest.mark.parametrize(
    ("section", "words"),
    [
        (0, "predicting next word person sport"),
        (0, "multi-layer perceptrons factual knowledge"),
        (0, "tokens vector high-dimensional"),
        (0, "attention share information mlp"),
        (0, "directions meanings"),
        (0, "dot product feature present"),
        (0, "michael jordan basketball changing"),
        (1, "matrix w up row query first name michael dot product bias b up"),
        (1, "non-linear relu negative zero neurons positive active"),
        (1, "w down columns features b down"),
        (1, "original input vector parallel"),
        (2, "parameters blocks"),
        (2, "single neuron rarely overlap"),
        (2, "superposition perpendicular high-dimensional"),
        (3, "0 to 180 degrees 90"),
        (3, "optimisation more perpendicular"),
        (3, "johnson-lindenstrauss exponentially nearly perpendicular"),
        (3, "llm independent ideas"),
        (4, "more ideas than dimensions exponentially"),
        (4, "size"),
        (4, "ten times"),
        (4, "embedding space neurons of an mlp"),
        (5, "far more features than dimensions perpendicular"),
        (5, "single neuron combination superposition"),
        (5, "sparse autoencoder extract superimposed"),
        (6, "backpropagation"),
        (6, "cost function fine-tuning rl reinforcement learning human feedback scaling laws"),
    ],
)
def test_every_fact_of_the_notes(sample: LessonDraft, section: int, words: str) -> None:
    notes = set(re.findall(r"[\w-]+", sample.sections[section].notes.casefold()))

    assert set(words.split()) - notes == set()


def test_the_nine_flashcards(sample: LessonDraft) -> None:
    assert [card.term for card in sample.flashcards] == [
        "Large Language Model (LLM)",
        "Multi-layer Perceptrons (MLPs)",
        "Tokens",
        "Attention",
        "Superposition",
        "Johnson-Lindenstrauss Lemma",
        "Feature Space",
        "Sparse Autoencoders",
        "Transformer Training",
    ]


@pytest.mark.parametrize(
    ("about", "spellings"),
    [
        ("random vectors", ["90", "ninety", "90°", "Ninety degrees"]),
        ("lemma", ["Johnson-Lindenstrauss", "JL", "johnson lindenstrauss", "the JL lemma"]),
        ("breaking it into", ["tokens", "Token"]),
        ("probe for many more", ["features", "feature"]),
        ("between vectors and specific", ["dot products", "Dot-product", "inner product"]),
        ("fine-tuning using", ["Reinforcement Learning", "RL", "reinforcement-learning"]),
        ("first step of an MLP", ["query", "a query"]),
        ("negative values of a vector", ["ReLU", "rectified linear unit", "relu function"]),
        ("autoencoders", ["sparse", "Sparse"]),
        ("concept of", ["superposition", "Superposition"]),
    ],
)
def test_every_spelling_of_the_ten_answers(
    sample: LessonDraft, about: str, spellings: list[str]
) -> None:
    [question] = [
        draft.question
        for draft in sample.questions
        if isinstance(draft.question, TypedText) and about in draft.question.prompt
    ]

    assert [is_right(question, Typed(text=spelling)) for spelling in spellings] == [True] * len(
        spellings
    )


def test_every_kind_is_asked(sample: LessonDraft) -> None:
    kinds = Counter(draft.question.kind for draft in sample.questions)

    assert kinds.pop("typed_text") == 10
    assert set(kinds) == {
        "single_choice",
        "several_right",
        "true_false",
        "number_guess",
        "order_steps",
    }
    assert kinds.total() >= 12


def test_no_kind_comes_twice_in_a_row(sample: LessonDraft) -> None:
    kinds = [draft.question.kind for draft in sample.questions]

    assert kinds[0] == "number_guess"
    assert [kind for kind, after in itertools.pairwise(kinds) if kind == after] == []


def test_every_question_teaches(sample: LessonDraft) -> None:
    for draft in sample.questions:
        question = draft.question
        assert question.explanation
        assert explanations.picture(question.explanation.key, question.explanation.params).text
        assert 1 <= len(re.findall(r"[.?](?:\s|$)", question.note)) <= 3
        assert draft.section


def test_every_picture_is_in_the_lesson_and_every_part_has_one(sample: LessonDraft) -> None:
    asked = {
        draft.question.explanation.key for draft in sample.questions if draft.question.explanation
    }

    assert asked == set(explanations.keys())
    assert all(section.explanation for section in sample.sections)
    assert all(card.explanation for card in sample.flashcards)


def test_no_prompt_gives_its_answer_away(sample: LessonDraft) -> None:
    for draft in sample.questions:
        prompt = f" {words_of(draft.question.prompt)} "
        answers = right_answers(draft.question)
        assert [text for text in answers if f" {words_of(text)} " in prompt] == []


def words_of(text: str) -> str:
    """Lower case, without punctuation but the sign of a number."""
    return " ".join(re.findall(r"[-−]?[\w°]+", text.casefold()))
