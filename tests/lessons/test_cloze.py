import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.cloze import Gap, asked, cloze_numbers, cloze_problem, gaps, parts, without_braces

SENTENCE = "A {{c1::right}} angle has {{c2::90::how many?}} degrees, {{c1::a quarter}} of a turn."


def test_a_sentence_with_gaps() -> None:
    assert gaps(SENTENCE) == [
        Gap(1, "right", ""),
        Gap(2, "90", "how many?"),
        Gap(1, "a quarter", ""),
    ]
    assert cloze_numbers(SENTENCE) == [1, 2]
    assert without_braces(SENTENCE) == "A right angle has 90 degrees, a quarter of a turn."
    assert asked(SENTENCE, 1) == "A _____ angle has 90 degrees, _____ of a turn."
    assert asked(SENTENCE, 2) == "A right angle has [how many?] degrees, a quarter of a turn."


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        (r"${{c1::\frac{a}{b}}}$", Gap(1, r"\frac{a}{b}", "")),
        (r"{{c1::\frac{a}{b_{2}} + 1}} is it", Gap(1, r"\frac{a}{b_{2}} + 1", "")),
        (r"$\frac{{{c1::a}}}{b}$", Gap(1, "a", "")),
        (r"$x^{{c3::2}}$", Gap(3, "2", "")),
        (r"{{c1::\{1, 2\}::a {set::of} numbers}}", Gap(1, r"\{1, 2\}", "a {set::of} numbers")),
        ("{{c1::std::vector::C++}}", Gap(1, "std", "vector::C++")),
        ("{ and {{c9::two\nlines}} :}", Gap(9, "two\nlines", "")),
    ],
)
def test_braces_within_a_gap_come_in_pairs(text: str, gap: Gap) -> None:
    assert gaps(text) == [gap]
    assert cloze_problem(text) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{c1:90}}", "Write a gap as {{c1::hidden words}}, with a number from 1 to 9."),
        ("{{C1::90}}", "Write a gap as {{c1::hidden words}}, with a number from 1 to 9."),
        ("{{c0::90}}", "Write a gap as {{c1::hidden words}}, with a number from 1 to 9."),
        ("{{c12::90}}", "Write a gap as {{c1::hidden words}}, with a number from 1 to 9."),
        ("{{c::90}}", "Write a gap as {{c1::hidden words}}, with a number from 1 to 9."),
        ("{{c1:: }}", "A gap needs words to hide, such as {{c1::hidden words}}."),
        ("{{c1::::hint}}", "A gap needs words to hide, such as {{c1::hidden words}}."),
        (
            "{{c1::a {{c2::b}} c}}",
            "No gap stands inside another: close the first with }} before the next.",
        ),
        (
            "{{c1::90} degrees",
            "A gap isn’t closed: end it with }}. Braces inside it come in pairs; a single one is "
            "written \\{ or \\}.",
        ),
        (
            "{{c1::a } b}}",
            "A gap isn’t closed: end it with }}. Braces inside it come in pairs; a single one is "
            "written \\{ or \\}.",
        ),
    ],
)
def test_what_is_wrong_with_a_gap(text: str, problem: str) -> None:
    assert cloze_problem(text) == problem


@pytest.mark.parametrize("text", ["A turn.", r"$x^{{c}}$", "{{name}}", "}} {{", "{{cat}}"])
def test_other_braces_are_no_gaps(text: str) -> None:
    assert [gaps(text), cloze_problem(text), without_braces(text)] == [[], None, text]


words = st.text(st.characters(exclude_characters="{}\\:", exclude_categories=["Cs"]), min_size=1)
in_pairs = st.recursive(words, lambda inner: inner.map("{{{}}}".format), max_leaves=4)
written = st.builds(Gap, st.integers(1, 9), in_pairs, words | st.just(""))


@given(st.lists(words | written, max_size=8))
def test_what_is_written_is_read(told: list[str | Gap]) -> None:
    text = "".join(
        f"{{{{c{p.number}::{p.text}{f'::{p.hint}' if p.hint else ''}}}}}"
        if isinstance(p, Gap)
        else p
        for p in told
    )

    assert gaps(text) == [part for part in told if isinstance(part, Gap)]
    assert without_braces(text) == "".join(p.text if isinstance(p, Gap) else p for p in told)


@given(st.text(st.sampled_from("{}c1: \\a\n"), max_size=60))
def test_nothing_of_any_text_gets_lost(text: str) -> None:
    again = "".join(
        part
        if isinstance(part, str)
        else f"{{{{c{part.number}::{part.text}"
        # An empty hint may have been written or not.
        + (f"::{part.hint}" if part.hint else "")
        + "}}"
        for part in parts(text)
    )
    assert again.replace("::}}", "}}") == text.replace("::}}", "}}")
    assert len(gaps(text)) == len(gaps(again))


@pytest.mark.parametrize("piece", ["{{c1::", "{{c1::a}}", "{", "{{c1::a}", "}}", "::", "\\"])
def test_a_huge_text_takes_no_longer_than_its_length(piece: str) -> None:
    started = time.process_time()
    cloze_problem(piece * (1_000_000 // len(piece)))
    # About two seconds on a slow machine; with a look back for each brace it would be an hour.
    assert time.process_time() - started < 30
