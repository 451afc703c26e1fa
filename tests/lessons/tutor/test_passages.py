"""A lesson's passages, and where in its Markdown each sentence stands."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.drafts import CardDraft, LessonDraft, QuestionDraft, SectionDraft
from lessons.questions import SingleChoice, TypedText
from lessons.tutor.passages import Passage, passages


def test_each_item_is_a_passage_of_sentences_under_its_heading() -> None:
    notes = "- A **right angle** is a quarter\n  of a turn. It has 90 degrees.\n- Obtuse is more."

    assert read(notes) == [
        ["A right angle is a quarter of a turn.", "It has 90 degrees."],
        ["Obtuse is more."],
    ]
    assert [(p.heading, p.section, p.item) for p in passages(lesson(notes))] == [
        ("Angles", "Angles", 0),
        ("Angles", "Angles", 1),
    ]


def test_a_sentence_knows_where_it_stands_in_the_markdown() -> None:
    notes = "- A **right angle** is a quarter\n  of a turn. It has *90* degrees."
    sentences = passages(lesson(notes))[0].sentences

    assert [notes[s.span.start : s.span.end] for s in sentences] == [
        "A **right angle** is a quarter\n  of a turn.",
        "It has *90* degrees.",
    ]


@pytest.mark.parametrize("name", ["sample", "photosynthesis", "revolution"])
def test_every_sentence_of_a_whole_lesson_is_where_it_says(
    name: str, request: pytest.FixtureRequest
) -> None:
    draft: LessonDraft = request.getfixturevalue(name)
    texts = {
        "section": [section.notes for section in draft.sections],
        "flashcard": [card.definition for card in draft.flashcards],
        "question": [question.question.note for question in draft.questions],
    }
    read_so_far = [s for passage in passages(draft) for s in passage.sentences]

    assert len(read_so_far) > 80
    for text, span in read_so_far:
        written = texts[span.of][span.place][span.start : span.end]
        assert "".join(written.replace("*", "").split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("notes", "told"),
    [
        ("See [the **book**](https://example.org/a_b) now.", "See the book now."),
        (r"It is 5 \* 3 and snake_case_name.", "It is 5 * 3 and snake_case_name."),
        ("The width is $1/\\sqrt{n}$ here.", "The width is $1/\\sqrt{n}$ here."),
        ("Run `play` and ~~stop~~ go.", "Run play and stop go."),
        ("> Quoted\n> words.", "Quoted words."),
        ("It had not met since\n1614. But now it does.", "It had not met since 1614."),
        ("```\nx = 1\n```", "x = 1"),
    ],
)
def test_marks_are_no_words(notes: str, told: str) -> None:
    assert read(notes)[0][0] == told


def test_abbreviations_and_numbers_end_no_sentence() -> None:
    notes = "Some, e.g. Dr. Ada, say 3.5 is near. “Is it so?” asks No. 7. Yes, it surely is."

    assert read(notes) == [
        ["Some, e.g. Dr. Ada, say 3.5 is near.", "“Is it so?” asks No. 7.", "Yes, it surely is."]
    ]


def test_a_title_in_front_stays_with_its_sentence() -> None:
    assert read("- **The rows ask.** Each row is a query for a feature.") == [
        ["The rows ask. Each row is a query for a feature."]
    ]


def test_words_before_a_list_lead_its_items() -> None:
    notes = "There are three angles:\n\n- acute, below 90\n- obtuse, above\n\nAnd a turn is whole."

    assert [p.lead for p in passages(lesson(notes))] == [
        "",
        "There are three angles:",
        "There are three angles:",
        "",
    ]


def test_items_inside_an_item_are_led_by_it() -> None:
    notes = "- Kinds of angle\n  - acute ones\n  - obtuse ones\n- Turns"

    assert [p.lead for p in passages(lesson(notes))] == ["", "Kinds of angle", "Kinds of angle", ""]


def test_a_formula_on_lines_of_its_own_is_one_in_a_line_and_is_never_cut() -> None:
    notes = "Energy and mass are the same:\n\n$$\nE = mc^2. X\n$$\n\nSo said he, $a. B$ too."

    assert [p.text for p in passages(lesson(notes))] == [
        "Energy and mass are the same:",
        "$E = mc^2. X$",
        "So said he, $a. B$ too.",
    ]
    assert [len(p.sentences) for p in passages(lesson(notes))] == [1, 1, 1]


def test_numbered_items_are_steps() -> None:
    leads = [p.lead for p in passages(lesson("1. Draw it now.\n2. Measure it.\n3. Write it down."))]

    assert leads == [
        "Step 1, the first step",
        "Step 2, the second step",
        "Step 3, the third step, the last step",
    ]


def test_a_heading_leads_what_follows_and_a_row_is_a_passage() -> None:
    notes = "### Sizes\n\n| angle | degrees |\n|---|---|\n| right | 90 |\n"
    found = passages(lesson(notes))

    assert [(p.lead, p.text) for p in found] == [
        ("Sizes", "angle | degrees"),
        ("Sizes", "right | 90"),
    ]


def test_flashcards_and_notes_of_questions_are_passages_too() -> None:
    draft = LessonDraft(
        slug="angles",
        title="Angles",
        sections=(SectionDraft(title="Angles"),),
        questions=(
            QuestionDraft(
                question=SingleChoice(
                    prompt="Which is right?",
                    options=("80°", "90°"),
                    right=1,
                    note="A quarter of 360°.",
                ),
                section="Angles",
            ),
            QuestionDraft(
                question=TypedText(prompt="It has ___ degrees.", accepted=("90", "ninety"))
            ),
        ),
        flashcards=(
            CardDraft(term="Right angle", definition="A quarter of a turn.", section="Angles"),
            CardDraft(term="Degrees", definition="A turn has {{c1::360}} of them."),
        ),
    )

    assert [(p.of, p.heading, p.text, p.section) for p in passages(draft)] == [
        ("flashcard", "Right angle", "A quarter of a turn.", "Angles"),
        ("flashcard", "Degrees", "A turn has 360 of them.", None),
        ("question", "Which is right? 90°", "A quarter of 360°.", "Angles"),
        # The second question has no note, so there is nothing to cite.
    ]


@given(
    st.text(alphabet="ab A.1 \n\t*_`~$\\[]()!>-#|{}“”é漢", max_size=120)
    | st.lists(
        st.sampled_from(["- a", "  - b", "1. c", "> d", "```", "$$", "| e |", "|-|", ""])
    ).map("\n".join)
)
def test_whatever_is_written_each_sentence_is_where_it_says(notes: str) -> None:
    draft = lesson(notes)
    for passage in passages(draft):
        for text, span in passage.sentences:
            written = iter(draft.sections[0].notes[span.start : span.end])
            assert text.strip()
            # Its letters stand there in this order, with marks and addresses between.
            assert all(letter in written for letter in text if letter != " ")


def test_a_row_of_brackets_takes_no_time() -> None:
    started = time.monotonic()
    read("](" * 20_000 + " and words")

    assert time.monotonic() - started < 10


def test_an_empty_lesson_has_none() -> None:
    assert passages(LessonDraft(slug="empty", title="Empty")) == ()
    assert passages(lesson("---\n\n![](x.png)")) == ()


def lesson(notes: str) -> LessonDraft:
    return LessonDraft(
        slug="angles", title="Turns", sections=(SectionDraft(title="Angles", notes=notes),)
    )


def read(notes: str) -> list[list[str]]:
    found: tuple[Passage, ...] = passages(lesson(notes))
    return [[sentence.text for sentence in passage.sentences] for passage in found]
