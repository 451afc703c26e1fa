"""Notes in which every sentence that may be cited can be found."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.drafts import LessonDraft, SectionDraft
from lessons.markdown import rendered
from lessons.tutor.marked import marked_notes
from lessons.tutor.passages import passages

OPENING = "Whatever is first has many words."
"""Fewer would be a title that stays with what follows."""
MARK = re.compile(r'<span data-(?:from|to)="\d+"></span>')


def lesson(notes: str) -> LessonDraft:
    return LessonDraft(slug="x", title="X", sections=(SectionDraft(title="Notes", notes=notes),))


def marked(notes: str) -> str:
    [html] = marked_notes(lesson(notes), below=2)
    return html


def between_marks(notes: str) -> list[str]:
    """What a page lights up for each sentence of the notes, without tags."""
    draft, html = lesson(notes), marked(notes)
    found = []
    for passage in passages(draft):
        for _, span in passage.sentences:
            start = html.index(mark := f'<span data-from="{span.start}"></span>') + len(mark)
            end = html.index(f'<span data-to="{span.end}"></span>')
            found.append(re.sub(r"<[^>]*>", "", html[start:end]))
    return found


@pytest.mark.parametrize(
    ("notes", "sentences"),
    [
        (f"{OPENING} Two.", [OPENING, "Two."]),
        (
            "- **Bold starts.** It goes *on so. Then* ends.",
            ["Bold starts. It goes on so.", "Then ends."],
        ),
        (
            'In this see [a long link. Really](https://x.org/ "A title. B") now.',
            ["In this see a long link.", "Really now."],
        ),
        (f"{OPENING} A set $a. B$ here. The end.", [OPENING, "A set a. B here.", "The end."]),
        (r"\*Escaped and `coded`.", ["*Escaped and coded."]),
        (r"**\*E** ends.", ["*E ends."]),
        ("So\n\n$$\nE = mc^2\n$$\n\nit is.", ["So", "E = mc^2", "it is."]),
        ("- item\n  $$\n  z\n  $$", ["itemz"]),
        (f"| a | b |\n|---|---|\n| {OPENING} Two | **3** |", ["a\nb", OPENING, "Two\n3"]),
        (f"```\n{OPENING} Y\n```", [OPENING, "Y"]),
        (f"> {OPENING} So <b>they</b> say.", [OPENING, "So &lt;b&gt;they&lt;/b&gt; say."]),
    ],
)
def test_what_stands_between_its_marks_is_the_sentence(notes: str, sentences: list[str]) -> None:
    assert between_marks(notes) == sentences


def test_marks_stand_outside_of_formulas_and_tags() -> None:
    assert marked("$a. B$ ![An image of two. One is](/media/a.webp)") == (
        '<p><span data-from="0"></span><span class="math">a. B</span> <span data-from="26"></span>'
        '<img src="/media/a.webp" alt="An image of two. One is"><span data-to="25"></span>'
        '<span data-to="32"></span></p>\n'
    )


def test_letters_that_nobody_writes_are_no_marks() -> None:
    assert marked("A\U000f0000 b\U00100000.") == (
        '<p><span data-from="0"></span>A\ufffd b\ufffd.<span data-to="6"></span></p>\n'
    )


@given(
    st.text(alphabet="ab A.1 \n\t*_`~$\\[]()!>-#|{}<&“é\U000f0001", max_size=120)
    | st.lists(
        st.sampled_from(["- a. B", "  - b", "1. c", "> d", "```", "$$", "| e |", "|-|", "", "$x$"])
    ).map("\n".join)
)
def test_whatever_is_written_the_notes_stay_as_they_are(notes: str) -> None:
    [html] = marked_notes(draft := lesson(notes), below=2)
    written = re.sub("[\U000f0000-\U0010ffff]", "\ufffd", draft.sections[0].notes)

    assert MARK.sub("", html) == rendered(written, below=2)
