import pytest

from lessons.authoring.words import (
    acronyms,
    are_related,
    blanked,
    content_words,
    is_plural,
    key,
    put_in,
    share_a_word,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dot products", "dot product"),
        ("Johnson-Lindenstrauss", "johnson lindenstrauss"),
        ("theories", "Theory"),
        ("CO₂", "co2"),
        ("classes", "class"),
    ],
)
def test_one_term_has_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize("word", ["stomatitis", "bus", "analysis", "gas"])
def test_an_s_at_the_end_is_no_plural_by_itself(word: str) -> None:
    assert key(word) == word


@pytest.mark.parametrize(
    ("one", "other"), [("royal", "royalty"), ("perpendicular", "perpendiculars")]
)
def test_words_of_one_family_are_related(one: str, other: str) -> None:
    assert are_related(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("photosynthesis", "photosystem"), ("tax", "taxi"), ("ATP", "NADPH")]
)
def test_others_are_not(one: str, other: str) -> None:
    assert not are_related(one, other)


def test_small_words_are_no_content() -> None:
    assert content_words("The king’s veto could only delay them") == ("king", "veto", "delay")
    assert not share_a_word("of the king", "the law of the land")


def test_a_plural_shows_at_its_last_word() -> None:
    assert [is_plural(t) for t in ("dot products", "rows of corn", "atlas", "process")] == [
        True,
        False,
        True,
        False,
    ]


def test_acronyms_are_known_by_the_words_before_their_brackets() -> None:
    assert acronyms(["A large language model (LLM) reads.", "The law (2) holds (NATO)."]) == {
        "LLM": "large language model"
    }


def test_a_blank_hides_which_article_fits() -> None:
    assert blanked("It is an autotroph.", 9, 18) == "It is a(n) ___."
    assert blanked("An enzyme works.", 3, 9) == "A(n) ___ works."
    assert blanked("It is the stroma.", 10, 16) == "It is the ___."


def test_what_is_put_in_gets_its_article_and_capital() -> None:
    assert put_in("It is a stroma.", 8, 14, "autotroph") == "It is an autotroph."
    assert put_in("Chlorophyll is green.", 0, 11, "stroma") == "Stroma is green."
    assert put_in("An enzyme works.", 3, 9, "stroma") == "A stroma works."
