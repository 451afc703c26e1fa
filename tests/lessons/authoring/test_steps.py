from lessons.authoring.steps import ordered_steps
from lessons.questions import OrderSteps
from tests.lessons.authoring.conftest import reading_of


def steps_of(notes: str) -> list[tuple[str, ...]]:
    drafts = list(ordered_steps(reading_of(notes)))
    return [draft.item.steps for draft in drafts if isinstance(draft.item, OrderSteps)]


def test_a_numbered_list_gives_its_bold_leads_in_order() -> None:
    notes = "1. **The rows ask.** Each is a query.\n2. **ReLU decides.** It cuts.\n3. **The columns answer.** They add."

    assert steps_of(notes) == [("The rows ask", "ReLU decides", "The columns answer")]


def test_words_that_count_are_taken_off() -> None:
    notes = "1. First, boil water.\n2. Then add tea.\n3. Finally, drink it."

    assert steps_of(notes) == [("Boil water.", "Add tea.", "Drink it.")]


def test_bullets_that_count_themselves_are_steps_too() -> None:
    notes = "- Step 1: Boil water.\n- Step 2: Add tea.\n- Step 3: Drink it."

    assert steps_of(notes) == [("Boil water.", "Add tea.", "Drink it.")]


def test_bullets_below_a_step_do_not_divide_the_list() -> None:
    notes = "1. Boil water.\n   - In a pot.\n2. Add tea.\n3. Drink it."

    assert steps_of(notes) == [("Boil water.", "Add tea.", "Drink it.")]


def test_other_bullets_and_short_or_long_lists_are_no_steps() -> None:
    assert steps_of("- One\n- Two\n- Three") == []
    assert steps_of("1. One\n2. Two") == []
    assert steps_of("\n".join(f"{n}. Step of {n}" for n in range(1, 8))) == []


def test_the_draft_cites_the_whole_list() -> None:
    notes = "Tea:\n\n1. Boil water.\n2. Add tea.\n3. Drink it."
    [draft] = ordered_steps(reading_of(notes))

    assert notes[draft.span.start : draft.span.end] == "Boil water.\n2. Add tea.\n3. Drink it."
    assert draft.asked == "Put these steps in order: Section 1"
