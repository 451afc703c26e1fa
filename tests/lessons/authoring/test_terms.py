"""What is worth asking for, and why."""

import pytest

from lessons.authoring import phrases
from lessons.authoring.reading import read
from lessons.authoring.terms import Term, terms
from tests.lessons.authoring.conftest import lesson_from, reading_of


def found(*notes: str, language: str = "en") -> dict[str, Term]:
    return {term.text: term for term in terms(reading_of(*notes, language=language))}


def test_what_the_author_marks_is_a_term_wherever_it_stands() -> None:
    term = found("The **stroma** is a fluid. Sugar is built in the stroma.")["stroma"]

    assert term.reasons >= {"marked", "defined"}
    assert [mention.statement for mention in term.mentions] == [0, 1]


def test_a_flashcard_makes_its_term_and_its_acronym_terms() -> None:
    lesson = lesson_from(
        "An LLM reads tokens.", cards={"Large Language Model (LLM)": "Predicts words."}
    )

    assert "glossary" in {t.text: t for t in terms(read(lesson))}["LLM"].reasons


def test_names_acronyms_and_hyphenated_names_are_seen_by_their_looks() -> None:
    terms_by_text = found(
        "Half a year later the Committee of Public Safety fell.",
        "Here the enzyme RuBisCO works, in models like GPT-3.",
        "With the Johnson-Lindenstrauss lemma all is clear.",
    )

    assert "name" in terms_by_text["Committee of Public Safety"].reasons
    assert "acronym" in terms_by_text["RuBisCO"].reasons
    assert "acronym" in terms_by_text["GPT-3"].reasons
    assert "hyphenated" in terms_by_text["Johnson-Lindenstrauss"].reasons


def test_adjectives_and_months_are_no_terms() -> None:
    texts = found("In the spring a non-linear function came in March with American rebels.")

    assert {"non-linear", "March", "American"} & set(texts) == set()


def test_two_capitals_at_the_beginning_are_a_name_and_one_is_none() -> None:
    texts = found("Alfred Wegener proposed it. Magma rises. The sum $A B$ is one.")

    assert "name" in texts["Alfred Wegener"].reasons
    assert "Wegener" not in texts
    assert not any(
        "name" in term.reasons for text, term in texts.items() if text != "Alfred Wegener"
    )


def test_in_german_a_capital_letter_makes_no_name() -> None:
    texts = found(
        "Damals stürmte eine Menge aus Paris die **Bastille** und das Schloss.", language="de"
    )

    assert list(texts) == ["Bastille"]


def test_a_term_is_written_as_inside_a_sentence() -> None:
    terms_by_text = found("**Chlorophyll** is green. **Valmy** was a battle. All went to Valmy.")

    assert set(terms_by_text) >= {"chlorophyll", "Valmy"}


def test_part_of_a_name_is_no_term_beside_the_whole() -> None:
    texts = found("Then came the general **Napoleon Bonaparte** to Paris.")

    assert "Napoleon Bonaparte" in texts
    assert {"Napoleon", "Bonaparte"} & set(texts) == set()


def test_noun_phrases_lose_article_and_quantity() -> None:
    texts = found("At the centre of each molecule sits an ion of magnesium with many electrons.")

    assert set(texts) >= {"magnesium", "electrons"}


def test_without_spacy_single_nouns_are_still_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "PACKAGE", "a_package_that_nobody_has")
    phrases._model.cache_clear()
    try:
        texts = found("At the centre of each molecule sits an ion of magnesium.")
    finally:
        phrases._model.cache_clear()

    assert set(texts) == {"magnesium"}


def test_the_lessons_own_title_is_worth_less() -> None:
    reading = reading_of("The **lesson** is a **stroma** of its own.")
    worth = {term.text: term.worth for term in terms(reading)}

    assert worth["lesson"] < worth["stroma"]


def test_rare_words_come_before_common_ones() -> None:
    reading = reading_of("It was found in the bread of Rome. It was found in the veto of Rome.")
    first = [t.text for t in terms(reading, rarity=lambda word: float(word == "veto"))]
    other = [t.text for t in terms(reading, rarity=lambda word: float(word == "bread"))]

    assert first.index("veto") < first.index("bread")
    assert other.index("bread") < other.index("veto")
