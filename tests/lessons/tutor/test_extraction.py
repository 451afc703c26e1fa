"""An answer in the lesson's own sentences."""

from lessons.drafts import CardDraft, LessonDraft, SectionDraft
from lessons.tutor.extraction import extracted
from lessons.tutor.retrieval import Index
from lessons.tutor.tutor import Tutor


def test_a_passage_is_told_in_its_own_order(tutor: Tutor) -> None:
    assert answer(tutor.index, "How do sparse autoencoders describe an activation?") == [
        "A sparse autoencoder is a tool that can extract the features even where they are"
        " superimposed.",
        "It describes each activation by a few out of very many candidate features.",
    ]


def test_a_number_is_told_where_one_is_asked_for() -> None:
    index = index_of("- The crowd carried some pikes.\n- The crowd carried 800 pikes.")

    assert answer(index, "What did the crowd carry, pikes?")[0] == "The crowd carried some pikes."
    assert answer(index, "How many pikes did the crowd carry?")[0] == "The crowd carried 800 pikes."


LONG = (
    "One alone is where we all start. Two is a pair. They are equal. Three is a crowd. Four play."
)


def test_a_long_passage_is_told_from_where_it_answers() -> None:
    told = ["Two is a pair.", "They are equal.", "Three is a crowd."]

    assert answer(index_of(LONG), "Which is a pair?") == told
    # “They” says nothing without the sentence before it.
    assert answer(index_of(LONG), "Which are equal?") == told


def test_the_same_is_not_told_twice() -> None:
    index = index_of(
        "A right angle is a quarter of a turn.",
        CardDraft(term="Right angle", definition="A right angle is a quarter of a whole turn."),
    )

    assert len(answer(index, "What is a right angle, a quarter of a turn?")) == 1


def test_what_was_told_is_left_out() -> None:
    index = index_of("- A right angle is a quarter turn.\n- No right angle is acute.")
    ranking = index.search("right angle")
    first = extracted(index, ranking)
    second = extracted(index, ranking, frozenset(first[:1]))

    assert first[0] not in second
    assert second
    assert extracted(index, ranking, frozenset(index.sentences)) == ()


def index_of(notes: str, *cards: CardDraft) -> Index:
    section = SectionDraft(title="Turns", notes=notes)
    return Index(
        LessonDraft(slug="turns", title="Turns", sections=(section,), flashcards=cards), None
    )


def answer(index: Index, question: str) -> list[str]:
    return [sentence.text for sentence in extracted(index, index.search(question))]
