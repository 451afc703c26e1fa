"""The nearest passages to a question, by words and by meaning."""

from lessons.drafts import LessonDraft, QuestionDraft, SectionDraft
from lessons.questions import TypedText
from lessons.tutor.retrieval import Index
from lessons.tutor.vectors import SentenceVectors


def test_rare_words_count_more_than_common_ones(photosynthesis: LessonDraft) -> None:
    assert nearest(Index(photosynthesis, None), "Where is the magnesium in the light?") == (
        "At the centre of each chlorophyll molecule sits an ion of magnesium."
        " A plant that lacks magnesium turns pale."
    )


def test_a_meaning_is_found_without_its_words(
    photosynthesis: LessonDraft, vectors: SentenceVectors
) -> None:
    question = "Why do trees turn yellow in fall?"
    told = (
        "In autumn chlorophyll is broken down first, so that the yellow of the carotenoids shows."
    )

    assert nearest(Index(photosynthesis, vectors), question) == told
    assert nearest(Index(photosynthesis, None), question) != told


def test_an_acronym_finds_what_it_stands_for() -> None:
    index = Index(
        lesson(
            "- Some train a large language model (LLM).\n"
            "- A large language model is big.\n- A small one is not."
        ),
        None,
    )

    assert sorted(index.search("LLM").best(2)) == [0, 1]
    assert index.search("LLM").lexical[2] == 0


def test_an_accepted_answer_finds_its_other_names() -> None:
    asked = TypedText(prompt="Which ___?", accepted=("dot product", "inner product"))
    draft = lesson("- The dot product tells it.\n- Nothing else does.").model_copy(
        update={"questions": (QuestionDraft(question=asked),)}
    )

    assert nearest(Index(draft, None), "inner") == "The dot product tells it."


def test_a_slip_of_the_finger_is_mended(sample: LessonDraft) -> None:
    index = Index(sample, None)

    assert index.search("What is superpostion?").question == "what is superposition?"
    assert index.search("What is BERT?").question == "What is BERT?"
    # A real word is no slip, though “vectors” is near.
    assert index.search("What are sectors?").question == "What are sectors?"


def test_a_term_alone_finds_its_flashcard_first(sample: LessonDraft) -> None:
    index = Index(sample, None)

    for question in ("What are tokens?", "LLM", "Define “large language models”"):
        first = index.passages[index.search(question).best(1)[0]]
        assert first.of == "flashcard"


def test_nothing_shared_is_nothing_near(sample: LessonDraft) -> None:
    ranking = Index(sample, None).search("Bonjour!")

    assert not ranking.lexical.any()
    assert not ranking.similar.any()


def test_an_empty_lesson_can_be_searched(vectors: SentenceVectors) -> None:
    empty = LessonDraft(slug="empty", title="Empty")

    for index in (Index(empty, None), Index(empty, vectors)):
        assert index.search("What is this about?").best(3) == []


def test_vectors_are_for_english_lessons_of_a_usual_length(vectors: SentenceVectors) -> None:
    german = lesson("Blatt und Licht.").model_copy(update={"language": "de"})
    book = lesson("This is one more sentence. " * 1600)

    assert Index(lesson("Leaf and light."), vectors).has_vectors
    assert not Index(german, vectors).has_vectors
    assert not Index(book, vectors).has_vectors
    assert nearest(Index(german, vectors), "Blatt") == "Blatt und Licht."


def test_the_same_question_finds_the_same(sample: LessonDraft, vectors: SentenceVectors) -> None:
    first, second = (Index(sample, vectors).search("What does attention do?") for _ in "12")

    assert first.near.tobytes() == second.near.tobytes()


def lesson(notes: str) -> LessonDraft:
    return LessonDraft(
        slug="models", title="Models", sections=(SectionDraft(title="Kinds", notes=notes),)
    )


def nearest(index: Index, question: str) -> str:
    return index.passages[index.search(question).best(1)[0]].text
