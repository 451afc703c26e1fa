"""Words as they are compared."""

import pytest

from lessons.tutor.words import Words, acronyms, rarity, words


def test_words_are_in_lower_case_and_signs_are_none() -> None:
    assert words("CO₂ “Übung”, 17,000 men; the king’s don’t") == [
        "co2",
        "übung",
        "17,000",
        "men",
        "the",
        "king's",
        "don't",
    ]


def test_a_french_article_is_no_part_of_the_word() -> None:
    assert words("l’État, d’abord") == ["état", "abord"]


def test_signs_without_spaces_between_are_words() -> None:
    assert words("GPT模型") == ["gpt", "模", "型"]


def test_terms_are_stems_of_what_carries_content() -> None:
    assert Words("en").terms("What do the king’s optimised vectors mean?") == [
        "king",
        "optimis",
        "vector",
    ]


@pytest.mark.parametrize(
    ("language", "text", "terms"),
    [
        ("de", "Die Zellen der Pflanzen", ["zell", "pflanz"]),
        ("fr", "les feuilles de la plante", ["feuill", "plant"]),
        ("en-GB", "the leaves", ["leav"]),
        ("pl", "liście rośliny", ["liście", "rośliny"]),
    ],
)
def test_each_language_has_its_own_stems(language: str, text: str, terms: list[str]) -> None:
    assert Words(language).terms(text) == terms


def test_rare_words_are_told_from_common_ones() -> None:
    assert rarity("the") == 0
    assert 0.5 < rarity("king") < rarity("metal") < rarity("greenhouse") < 1
    assert rarity("mitosis") == 1


def test_an_acronym_is_what_its_letters_say() -> None:
    texts = [
        "A large language model (LLM) predicts.",
        "The multi-layer perceptrons (MLPs) store facts.",
        "In the year (AD) it was so (really).",
    ]

    assert acronyms(texts) == [("llm", "large language model"), ("mlp", "multi layer perceptrons")]
