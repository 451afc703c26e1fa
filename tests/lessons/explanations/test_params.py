import gzip

import numpy as np
import pytest
from pydantic import ValidationError

from lessons import explanations
from lessons.explanations import ClassAnswers, params
from lessons.explanations.params import Params, Result


def computed(**sizes: int) -> tuple[Params, Result]:
    given = Params(**sizes)
    return given, params.compute(given, np.random.default_rng(7))


def test_gpt3_has_its_known_matrices() -> None:
    _, result = computed()

    assert dict(zip(result.kinds, result.counts, strict=True)) == {
        "up": 57_982_058_496,
        "down": 57_982_058_496,
        "key": 14_495_514_624,
        "query": 14_495_514_624,
        "value": 14_495_514_624,
        "output": 14_495_514_624,
        "embedding": 617_558_016,
        "unembedding": 617_558_016,
    }
    assert result.total == 175_181_291_520
    assert result.neurons == 4_718_592


def test_gpt3_comes_near_its_published_size() -> None:
    _, result = computed()

    # "175.0B" in the paper; with one embedding and the position vectors instead of two embeddings.
    published = result.total - result.counts[-1] + result.left_out
    assert round(published / 1e9, 1) == 174.6
    assert round(result.total / 1e9) == 175


@pytest.mark.parametrize(
    "sizes",
    [
        {},
        {"layers": 1, "width": 512, "multiple": 1, "vocabulary": 1_000},
        {"layers": 12, "width": 768},
        {"layers": 7, "width": 640, "multiple": 3, "vocabulary": 32_001},
        {"layers": 128, "width": 16_384, "multiple": 8, "vocabulary": 1_000_000},
        {"multiple": 0},
    ],
)
def test_the_count_is_that_of_layer_after_layer_and_head_after_head(sizes: dict[str, int]) -> None:
    given, result = computed(**sizes)

    d = given.width
    slow = dict.fromkeys(result.kinds, 0)
    for _ in range(given.layers):
        for _ in range(0, d, 128):
            for kind in ("key", "query", "value", "output"):
                slow[kind] += 128 * d
        slow["up"] += given.multiple * d * d
        slow["down"] += given.multiple * d * d
    slow["embedding"] = slow["unembedding"] = given.vocabulary * d

    assert dict(zip(result.kinds, result.counts, strict=True)) == slow
    assert result.total == sum(slow.values()) == params.parameters(given)
    assert params.mlp_share(given) == (slow["up"] + slow["down"]) / sum(slow.values())


def test_what_is_left_out_is_that_of_real_arrays() -> None:
    given, result = computed(layers=3, width=640, multiple=4)

    d = 640
    per_layer = [np.zeros(n) for n in (d, d, d, d, 4 * d, d)]  # q, k, v, output; up; down
    norms = [np.zeros((2, d)) for _ in range(2 * given.layers + 1)]  # a gain and a shift each
    expected = given.layers * sum(bias.size for bias in per_layer)
    expected += sum(norm.size for norm in norms) + np.zeros((2048, d)).size

    assert result.left_out == expected


def test_what_is_left_out_of_gpt3_is_as_little_as_told() -> None:
    _, result = computed()

    assert result.left_out == 40_525_824
    assert f"{100 * result.left_out / result.total:.2f}\u00a0%" in params.CORRECTION
    assert f"{100 * result.left_out / result.total:.2f}" == "0.02"


def test_attention_has_half_as_many_as_the_mlps_told_to_be_two_thirds() -> None:
    _, result = computed()

    mlp = sum(result.counts[:2])
    attention = sum(result.counts[2:6])
    assert mlp == 2 * attention
    assert result.groups == ["mlp"] * 2 + ["attention"] * 4 + ["embedding"] * 2
    assert round(mlp / result.total, 4) == 0.6620


@pytest.mark.parametrize("layers", [1, 12, 96, 128])
@pytest.mark.parametrize("width", [512, 768, 12_288, 16_384])
@pytest.mark.parametrize("multiple", [0, 1, 4, 8])
def test_measured_and_theory_agree_to_the_last_number(
    layers: int, width: int, multiple: int
) -> None:
    given, result = computed(layers=layers, width=width, multiple=multiple)

    assert [check.name for check in params.checks(given, result) if not check.ok] == []


