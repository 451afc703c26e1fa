import numpy as np
import pytest
from numpy.typing import NDArray

from lessons.authoring.distractors import Pool, value, wrong_numbers
from lessons.authoring.terms import Determiner, Term, terms
from tests.lessons.authoring.conftest import reading_of

NOTES = (
    "The **stroma** is a fluid, and the **granum** is a stack.",
    "All **thylakoids** have pigments, and the **thylakoid membrane** is thin.",
    "The **plasma** is a fluid, and the **nucleus** is a body.",
    "In Paris the **Directory** ruled, and in Rome the **Senate** ruled.",
)


def all_terms() -> dict[str, Term]:
    return {term.text: term for term in terms(reading_of(*NOTES))}


def wrong_for(answer: str, *told: str, count: int = 3) -> list[str]:
    known = all_terms()
    pool = Pool(list(known.values()))
    return [term.text for term in pool.wrong_for(known[answer], "the", told, count)]


def test_wrong_answers_are_of_the_same_number_and_kind() -> None:
    assert set(wrong_for("stroma", count=9)) >= {"granum", "plasma", "nucleus"}
    assert {"thylakoids", "Directory", "Senate"} & set(wrong_for("stroma", count=9)) == set()
    assert "Senate" in wrong_for("Directory")


def test_what_never_has_an_article_stands_behind_none() -> None:
    reading = reading_of(
        "An **autotroph** feeds itself. The **stroma** is a fluid.",
        "There is **oxygen** in air. A **granum** is a stack.",
    )
    known = {term.text: term for term in terms(reading) if "marked" in term.reasons}
    pool = Pool(list(known.values()))

    def behind(determined: Determiner) -> set[str]:
        return {term.text for term in pool.wrong_for(known["autotroph"], determined, (), 9)}

    assert behind("a") == {"granum"}
    assert behind("the") == {"granum", "stroma"}
    assert "oxygen" in behind("none")


def test_none_stands_in_the_text_that_is_told() -> None:
    assert "plasma" not in wrong_for("stroma", "The plasma is another fluid.", count=9)


def test_none_shares_a_word_with_the_answer() -> None:
    assert "thylakoid membrane" not in wrong_for("thylakoids", count=9)


def test_with_vectors_the_nearest_come_first_but_no_synonym() -> None:
    near = {"stroma": (1.0, 0.0), "plasma": (0.9, 0.43), "nucleus": (0.7, 0.71)}

    def vectors(texts: object) -> NDArray[np.float32]:
        assert isinstance(texts, list)
        return np.array([near.get(text, (0.0, 1.0)) for text in texts], dtype=np.float32)

    known = all_terms()
    pool = Pool(list(known.values()), vectors)
    chosen = [term.text for term in pool.wrong_for(known["stroma"], "the", (), count=9)]

    assert chosen[0] == "nucleus"
    assert "plasma" not in chosen


@pytest.mark.parametrize(
    ("number", "told", "wrong"),
    [
        ("1791", "The king fled.", ["1789", "1790", "1792"]),
        ("1790", "In 1789 and 1791 all was well.", ["1787", "1792", "1795"]),
        ("seven", "Of prisoners", ["six", "eight", "nine"]),
        ("90", "Degrees", ["45", "68", "81"]),
        ("0.04", "Percent", ["0.02", "0.06", "0.08"]),
        ("300,000", "Men", ["150,000", "450,000", "600,000"]),
        ("5", "Men", ["4", "6", "7"]),
    ],
)
def test_wrong_numbers_look_like_the_right_one(number: str, told: str, wrong: list[str]) -> None:
    assert wrong_numbers(number, ["1789", "1790", "1791", "1792"], told) == wrong


def test_numbers_have_a_value_however_written() -> None:
    assert [value("300,000"), value("Seven"), value("0.04")] == [300_000, 7, 0.04]
