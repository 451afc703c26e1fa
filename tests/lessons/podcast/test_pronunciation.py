"""What is written stays; what is spoken is what a teacher would say."""

import pytest

from lessons.podcast.pronunciation import pronounced, read_table


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("MLPs use ReLU; an MLP’s ReLUs.", "M-L-P's use ray-loo; an M-L-P's ray-loo's."),
        ("GPT-3, an LLM (AI).", "G-P-T-3, an L-L-M (A-I)."),
        ("Superposition, and superpositions.", "Super position, and super position's."),
        ("The Johnson-Lindenstrauss lemma", "The Johnson Linden Strauss lemma"),
        ("Yann LeCun’s net", "Yonn luh-kuhn's net"),
        ("Soft-max, not softmaxed.", "Soft-max, not softmaxed."),
        ("World War II, part IV, but IV first.", "World War 2, part 4, but I-V first."),
        ("do NOT use THIS", "do not use this"),
        ("ROMAN LETTERS", "ROMAN LETTERS"),
        ("e.g. x, i.e. y vs. z", "for example x, that is y versus z"),
        ("12,288 = 3 × 4096", "12,288 equals 3 times 4096"),
        ("10⁶ ≈ 2^20, x² and y³", "10 to the 6 about 2 to the 20, x squared and y cubed"),
        ("−3, -4 and 5 − 4; well-known", "minus 3, minus 4 and 5 minus 4; well-known"),
        ("88 % ± 2%, 90°", "88 percent plus or minus 2 percent, 90 degrees"),
        ("1–2, 1/2, ~3, No. 4. No. Five.", "1 to 2, 1 over 2, about 3, number 4. No. Five."),
        ("ε and λ, W₁, W_up, Ελλάδα", "epsilon and lambda, W 1, W up, Ελλάδα"),
        ("a < b, but <b> stays", "a is less than b, but <b> stays"),
        ("wow 🙂\x1b[0m", "wow [0m"),
        ("", ""),
    ],
)
def test_english_is_said_as_it_is_meant(written: str, spoken: str) -> None:
    assert pronounced(written) == spoken


def test_a_lesson_knows_better() -> None:
    own = {"ReLU": "rectifier", "SGD": "stochastic descent", "C++": "see plus plus", "Ada": "Ayda"}

    assert (
        pronounced("Ada’s SGD and ReLU in C++: ada, MLP", own)
        == "Ayda's stochastic descent and rectifier in see plus plus: ada, M-L-P"
    )


def test_what_a_lesson_says_isnt_spelled_again() -> None:
    assert pronounced("CLIP and CLIPS", {"CLIP": "CLIP"}) == "CLIP and CLIPS"


def test_no_word_of_a_table_breaks_a_text() -> None:
    odd = {"": "x", "(": "open", "i": "eye", "straße": "street", "set": "set of"}

    assert pronounced("İ, ſet: Straße (a", odd) == "İ, set of: Street (a"


def test_of_two_words_the_longer_counts() -> None:
    assert pronounced("dot product", {"dot": "point", "dot product": "inner product"}) == (
        "inner product"
    )


def test_another_language_has_its_own_words_alone() -> None:
    assert pronounced("Die KI ≈ ReLU", {"KI": "K. I."}, "de") == "Die K. I. ≈ ReLU"
    assert pronounced("Die KI ≈ ReLU", language="de") == "Die KI ≈ ReLU"
    assert pronounced("An MLP", language="en-GB") == "An M-L-P"


def test_a_table_is_read_line_by_line() -> None:
    assert read_table("# names\n\n LeCun = luh-kuhn\na = b = c\n") == {
        "LeCun": "luh-kuhn",
        "a": "b = c",
    }


@pytest.mark.parametrize("line", ["ReLU", "ReLU = ", " = ray-loo", "ReLU=ray-loo"])
def test_a_line_that_is_no_pair_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=f"^{line.strip()}$"):
        read_table(f"MLP = em ell pee\n{line}\n")
