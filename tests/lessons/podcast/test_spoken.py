"""What is written is said in words, and stays good to read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.podcast.spoken import spoken, spoken_line


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("A **large** language *model*", "A large language model"),
        ("a model (LLM) that reads", "a model, LLM for short, that reads"),
        ("It is added (its bias, *B up*).", "It is added, its bias, B up."),
        ("See [the docs](https://x.org/a) now", "See the docs now"),
        ("See https://www.example.org/a/b?c=1.", "See example.org."),
        ("Call `W_up` first", "Call W up first"),
        ("fruits, e.g. apples, i.e. food, etc.", "fruits, for example apples, that is food, and so on."),
        ("0.04 % of 40 °C, at 1° or 5°", "0.04 percent of 40 degrees Celsius, at 1 degree or 5 degrees"),
        ("6 CO₂ + 6 H₂O → C₆H₁₂O₆ + 6 O₂", "6 CO2 plus 6 H2O gives C6H12O6 plus 6 O2"),
        ("heat → pressure", "heat leads to pressure"),
        ("NADP⁺ becomes NADPH", "NADP plus becomes NADPH"),
        ("10²¹ and e⁰ and 5² and 10⁻³", "10 to the power of 21 and e to the power of 0 and 5 squared and 10 to the power of minus 3"),
        ("a bias of −1, 2 − 1 = 1", "a bias of minus 1, 2 minus 1 equals 1"),
        ("1/2, 3/4, ½ and 12/60", "one half, three quarters, one half and 12/60"),
        ("18–25 years – or more", "18 to 25 years, or more"),
        ("€5, 1 €, $3 and 2.50 £", "5 euros, 1 euro, 3 dollars and 2.50 pounds"),
        ("3 × 4 ≈ 12, n ≥ 2, x ≤ 3, ±1", "3 times 4 is about 12, n is at least 2, x is at most 3, plus or minus 1"),
        ("salt & pepper, 50 km/h, the λ", "salt and pepper, 50 kilometres per hour, the lambda"),
        ("well 😀 known [2]", "well known"),
        ("ReLU(x) of the word(s)", "ReLU of x of the words"),
    ],
)  # fmt: skip
def test_signs_become_words(markdown: str, said: str) -> None:
    assert spoken_line(markdown) == said


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"a^2 + b^2 = c^2", "a squared plus b squared equals c squared"),
        (r"\frac{1}{\sqrt{n}}", "1 over the square root of n"),
        (r"\frac{1}{2}", "one half"),
        (r"\sum_{i=1}^{n} x_i \le \alpha", "the sum from i equals 1 to n of x sub i is at most alpha"),
        (r"P(A|B) = 0.5", "P of A given B equals 0.5"),
        (r"\hat{y} = W^\top x", "y hat equals W transposed x"),
        (r"e^{-\lambda t}", "e to the power of minus lambda t"),
        (r"\text{loss} \to 0", "loss goes to 0"),
        (r"90^\circ", "90 degrees"),
        (r"\lim_{x\to 0} f(x)", "the limit as x goes to 0 of f of x"),
        (r"\begin{pmatrix} 1 & 0 \end{pmatrix}", "a formula that stands in the notes"),
        ("x_1" * 40, "a formula that stands in the notes"),
    ],
)  # fmt: skip
def test_formulas_become_words(latex: str, said: str) -> None:
    assert spoken(f"${latex}$") == said


def test_another_language_gets_no_english_words() -> None:
    text = r"Das sind $\frac{a}{b} \times \alpha$ (z. B. 5 %), siehe https://www.beispiel.de/x"

    assert spoken_line(text, "de") == "Das sind a/b×α (z. B. 5 %), siehe beispiel.de"


@given(st.text(alphabet=st.sampled_from("ab1 ${}^_\\()|.,°²₂→=+-−/%&[]\n"), max_size=80))
def test_whatever_is_written_can_be_said(text: str) -> None:
    for language in ("en", "de"):
        said = spoken(text, language)

        assert said == " ".join(said.split())


@given(st.recursive(
    st.sampled_from(["x", "2", "n"]),
    lambda part: st.one_of(
        st.tuples(part, part).map(lambda two: rf"\frac{{{two[0]}}}{{{two[1]}}}"),
        st.tuples(part, part).map(lambda two: f"{two[0]}^{{{two[1]}}}"),
        part.map(lambda one: rf"\sqrt{{{one}}}"),
    ),
    max_leaves=6,
))  # fmt: skip
def test_no_sign_of_latex_is_left_of_a_formula(latex: str) -> None:
    assert re.fullmatch(r"[a-z0-9 ]+", spoken(f"${latex}$"))


def test_braces_nested_beyond_reason_do_no_harm() -> None:
    assert spoken("$" + "{" * 300 + "x" + "}" * 300 + "$") == "a formula that stands in the notes"
