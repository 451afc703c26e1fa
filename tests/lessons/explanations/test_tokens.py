import gzip
import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sklearn.preprocessing import OneHotEncoder

from lessons import explanations
from lessons.explanations import ClassAnswers, tokens
from lessons.explanations.tokens import Params, Result

LESSON = tokens.LESSON.read_text(encoding="utf-8")
MERGES, TIMES = tokens.learned(LESSON, 300)
PIECES = tokens.pieces(MERGES)
BROWSER_CASES = Path(__file__).parents[3] / "frontend/src/explanations/tokens.cases.json"


def computed(seed: int = 7, **params: object) -> tuple[Params, Result]:
    valid = Params.model_validate(params)
    return valid, tokens.compute(valid, np.random.default_rng(seed))


def merged_by_hand(word: list[int], pair: tuple[int, int], new: int) -> tuple[list[int], int]:
    """One word with the pair replaced, from left to right, and how often it was."""
    out: list[int] = []
    while word:
        if tuple(word[:2]) == pair:
            out, word = [*out, new], word[2:]
        else:
            out, word = [*out, word[0]], word[1:]
    return out, out.count(new)


def learned_by_hand(text: str, merges: int) -> list[tuple[tuple[int, int], int]]:
    """Sennrich's algorithm as it is told: words with their frequency, one merge after the other."""
    frequency = Counter(re.findall(tokens.WORD, text))
    words = {word: list(word.encode()) for word in frequency}
    found = []
    for new in range(256, 256 + merges):
        together: Counter[tuple[int, int]] = Counter()
        for word, ids in words.items():
            for pair in pairwise(ids):
                together[pair] += frequency[word]
        best = min(together, key=lambda pair: (-together[pair], pair))
        made = 0
        for word, ids in words.items():
            words[word], times = merged_by_hand(ids, best, new)
            made += times * frequency[word]
        found.append((best, made))
    return found


def read(text: str, merges: int = 300) -> list[str]:
    return [PIECES[token].decode() for token in tokens.cut(text, MERGES[:merges])]


def test_the_merges_are_those_of_the_algorithm_as_it_is_told() -> None:
    by_hand = learned_by_hand(LESSON, 300)

    assert [tuple(pair) for pair in MERGES.tolist()] == [pair for pair, _ in by_hand]
    assert TIMES.tolist() == [times for _, times in by_hand]


def test_repeated_letters_merge_two_by_two_and_never_overlap() -> None:
    text = "aaaaa aaaaaa baaab"

    pairs, times = tokens.learned(text, 4)

    assert [(tuple(pair), n) for pair, n in zip(pairs.tolist(), times, strict=True)] == (
        learned_by_hand(text, 4)
    )
    assert pairs[0].tolist() == [97, 97]
    assert tokens.cut("aaa", pairs[:1]).tolist() == [256, 97]


def test_the_first_merges_are_the_frequent_beginnings_and_ends_of_english() -> None:
    assert [PIECES[256 + i].decode() for i in range(5)] == [" t", " a", " th", "re", " i"]
    assert TIMES[0] == len(re.findall(" t", LESSON))


def test_no_merge_is_more_frequent_than_the_one_before() -> None:
    assert np.all(np.diff(TIMES) <= 0)
    assert TIMES[-1] == 2


def test_a_merge_stays_within_a_word() -> None:
    for piece in (PIECES[token].decode(errors="replace") for token in range(256, 556)):
        assert " " not in piece[1:]


@settings(
    max_examples=40, deadline=None
)  # a text is cut in milliseconds, unless the machine is busy
@given(st.text(max_size=60), st.integers(0, 300))
def test_any_text_can_be_put_together_again(text: str, merges: int) -> None:
    ids = tokens.cut(text, MERGES[:merges])

    assert b"".join(PIECES[token] for token in ids) == text.encode()
    assert ids.max(initial=0) < 256 + merges


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="aenrst h", max_size=40))
def test_cutting_always_takes_the_earliest_merge_that_is_there(text: str) -> None:
    """As GPT-2's own tokeniser does it, word by word."""
    rank = {tuple(pair): i for i, pair in enumerate(MERGES.tolist())}
    expected = []
    for word in re.findall(tokens.WORD, text):
        ids = list(word.encode())
        while pairs := [pair for pair in pairwise(ids) if pair in rank]:
            first = min(pairs, key=lambda pair: rank[pair])
            ids, _ = merged_by_hand(ids, first, 256 + rank[first])
        expected += ids

    assert tokens.cut(text, MERGES).tolist() == expected


def test_a_token_is_not_a_word() -> None:
    """The figures that the correction names."""
    assert read(" perpendicular") == [" perpendicular"]
    assert read(" basketball") == [" b", "as", "ket", "bal", "l"]
    assert "“perpendicular” is one token and “basketball” is five" in tokens.CORRECTION


def test_without_merges_every_byte_is_a_token() -> None:
    assert tokens.cut("né 💡", MERGES[:0]).tolist() == list("né 💡".encode())


def test_the_lesson_s_tokens_are_its_bytes_less_one_for_each_pair_merged() -> None:
    for merges in (0, 1, 50, 300):
        _, result = computed(merges=merges)

        assert result.lesson_bytes == len(LESSON.encode())
        assert result.lesson_tokens == len(tokens.cut(LESSON, MERGES[:merges]))
        assert result.lesson_tokens == result.lesson_bytes - TIMES[:merges].sum()


def test_looking_up_is_multiplying_by_one_hot() -> None:
    _, result = computed()
    table = np.array(result.table)

    one_hot = OneHotEncoder(categories=[range(556)], sparse_output=False).fit_transform(
        np.array(result.ids)[:, None]
    )

    assert result.difference == 0
    assert table.shape == (556, 5)
    np.testing.assert_array_equal(one_hot @ table, table[result.ids])


