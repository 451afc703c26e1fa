import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.faces import face_of, faces_of, lines, spoken


def test_a_card_is_asked_there_and_back() -> None:
    assert faces_of("Right *angle*", "A quarter of a turn,\n$\\frac{\\pi}{2}$.") == (
        (
            "forward",
            "",
            "Right <em>angle</em>",
            'A quarter of a turn,<br><span class="math">\\frac{\\pi}{2}</span>.',
            (),
        ),
        (
            "backward",
            "",
            'A quarter of a turn,<br><span class="math">\\frac{\\pi}{2}</span>.',
            "Right <em>angle</em>",
            ("Right angle",),
        ),
    )


def test_a_cloze_text_has_a_face_for_each_number() -> None:
    text = "A {{c2::right}} angle has {{c1::90::how many?}} degrees & no *more*."
    assert faces_of("Angles", text) == (
        (
            "c1",
            "Angles",
            "A right angle has [how many?] degrees &amp; no <em>more</em>.",
            "A right angle has <strong>90</strong> degrees &amp; no <em>more</em>.",
            ("90",),
        ),
        (
            "c2",
            "Angles",
            "A _____ angle has 90 degrees &amp; no <em>more</em>.",
            "A <strong>right</strong> angle has 90 degrees &amp; no <em>more</em>.",
            ("right",),
        ),
    )


@pytest.mark.parametrize(
    ("text", "front", "back"),
    [
        (
            r"$x = {{c1::\frac{a}{b}}} < 2$",
            r"x = {\boxed{\phantom{xx}}} &lt; 2",
            r"x = {\boxed{\frac{a}{b}}} &lt; 2",
        ),
        (r"$x^{{c1::10::2 & 5}}$", r"x^{\boxed{\text{2 \&amp; 5}}}", r"x^{\boxed{10}}"),
        (r"$\frac{{{c1::a}}}{b}$", r"\frac{{\boxed{\phantom{xx}}}}{b}", r"\frac{{\boxed{a}}}{b}"),
        (r"$a {{c1::<}} {{c2::b}}$", r"a {\boxed{\phantom{xx}}} {b}", r"a {\boxed{&lt;}} {b}"),
    ],
)
def test_a_gap_in_a_formula_leaves_a_formula(text: str, front: str, back: str) -> None:
    face = faces_of("A", text)[0]

    assert face.front == f'<span class="math">{front}</span>'
    assert face.back == f'<span class="math">{back}</span>'


def test_a_formula_in_a_gap_is_a_gap_in_the_text() -> None:
    [face] = faces_of("A", r"In radians {{c1::$\frac{\pi}{2}$}}, or $1$ & {{c1::`<b>`}}.")

    assert face.front == 'In radians _____, or <span class="math">1</span> &amp; _____.'
    assert face.back == (
        r'In radians <strong><span class="math">\frac{\pi}{2}</span></strong>, or '
        '<span class="math">1</span> &amp; <strong><code>&lt;b&gt;</code></strong>.'
    )


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("{{c1::*Right* angle}}", ("Right angle",)),
        ("{{c1::one}} and {{c1::two}}", ()),
        ("{{c1::one}} and {{c1::one}}", ("one",)),
        (r"{{c1::$\pi$}}", ()),
        (r"${{c1::\pi}}$", ()),
        ("${{c1::x^2}}$", ("x^2",)),
        ("{{c1::two\nlines}}", ()),
    ],
)
def test_what_can_be_typed(text: str, typed: tuple[str, ...]) -> None:
    assert faces_of("A", text)[0].typed == typed


def test_a_term_with_its_abbreviation_has_two_names() -> None:
    _, backward = faces_of("Multi-layer Perceptron (MLP)", "A network.")

    assert backward.typed == ("Multi-layer Perceptron (MLP)", "Multi-layer Perceptron", "MLP")


def test_a_face_that_a_card_has_no_longer() -> None:
    forward = face_of("A", "B", "forward")

    assert forward
    assert forward.back == "B"
    assert face_of("A", "B", "c1") is None
    assert face_of("A", "{{c2::B}}", "forward") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (r"*Half* a turn,", "Half a turn,"),
        ("It has $n$ sides & $n < 9$.", "It has n sides & n < 9."),
        (r"It is $\frac{\pi}{2}$.", "It is formula."),
        ("One\ntwo", "One. two"),
    ],
)
def test_a_voice_reads_words(text: str, said: str) -> None:
    assert spoken(lines(text)) == said


def test_a_voice_pauses_at_a_gap() -> None:
    [face] = faces_of("A", "It has {{c1::90}} degrees.")

    assert spoken(face.front) == "It has  …  degrees."


@given(st.text(st.sampled_from("{}c12: \\$*_`a<&\ue000\ue001\n9"), max_size=60))
def test_any_card_is_safe_html_without_marks_of_ours(definition: str) -> None:
    for face in faces_of("A", definition):
        for html in (face.front, face.back):
            assert not {"\ue000", "\ue001"} & set(html)
            assert set(re.findall(r"</?([a-z]+)", html)) <= {
                *("br", "code", "em", "s", "span", "strong")
            }
