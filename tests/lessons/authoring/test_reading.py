"""A sentence that leans on others brings them along, or isn't used."""

from tests.lessons.authoring.conftest import reading_of


def test_a_sentence_that_stands_alone_needs_nothing_before_it() -> None:
    first, second = reading_of("The stroma is a fluid. Thylakoids are sacs.").statements

    assert (first.before, second.before) == ("", "")


def test_one_that_points_back_brings_what_it_points_to() -> None:
    notes = "The king fled in June. At Varennes they stopped him. After that few trusted him."

    assert [s.before for s in reading_of(notes).statements] == [
        "",
        "The king fled in June.",
        "The king fled in June. At Varennes they stopped him.",
    ]


def test_an_item_that_begins_with_it_takes_up_how_the_last_item_began() -> None:
    notes = "- The Directory took power. Five men led.\n- It was weak."

    assert reading_of(notes).statements[-1].before == "The Directory took power."


def test_one_that_points_to_nowhere_is_not_clear() -> None:
    statements = reading_of("It was weak.", "Much of that knowledge sits in the layers.").statements

    assert [s.is_clear for s in statements] == [False, False]


def test_what_leans_on_something_unclear_is_unclear_itself() -> None:
    statements = reading_of("It was weak. So it fell. Rome was strong. It stood.").statements

    assert [s.is_clear for s in statements] == [False, False, True, True]


def test_a_bold_sentence_leads_and_is_no_context() -> None:
    lead, said = reading_of("1. **The rows ask.** The vector meets them.").statements

    assert (lead.is_lead, said.is_lead, said.before) == (True, False, "")


def test_each_knows_its_section_and_its_span() -> None:
    _, second = reading_of("One thing is here.", "- The **second** thing is there.").statements

    assert second.section == "Section 2"
    assert second.span == ("section", 1, 2, 32)
