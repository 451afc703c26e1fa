import pytest

from lessons.authoring.definitions import cards, definitions, questions
from lessons.authoring.reading import read
from lessons.authoring.terms import terms
from lessons.drafts import CardDraft
from lessons.questions import SingleChoice, TypedText
from tests.lessons.authoring.conftest import lesson_from


def told(*notes: str, given: dict[str, str] | None = None) -> dict[str, str]:
    reading = read(lesson_from(*notes, cards=given))
    return {one.term: one.text for one in definitions(reading, terms(reading))}


@pytest.mark.parametrize(
    ("notes", "term", "text"),
    [
        ("**Superposition** is the idea that features share room.", "Superposition", "The idea that features share room."),
        ("The fluid around the sacs is the **stroma**.", "Stroma", "The fluid around the sacs."),
        ("An enzyme joins CO₂ to **RuBP**, a sugar with five carbon atoms.", "RuBP", "A sugar with five carbon atoms."),
        ("Training rests on **backpropagation**, which tells each weight how to change.", "Backpropagation", "It tells each weight how to change."),
        ("Hyperinflation means that prices rise by half each month.", "Hyperinflation", "Prices rise by half each month."),
        ("Inflation is a rise of prices over time.", "Inflation", "A rise of prices over time."),
        ("- **Osmosis**: the flow of water through a membrane", "Osmosis", "The flow of water through a membrane."),
        ("| Word | Meaning |\n|---|---|\n| Osmosis | the flow of water |", "Osmosis", "The flow of water"),
    ],
)  # fmt: skip
def test_notes_define_in_many_ways(notes: str, term: str, text: str) -> None:
    assert told(notes)[term] == text


@pytest.mark.parametrize(
    "notes",
    [
        "The rulers were the **clergy**, the nobility and everybody else.",
        "Armed Parisians, the **sans-culottes** among them, stormed the palace.",
        "A thing that makes food in this way is an **autotroph**.",
        "**Photosynthesis** is the synthesis that photosynthesis does.",
    ],
)
def test_what_only_looks_like_a_definition_is_none(notes: str) -> None:
    assert told(notes) == {}


def test_a_flashcard_comes_before_the_notes_and_is_not_made_again() -> None:
    reading = read(
        lesson_from(
            "**Stroma** is the fluid of a leaf.", cards={"Stroma": "What surrounds the sacs."}
        )
    )
    found = definitions(reading, terms(reading))

    assert [one.text for one in found] == ["What surrounds the sacs."]
    assert list(cards(found)) == []


def test_a_definition_of_the_notes_becomes_a_card_that_cites_them() -> None:
    reading = read(lesson_from("- The **stroma** is the fluid of a leaf."))
    [draft] = cards(definitions(reading, terms(reading)))

    assert draft.item == CardDraft(
        term="Stroma", definition="The fluid of a leaf.", section="Section 1"
    )
    assert draft.span == ("section", 0, 2, 40)
    assert draft.sentence == "The stroma is the fluid of a leaf."


FOUR = {
    "Stroma": "What surrounds the sacs.",
    "Granum": "A stack like coins.",
    "Nucleus": "Where the genes are.",
    "Vacuole": "A store for water (see granum).",
}


def test_terms_and_definitions_are_matched_both_ways() -> None:
    reading = read(lesson_from("", cards=FOUR))
    by_prompt = {
        (draft.kind, draft.asked): draft.item
        for draft in questions(definitions(reading, terms(reading)))
    }

    typed = by_prompt["typed_text", "Which term means this? Where the genes are."]
    assert isinstance(typed, TypedText)
    assert typed.accepted == ("Nucleus",)
    term = by_prompt["single_choice", "Which term means this? Where the genes are."]
    assert isinstance(term, SingleChoice)
    assert term.options[term.right] == "Nucleus"
    assert sorted(term.options) == sorted(FOUR)
    text = by_prompt["single_choice", "What does “Nucleus” mean?"]
    assert isinstance(text, SingleChoice)
    assert text.options[text.right] == "Where the genes are."
    assert sorted(text.options) == sorted(FOUR.values())


def test_what_is_true_of_others_too_is_no_definition_to_ask_by() -> None:
    notes = "What the leaf hands on is **ATP**, which carries energy to the dark."
    reading = read(lesson_from(notes))
    found = definitions(reading, terms(reading))

    assert [one.text for one in found] == ["It carries energy to the dark."]
    assert list(questions(found)) == []


def test_a_definition_that_names_another_term_is_no_wrong_answer_for_it() -> None:
    reading = read(lesson_from("", cards=FOUR))
    asked = [draft.asked for draft in questions(definitions(reading, terms(reading)))]

    # Only two others are left for it.
    assert "What does “Granum” mean?" not in asked


def test_a_definition_that_tells_its_term_is_not_asked_for_it() -> None:
    reading = read(
        lesson_from("", cards=FOUR | {"Limiting factor": "The factor that limits most."})
    )
    asked = [draft.asked for draft in questions(definitions(reading, terms(reading)))]

    assert not any("limits most" in prompt for prompt in asked)