def test_rows_of_the_table_are_about_one_long() -> None:
    _, result = computed()

    squares = ((np.array(result.table) / 10) ** 2).sum(axis=1)

    # Rounding to tenths adds 5 · 0.1² / 12 = 0.004. The sum of 5 squares has variance 2/5.
    assert squares.mean() == pytest.approx(1.004, abs=5 * (2 / 5 / 556) ** 0.5)


def test_gpt3_s_table_has_the_published_size() -> None:
    assert tokens.GPT3_ROWS == 256 + 50_000 + 1
    assert tokens.GPT3_ROWS * tokens.GPT3_WIDTH == 617_558_016


@pytest.mark.parametrize("merges", [0, 1, 150, 300])
@pytest.mark.parametrize("sentence", ["a", "né 💡 “Jordan”", "  two  spaces ", "x" * 80])
def test_measured_and_theory_agree(sentence: str, merges: int) -> None:
    params, result = computed(sentence=sentence, merges=merges)

    assert [check.name for check in tokens.checks(params, result) if not check.ok] == []


@pytest.mark.parametrize(
    ("number", "wrong"),
    [("restored_bytes", 4184), ("lesson_tokens", 1467), ("difference", 1e-12)],
)
def test_a_number_slightly_off_fails_its_check(number: str, wrong: float) -> None:
    params, result = computed()

    spoilt = tokens.checks(params, result.model_copy(update={number: wrong}))

    assert [check.ok for check in spoilt].count(False) == 1


def test_a_seed_repeats_and_another_fills_another_table() -> None:
    assert computed(seed=1) == computed(seed=1)
    assert computed(seed=1)[1].table != computed(seed=2)[1].table
    assert computed(seed=1)[1].merges == computed(seed=2)[1].merges


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"merges": -1}, "merges"),
        ({"merges": 301}, "merges"),
        ({"merges": 2.5}, "merges"),
        ({"sentence": ""}, "sentence"),
        ({"sentence": "x" * 81}, "sentence"),
        ({"sentence": "two\nlines"}, "sentence"),
        ({"letter": 0}, "letter"),
        ({"letter": 81}, "letter"),
        ({"word": "x"}, "word"),
    ],
)
def test_parameters_out_of_bounds_are_refused(params: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Params.model_validate(params)

    assert caught.value.errors()[0]["loc"] == (field,)


def test_the_caption_counts_letters_words_and_tokens() -> None:
    assert tokens.caption(*computed()) == (
        "64 letters, 9 words, 16 tokens, after 300 merges of the two neighbours seen together most. "
        "The longest is “perpendicular”, and each is the number of a row in the table."
    )
    assert tokens.caption(*computed(merges=0)) == (
        "64 letters, 9 words, 64 tokens: before the first merge, every letter is a piece of its own."
    )


def test_the_text_equivalent_tells_this_picture_s_numbers() -> None:
    params, result = computed()

    text = tokens.text(params, result)

    assert "16 tokens by 300 merges: “The”, “ directions”, “ of”, “ b”, “as”, “ket”" in text
    assert "there are 37 after 50, 27 after 100, 19 after 200, 16 after 300" in text
    assert "4,185 bytes of a lesson, which it cuts into 1,466 tokens" in text
    assert "“ perpendicular” is row 384 of 556" in text
    row = ", ".join(f"{value / 10:.1f}".replace("-", "−") for value in result.table[384])
    assert f"its vector is that row, {row}." in text
    assert "617,558,016" in text


@pytest.mark.parametrize(
    ("letter", "piece"),
    [(1, "The"), (4, " directions"), (14, " directions"), (15, " of"), (64, "."), (80, ".")],
)
def test_the_text_looks_up_the_token_with_the_letter(letter: int, piece: str) -> None:
    assert f"A token is a row number: “{piece}” is row" in tokens.text(*computed(letter=letter))


def test_letters_of_several_bytes_are_looked_up_by_letter() -> None:
    said = tokens.text(*computed(sentence="é 💡 are", letter=5))

    # 4 bytes of the lamp, each a token that alone is no letter.
    assert "“ ”, “f0”, “9f”, “92”, “a1”, “ are”" in said
    assert "“ are” is row" in said


def test_the_class_is_told_with_its_numbers() -> None:
    answers = ClassAnswers(n=4, values=[9, 16, 22, 35])

    assert tokens.class_text(Params(), answers) == (
        "Dots under the axis show what the class guessed: 4 guesses, from 9 to 35 tokens, "
        "on average 21; 1 of exactly 16."
    )
    assert "1 guess, from 64 to 64 tokens, on average 64; 1 of exactly 64." in tokens.class_text(
        Params(merges=0), ClassAnswers(n=1, values=[64])
    )


def test_a_class_that_chose_is_told_too() -> None:
    answers = ClassAnswers(n=3, counts=[1, 2], options=["words", "pieces"])

    assert tokens.class_text(Params(), answers) == "The class answered “words”: 1, “pieces”: 2."


def test_the_browser_is_tested_with_what_numpy_computes() -> None:
    """The drawing replays the merges for any text; its own test holds it against this file."""
    learned = json.loads(BROWSER_CASES.read_text(encoding="utf-8"))

    assert learned["merges"] == MERGES.tolist()
    assert len(learned["cases"]) == 6
    for case in learned["cases"]:
        assert tokens.cut(case["text"], MERGES[: case["after"]]).tolist() == case["ids"]


def test_the_payload_is_small() -> None:
    payload = explanations.picture("tokens", {}).model_dump_json(by_alias=True)

    assert len(gzip.compress(payload.encode())) < 5_200
