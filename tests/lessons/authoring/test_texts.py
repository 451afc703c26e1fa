"""A sentence knows its words without Markdown, and where they stand with it."""

import html
import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lessons.authoring.texts import Marked, as_markdown, blocks, plain_line
from lessons.markdown import inline


def test_a_sentence_is_plain_and_cites_the_notes_it_was_taken_from() -> None:
    notes = "- The **stroma** is a fluid. Here *sugar* is\n  built.\n- A [leaf](http://leaf.example) is green."

    sentences = [sentence for block in blocks(notes) for sentence in block.sentences]

    assert [(s.text, notes[s.start : s.end]) for s in sentences] == [
        ("The stroma is a fluid.", "The **stroma** is a fluid."),
        ("Here sugar is built.", "Here *sugar* is\n  built."),
        ("A leaf is green.", "A [leaf](http://leaf.example) is green."),
    ]
    assert [s.marked for s in sentences] == [(Marked(4, 10),), (Marked(5, 10),), ()]


def test_abbreviations_decimals_and_dates_end_no_sentence() -> None:
    [block] = blocks(
        "Air, e.g. Ours, holds 0.04 % of it. See Fig. A for more. Es geschah am 3. Mai dort."
    )

    assert [sentence.text for sentence in block.sentences] == [
        "Air, e.g. Ours, holds 0.04 % of it.",
        "See Fig. A for more.",
        "Es geschah am 3. Mai dort.",
    ]


def test_items_of_a_numbered_list_belong_together() -> None:
    notes = "1. One\n2. Two\n\n   more of two\n\n- dot\n\n1. Other"

    assert [(b.text, b.list_number, b.is_below) for b in blocks(notes)] == [
        ("One", 0, False),
        ("Two", 0, False),
        ("more of two", 0, True),
        ("dot", None, False),
        ("Other", 1, False),
    ]


def test_a_table_gives_rows_without_its_head_and_code_gives_nothing() -> None:
    notes = "# Heading\n\n| Term | Meaning |\n|---|---|\n| **Stroma** | A fluid |\n\n```\ncode\n```"

    assert [(b.text, b.cells) for b in blocks(notes)] == [
        ("Stroma: A fluid", ("Stroma", "A fluid"))
    ]


def test_formulas_stay_and_prices_are_none() -> None:
    [block] = blocks("The sum $a_1 * b_1$ costs $5 and $6.")

    assert block.text == "The sum $a_1 * b_1$ costs $5 and $6."


def test_marks_that_stand_alone_are_signs() -> None:
    assert plain_line("2 * 3 is snake_case and \\*so\\* on") == "2 * 3 is snake_case and *so* on"


@given(st.text(alphabet="ab *_`~\\$.", max_size=40))
def test_text_without_formulas_comes_out_of_markdown_as_it_went_in(text: str) -> None:
    text = " ".join(text.replace("$", "").split())
    shown = re.sub("<[^>]*>", "", inline(as_markdown(text)))

    assert html.unescape(shown) == text


@given(st.text(alphabet="aB1 .*_`[]()|#->\n$\\", max_size=200))
def test_every_sentence_of_any_text_stands_in_it_in_order(notes: str) -> None:
    sentences = [sentence for block in blocks(notes) for sentence in block.sentences]

    assert all(0 <= s.start < s.end <= len(notes) for s in sentences)
    assert all(a.start <= b.start for a, b in pairwise(sentences))
