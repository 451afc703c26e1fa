import gzip
import math
import re
from functools import cache

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import optimize

from lessons import explanations
from lessons.explanations import ClassAnswers, scaling
from lessons.explanations.scaling import Params, Result


@cache
def computed(seed: int = 7, **params: float) -> tuple[Params, Result]:
    given = Params.model_validate(params)
    return given, scaling.compute(given, np.random.default_rng(seed))


def by_hand(parameters: float, tokens: float) -> float:
    """Powers of ten with the decimal logarithm, all numbers anew; arguments in ones."""
    return (
        1.69
        + 406.4 / 10 ** (0.34 * math.log10(parameters))
        + 410.7 / 10 ** (0.28 * math.log10(tokens))
    )


@pytest.mark.parametrize(
    ("parameters", "tokens"), [(1, 300), (175, 300), (70, 1_400), (0.1, 10), (1_000, 10_000)]
)
def test_the_loss_is_the_published_formula(parameters: float, tokens: float) -> None:
    expected = by_hand(parameters * 1e9, tokens * 1e9)

    assert float(scaling.loss(parameters, tokens)) == pytest.approx(expected, abs=1e-12)


def test_the_three_models_have_their_known_losses() -> None:
    _, result = computed()

    assert dict(zip(result.models, result.model_losses, strict=True)) == {
        "GPT-3": 2.0023,
        "Gopher": 1.9933,
        "Chinchilla": 1.9366,
    }


def test_ten_times_the_parameters_give_what_the_question_asks() -> None:
    _, result = computed()

    assert [round(step, 2) for step in result.steps] == [2.30, 2.10, 2.02, 1.97]
    assert result.steps == [
        pytest.approx(by_hand(10.0**power, 3e11), abs=1e-6) for power in (9, 10, 11, 12)
    ]
    assert result.endless == pytest.approx(1.69 + 410.7 / 3e11**0.28, abs=1e-6)


@pytest.mark.parametrize("compute", [1, 5, 588, 576, 10_000])
def test_the_lowest_point_of_equal_compute_is_scipys(compute: float) -> None:
    """C = 6 N D, in ones, minimised over log N by Brent's method."""
    operations = compute * 1e21
    found = optimize.minimize_scalar(
        lambda log_n: by_hand(math.exp(log_n), operations / 6 / math.exp(log_n)),
        bracket=(math.log(1e8), math.log(1e13)),
        tol=1e-10,
    )
    _, result = computed(compute=compute)

    assert scaling.best_parameters(compute) == pytest.approx(math.exp(found.x) / 1e9, rel=1e-4)
    assert result.best_parameters == pytest.approx(math.exp(found.x) / 1e9, rel=2e-3)
    assert result.best_loss == pytest.approx(found.fun, abs=5.1e-5)
    assert 6 * result.best_parameters * 1e9 * result.best_tokens * 1e9 == pytest.approx(
        operations, rel=2e-3
    )


@pytest.mark.parametrize("compute", [1, 588, 10_000])
def test_at_the_lowest_point_both_slopes_are_equal(compute: float) -> None:
    n = scaling.best_parameters(compute) * 1e9
    d = compute * 1e21 / 6 / n

    assert 0.34 * 406.4 / n**0.34 == pytest.approx(0.28 * 410.7 / d**0.28, rel=1e-12)


def test_the_published_constants_do_not_give_the_published_advice() -> None:
    """The paper spends this compute with about 20 tokens per parameter; its rounded constants with 93."""
    n = scaling.best_parameters(576)
    d = 576e21 / 6e18 / n

    assert d / n == pytest.approx(92.65, abs=0.05)
    said = " ".join(
        [scaling.CORRECTION, scaling.IDEA, scaling.__doc__ or "", scaling.text(*computed())]
        + [scaling.caption(*computed(scene=scene)) for scene in range(3)]
    )
    assert not re.search(r"\b\d+ tokens per parameter", said)
    assert "Epoch AI" in scaling.CORRECTION


@pytest.mark.parametrize("width", [2, 16, 128, 512])
def test_a_mean_square_cosine_is_that_of_pair_after_pair(width: int) -> None:
    measured = scaling.mean_square_cosine(width, np.random.default_rng(3))

    drawn = np.random.default_rng(3).standard_normal((128, width), dtype=np.float32).astype(float)
    squares = [(a @ b) ** 2 / ((a @ a) * (b @ b)) for i, a in enumerate(drawn) for b in drawn[:i]]
    assert len(squares) == 8128
    assert measured == pytest.approx(sum(squares) / len(squares), rel=1e-5)


@pytest.mark.parametrize("width", [2, 16, 512])
def test_the_error_of_a_mean_is_what_many_draws_show(width: int) -> None:
    rng = np.random.default_rng(5)
    draws = [scaling.mean_square_cosine(width, rng) * width for _ in range(60)]

    # The spread of 60 draws is known to 9 %.
    assert np.std(draws) == pytest.approx(scaling._relative_error(width), rel=0.36)
    assert np.mean(draws) == pytest.approx(1, abs=5 * scaling._relative_error(width) / 60**0.5)