def test_one_number_more_fails_two_checks() -> None:
    given, result = computed()
    more = [result.counts[0] + 1, *result.counts[1:]]

    spoilt = params.checks(given, result.model_copy(update={"counts": more}))

    assert [check.name for check in spoilt if not check.ok] == ["MLPs over attention"]


@pytest.mark.parametrize(
    ("number", "wrong", "name"),
    [
        ("total", 175_181_291_521, "parameters, billions"),
        ("neurons", 4_718_593, "neurons, millions"),
        ("total", 174_563_733_504, "in the MLPs"),
    ],
)
def test_a_number_slightly_off_fails_its_check(number: str, wrong: int, name: str) -> None:
    given, result = computed()

    spoilt = params.checks(given, result.model_copy(update={number: wrong}))

    assert name in [check.name for check in spoilt if not check.ok]


def test_the_checks_compare_with_the_known_numbers() -> None:
    assert [check.want for check in params.checks(*computed())] == [
        66.2,
        2,
        175.18129152,
        4.718592,
    ]


def test_chance_has_no_part_in_it() -> None:
    given = Params()

    first = params.compute(given, np.random.default_rng(1))

    assert first == params.compute(given, np.random.default_rng(2))


@pytest.mark.parametrize(
    "sizes",
    [
        {"layers": 0},
        {"layers": 129},
        {"layers": 1.5},
        {"width": 384},
        {"width": 16_512},
        {"width": 12_289},
        {"multiple": -1},
        {"multiple": 9},
        {"vocabulary": 999},
        {"vocabulary": 1_000_001},
        {"d": 768},
    ],
)
def test_parameters_out_of_bounds_are_refused(sizes: dict[str, float]) -> None:
    with pytest.raises(ValidationError) as caught:
        Params.model_validate(sizes)

    assert caught.value.errors()[0]["loc"] == tuple(sizes)


def test_the_caption_tells_billions() -> None:
    assert params.caption(*computed()) == (
        "GPT-3 has 175,181,291,520 numbers to learn. 66.2\u00a0% of them sit in its MLPs: 58.0 billion "
        "to go up and 58.0 billion to come down. Attention has four times 14.5 billion."
    )


def test_another_model_is_not_called_gpt3() -> None:
    caption = params.caption(*computed(layers=12, width=768))

    assert caption.startswith("This model has 162,129,408 numbers to learn. 34.9\u00a0% of them")
    assert "28.3 million to go up" in caption
    assert "GPT-3" not in params.text(*computed(layers=12, width=768))


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (57_982_058_496, "58.0 billion"),
        (115_964_116_992, "116 billion"),
        (617_558_016, "618 million"),
        (999_400_000, "999 million"),
        (999_600_000, "1.0 billion"),
        (999_000, "999,000"),
    ],
)
def test_large_numbers_are_told_in_three_digits(count: int, told: str) -> None:
    assert params._told(count) == told


def test_the_text_equivalent_tells_this_picture_s_numbers() -> None:
    text = params.text(*computed())

    assert "the MLPs have 115,964,116,992, which is 66.2\u00a0%" in text
    assert "Attention has 57,982,058,496, 33.1\u00a0%: 14,495,514,624 each" in text
    assert "together 0.7\u00a0%" in text
    assert "4,718,592 neurons" in text
    assert "they would add 0.02\u00a0%" in text


def test_the_class_is_told_with_its_numbers() -> None:
    answers = ClassAnswers(n=3, values=[10, 33, 80])

    assert params.class_text(Params(), answers) == (
        "A dashed line and dots show what the class guessed for the MLPs: 3 guesses, from 10 to "
        "80\u00a0%, on average 41\u00a0%; it is 66.2\u00a0%."
    )
    assert ": 1 guess, from" in params.class_text(Params(), ClassAnswers(n=1, values=[50]))


def test_a_class_that_chose_is_told_too() -> None:
    answers = ClassAnswers(n=3, counts=[1, 2], options=["attention", "MLPs"])

    assert params.class_text(Params(), answers) == "The class answered “attention”: 1, “MLPs”: 2."


def test_the_payload_is_small() -> None:
    payload = explanations.picture("params", {}).model_dump_json(by_alias=True)

    assert len(gzip.compress(payload.encode())) < 2000
