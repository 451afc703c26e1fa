from lessons.authoring.distractors import Pool
from lessons.authoring.draft import Draft
from lessons.authoring.gaps import Gap, chosen, cloze_card, gaps, typed, years_of
from lessons.authoring.reading import Reading
from lessons.authoring.terms import terms
from lessons.drafts import CardDraft
from lessons.questions import SingleChoice, TypedNumber, TypedText
from tests.lessons.authoring.conftest import reading_of


def gaps_of(reading: Reading) -> dict[str, Gap]:
    return {gap.answer: gap for gap in gaps(reading, terms(reading))}


def asked(*notes: str) -> dict[str, Gap]:
    return gaps_of(reading_of(*notes))


def test_a_gap_takes_the_term_out_of_its_sentence() -> None:
    gap = asked("The fluid around all the sacs is the **stroma**.")["stroma"]

    assert gap.prompt == "The fluid around all the sacs is the ___."


def test_an_answer_that_stands_elsewhere_in_the_prompt_is_not_asked_for() -> None:
    found = asked("The **stroma** of a leaf holds sugar, and the stroma of algae holds starch.")

    assert "stroma" not in found


def test_neither_is_one_whose_acronym_or_long_form_stands_there() -> None:
    found = asked("A large language model (LLM) reads text, and each **LLM** predicts words.")

    assert {"LLM", "large language model"} & set(found) == set()


def test_the_acronym_behind_the_gap_goes_with_it() -> None:
    found = asked(
        "People tune it by **reinforcement learning** (RL) with human feedback in large models."
    )
    gap = found["reinforcement learning"]

    assert "RL" not in gap.prompt


def test_numbers_are_asked_for_but_no_days_ranges_or_formulas() -> None:
    found = asked(
        "The abbey was burnt by angry peasants in 1789.",
        "Between the walls it is 18 to 25 metres wide.",
        "On 17 June the Third Estate met in the great hall.",
        "Plants turn 6 CO₂ and water into sugar and oxygen.",
    )

    assert [text for text in found if text[0].isdigit()] == ["1789"]


def test_one_of_several_is_worth_less() -> None:
    found = asked(
        "Deep in the cell, chlorophyll needs **magnesium** and **nitrogen** but no **iron**."
    )

    assert found["magnesium"].score < found["iron"].score
    assert found["nitrogen"].score < found["iron"].score


def draft_of(gap: Gap, reading: Reading) -> Draft:
    draft = typed(gap, reading)
    assert draft
    return draft


def test_a_word_is_typed_in_singular_or_plural() -> None:
    reading = reading_of("Flattened sacs inside of every leaf are the **thylakoids**.")
    question = draft_of(gaps_of(reading)["thylakoids"], reading).item

    assert isinstance(question, TypedText)
    assert question.accepted == ("thylakoids", "thylakoid")
    assert question.note == "Flattened sacs inside of every leaf are the thylakoids."


def test_an_exact_number_is_typed_and_a_rough_one_only_chosen() -> None:
    reading = reading_of(
        "Old provinces were replaced by 83 departments.",
        "The army had some 800,000 brave soldiers.",
    )
    found = gaps_of(reading)
    exact = draft_of(found["83"], reading).item

    assert isinstance(exact, TypedNumber)
    assert exact.right == 83
    assert typed(found["800,000"], reading) is None


def test_a_choice_has_three_wrong_terms_none_of_which_stands_beside_the_answer() -> None:
    reading = reading_of(
        "The fluid around all the sacs is the **stroma**. It is not the **plasma**.",
        "The **granum** is a stack, the **nucleus** is a body, the **vacuole** is a store.",
    )
    found = terms(reading)
    draft = chosen(gaps_of(reading)["stroma"], reading, Pool(found), [])

    assert draft
    assert isinstance(draft.item, SingleChoice)
    assert draft.item.options[draft.item.right] == "stroma"
    assert sorted(draft.item.options) == ["granum", "nucleus", "stroma", "vacuole"]


def test_the_options_of_a_number_stand_in_order() -> None:
    reading = reading_of("The king fled in June 1791. The war began in 1792. He was tried in 1793.")
    draft = chosen(gaps_of(reading)["1791"], reading, Pool(()), years_of(reading))

    assert draft
    assert isinstance(draft.item, SingleChoice)
    assert draft.item.options == ("1788", "1791", "1792", "1793")
    assert draft.item.right == 1


def test_a_cloze_card_hides_two_terms_one_at_a_time() -> None:
    found = asked("Electrons of **chlorophyll** are lifted in the deep **thylakoid** by light.")
    card = cloze_card(list(found.values())).item

    assert isinstance(card, CardDraft)
    assert card.term == "Section 1"
    assert card.definition == (
        "Electrons of {{c1::chlorophyll}} are lifted in the deep {{c2::thylakoid}} by light."
    )


def test_signs_of_markdown_in_the_notes_are_signs_in_the_prompt() -> None:
    gap = asked("The product 2 \\* 3 of both numbers is called the **outcome**.")["outcome"]

    assert (
        draft_of(gap, reading_of("")).asked
        == "The product 2 \\* 3 of both numbers is called the ___."
    )