@pytest.mark.parametrize("seed", [0, 7, 2026])
@pytest.mark.parametrize(
    "params",
    [
        {},
        {"parameters": 0.1, "tokens": 10, "compute": 1},
        {"parameters": 1_000, "tokens": 10_000, "compute": 10_000},
        {"parameters": 1_000, "tokens": 10},
    ],
)
def test_measured_and_theory_agree(seed: int, params: dict[str, float]) -> None:
    given, result = computed(seed, **params)

    assert [check.name for check in scaling.checks(given, result) if not check.ok] == []


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        ("steps", [2.295108, 2.10304, 2.015101, 1.974964]),
        ("best_loss", 1.9302),
        ("best_parameters", 32.2),
        ("slope", -1.012),
    ],
)
def test_a_number_slightly_off_fails_its_check(number: str, wrong: object) -> None:
    given, result = computed()

    spoilt = scaling.checks(given, result.model_copy(update={number: wrong}))

    assert [check.ok for check in spoilt].count(False) == 1


def test_cosines_without_their_square_fail() -> None:
    given, result = computed()
    roots = [cosine**0.5 for cosine in result.cosines]

    spoilt = scaling.checks(given, result.model_copy(update={"cosines": roots}))

    assert [check.ok for check in spoilt].count(False) == 2


def test_the_checks_compare_with_the_known_numbers() -> None:
    wanted = {check.name: check.want for check in scaling.checks(*computed())}

    assert wanted == {
        "cost of size, ten times bigger": 45.71,
        "lowest loss for the compute": 1.93,
        "slope of disturbance": -1,
        "best size, billions": 32.49,
        "disturbance × d, d = 128": 1,
        "disturbance × d, d = 12,288": 1,
    }


def test_a_seed_repeats_and_another_differs() -> None:
    again = scaling.compute(Params(), np.random.default_rng(1))
    assert computed(seed=1)[1] == again
    assert computed(seed=1)[1].cosines != computed(seed=2)[1].cosines
    assert computed(seed=1)[1].steps == computed(seed=2)[1].steps


@pytest.mark.parametrize(
    "params",
    [
        {"scene": 3},
        {"scene": -1},
        {"scene": 0.5},
        {"parameters": 0.09},
        {"parameters": 1_001},
        {"tokens": 9},
        {"tokens": 10_001},
        {"compute": 0.9},
        {"compute": 10_001},
        {"flops": 1},
    ],
)
def test_parameters_out_of_bounds_are_refused(params: dict[str, float]) -> None:
    with pytest.raises(ValidationError) as caught:
        Params.model_validate(params)

    assert caught.value.errors()[0]["loc"] == tuple(params)


def test_the_captions_tell_their_scene() -> None:
    assert scaling.caption(*computed()) == (
        "A loss of 2.30 is the surprise of 9.9 equally likely words. "
        "Ten times the parameters, same text: 2.10, so 8.2. Another ten times: 2.02."
    )
    assert "1.99 against 1.94" in scaling.caption(*computed(scene=1))
    assert "lowest point of the line is at 1.93" in scaling.caption(*computed(scene=1))
    _, result = computed(scene=2)
    assert f"slope −{-result.slope:.2f}" in scaling.caption(*computed(scene=2))


def test_the_text_equivalent_tells_this_picture_s_numbers() -> None:
    text = scaling.text(*computed())

    assert "has a loss of 2.30; ten times as many give 2.10, a hundred times 2.02" in text
    assert "leaves 46\u00a0% of what the size" in text
    assert "endlessly many would still leave 1.94, and 1.69 is the floor" in text
    assert "70 billion parameters and 1,400 billion tokens, 1.937" in text
    assert "1.930, is at 32.5 billion parameters and 3,020 billion tokens" in text


def test_the_class_is_told_with_its_numbers() -> None:
    answers = ClassAnswers(n=3, values=[1.5, 2.2, 2.3])

    assert scaling.class_text(Params(), answers) == (
        "Dots show what loss the class expected of ten times the parameters: 3 guesses, from 1.5 to "
        "2.3, on average 2.00; the formula gives 2.10."
    )


def test_a_class_that_chose_is_told_too() -> None:
    answers = ClassAnswers(n=3, counts=[1, 2], options=["suddenly", "steadily"])

    assert scaling.class_text(Params(), answers) == (
        "The class answered “suddenly”: 1, “steadily”: 2."
    )


def test_the_payload_is_small() -> None:
    payload = explanations.picture("scaling", {}).model_dump_json(by_alias=True)

    assert len(gzip.compress(payload.encode())) < 2500
