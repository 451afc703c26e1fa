import gzip
import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError
from scipy import integrate, optimize, special, stats

from lessons import explanations
from lessons.explanations import ClassAnswers, relu
from lessons.explanations.relu import Params, Result

Function = Callable[[NDArray[np.float64]], NDArray[np.float64]]
RELU, GELU, SILU = range(3)


def computed(seed: int = 7, **params: float) -> tuple[Params, Result]:
    given = Params.model_validate(params)
    return given, relu.compute(given, np.random.default_rng(seed))


def test_gelu_is_the_input_times_the_normal_distribution() -> None:
    x = np.array([-6, -3, -1, -0.1, 0, 0.1, 1, 3, 6.0])

    np.testing.assert_allclose(relu.gelu(x), x * stats.norm.cdf(x), rtol=1e-9, atol=1e-16)


def test_gelu_has_its_known_values() -> None:
    values = relu.gelu(np.array([1.0, -1.0, 0.0]))

    assert values.round(6).tolist() == [0.841345, -0.158655, 0]


def test_gelu_is_what_coins_leave_on_average() -> None:
    for x in (-1.7, -0.4, 0.9):
        # Where the normal number is above x, nothing is left.
        left, _ = integrate.quad(lambda z, x=x: x * stats.norm.pdf(z), -np.inf, x)

        assert relu.gelu(np.array(x)) == pytest.approx(left, abs=1e-9)


def test_silu_is_the_input_times_the_logistic_function() -> None:
    x = np.linspace(-8, 8, 33)

    np.testing.assert_allclose(relu.silu(x), x * special.expit(x), rtol=1e-12)


def test_relu_keeps_the_size_of_what_is_positive_and_nothing_else() -> None:
    assert relu.relu(np.array([-3, -1e-9, 0, 1e-9, 0.5, 7])).tolist() == [0, 0, 0, 1e-9, 0.5, 7]


@pytest.mark.parametrize("f", [relu.gelu, relu.silu])
def test_far_from_zero_the_soft_ones_are_relu(f: Function) -> None:
    x = np.array([-30.0, 30.0])

    np.testing.assert_allclose(f(x), relu.relu(x), atol=1e-11)


def test_the_lowest_points_are_those_that_scipy_finds() -> None:
    _, result = computed()

    for f, found in (
        (stats.norm.cdf, result.functions[GELU]),
        (special.expit, result.functions[SILU]),
    ):
        lowest = optimize.minimize_scalar(
            lambda x, f=f: x * f(x), bounds=(-3, 0), method="bounded", options={"xatol": 1e-9}
        )
        assert found.lowest == pytest.approx(lowest.fun, abs=1e-6)
        assert found.lowest_at == pytest.approx(lowest.x, abs=2e-6)


def test_the_lowest_points_are_where_the_slope_is_zero() -> None:
    _, result = computed()
    gelu_at = optimize.brentq(lambda x: stats.norm.cdf(x) + x * stats.norm.pdf(x), -2, 0)
    lambert = float(special.lambertw(1 / math.e).real)

    assert result.functions[GELU].lowest_at == pytest.approx(gelu_at, abs=2e-6)
    assert result.functions[SILU].lowest == pytest.approx(-lambert, abs=1e-6)
    assert result.functions[SILU].lowest_at == pytest.approx(-1 - lambert, abs=2e-6)


def test_the_known_extremes_are_right() -> None:
    def miss(x: float) -> float:
        return -abs(float(relu.gelu_by_tanh(np.array(x))) - x * float(stats.norm.cdf(x)))

    # It has several hills between -6 and 6; the highest one is near 2.7.
    hills = [
        -optimize.minimize_scalar(miss, bounds=(low, low + 1), method="bounded").fun
        for low in range(-6, 6)
    ]

    assert round(max(hills), 6) == relu.TANH_MISS
    assert max(hills) < 4.74e-4
    at = optimize.brentq(lambda x: stats.norm.cdf(x) + x * stats.norm.pdf(x), -2, 0)
    assert (round(at * stats.norm.cdf(at), 6), round(at, 6)) == (
        relu.GELU_LOWEST,
        relu.GELU_LOWEST_AT,
    )
    assert round(-float(special.lambertw(1 / math.e).real), 6) == relu.SILU_LOWEST


def test_relu_lets_michael_jordan_through_alone_and_gelu_leaks() -> None:
    _, result = computed()

    assert result.people[0] == "Michael Jordan"
    assert result.matches == [2, 1, 1, 0]
    assert result.inputs == [1, 0, 0, -1]
    assert [f.name for f in result.functions] == ["ReLU", "GELU", "SiLU"]
    assert result.functions[RELU].of_people == [1, 0, 0, 0]
    assert result.functions[GELU].of_people == [0.8413, 0, 0, -0.1587]
    # 1 / (1 + 1/e) and -1 / (1 + e).
    assert result.functions[SILU].of_people == [0.7311, 0, 0, -0.2689]


def test_the_bias_moves_everybody_and_the_input_nobody() -> None:
    _, plain = computed()
    _, moved = computed(bias=0.5, input=2)

    assert moved.inputs == [2.5, 1.5, 1.5, 0.5]
    assert moved.functions[RELU].of_people == [2.5, 1.5, 1.5, 0.5]
    assert [f.of_input for f in moved.functions] == [2, 1.9545, 1.7616]
    assert [f.of_input for f in plain.functions] == [0, -0.1587, -0.2689]


@pytest.mark.parametrize("seed", [0, 7, 2026])
@pytest.mark.parametrize("given", [-3, -1, -0.05, 0, 1, 2.5])
def test_measured_and_theory_agree(given: float, seed: int) -> None:
    params, result = computed(seed, input=given)

    assert [check.name for check in relu.checks(params, result) if not check.ok] == []


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        ("kept", 0.1612),  # of 0.1587
        ("tanh_miss", 0.000476),
    ],
)
def test_a_number_slightly_off_fails_its_check(number: str, wrong: float) -> None:
    params, result = computed()

    spoilt = relu.checks(params, result.model_copy(update={number: wrong}))

    assert [check.ok for check in spoilt].count(False) == 1


@pytest.mark.parametrize(
    ("function", "number", "wrong"),
    [(GELU, "lowest", -0.169975), (GELU, "lowest_at", -0.7518), (SILU, "lowest", -0.27845)],
)
def test_a_lowest_point_slightly_off_fails_its_check(
    function: int, number: str, wrong: float
) -> None:
    params, result = computed()
    functions = list(result.functions)
    functions[function] = functions[function].model_copy(update={number: wrong})

    spoilt = relu.checks(params, result.model_copy(update={"functions": functions}))

    assert [check.ok for check in spoilt].count(False) == 1


def test_a_seed_repeats_and_another_differs() -> None:
    assert computed(seed=1) == computed(seed=1)
    assert computed(seed=1)[1].kept != computed(seed=2)[1].kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("function", -1),
        ("function", 3),
        ("function", 0.5),
        ("input", -3.01),
        ("input", 2.51),
        ("bias", -2.51),
        ("bias", 0.51),
        ("inputs", 1),
    ],
)
def test_parameters_out_of_bounds_are_refused(name: str, value: float) -> None:
    with pytest.raises(ValidationError) as caught:
        Params.model_validate({name: value})

    assert caught.value.errors()[0]["loc"] == (name,)


def test_the_caption_follows_the_function_and_the_bias() -> None:
    assert relu.caption(*computed()) == (
        "Four people match 2, 1, 1 and 0 of two names. The bias −1 makes that 1, 0, 0 and −1, "
        "and GELU makes it 0.84, 0, 0 and −0.16."
    )
    assert relu.caption(*computed(function=RELU, bias=-0.5)).endswith(
        "The bias −0.5 makes that 1.5, 0.5, 0.5 and −0.5, and ReLU makes it 1.5, 0.5, 0.5 and 0."
    )


def test_the_text_equivalent_tells_this_picture_s_numbers() -> None:
    text = relu.text(*computed())

    assert "Michael Jordan: 1, which ReLU makes 1, GELU makes 0.84, SiLU makes 0.73;" in text
    assert "Michael Phelps and Alexis Jordan: 0, which ReLU makes 0, GELU makes 0," in text
    assert "Alexis Phelps: −1, which ReLU makes 0, GELU makes −0.16, SiLU makes −0.27." in text
    assert "An input of −1 becomes 0 by ReLU, −0.16 by GELU, −0.27 by SiLU." in text
    assert "15.9\u00a0% are below −1" in text
    assert "GELU’s lowest value is −0.17 at −0.7518" in text


def test_a_small_rest_is_not_told_as_nothing() -> None:
    assert "An input of −3 becomes 0 by ReLU, −0.004 by GELU, −0.14 by SiLU." in relu.text(
        *computed(input=-3)
    )


def test_the_class_is_told_with_its_numbers() -> None:
    answers = ClassAnswers(n=5, values=[-1, 0, 0, 0.5, 90])

    assert relu.class_text(Params(), answers) == (
        "Amber dots show what the class thinks GELU makes of −1: 4 guesses, from −1 to 0.5, "
        "on average −0.12. It makes −0.16."
    )
    assert "1 guess, from 0 to 0, on average 0. It makes 0." in relu.class_text(
        Params(function=RELU), ClassAnswers(n=1, values=[0])
    )


def test_a_class_that_chose_or_guessed_something_else_is_told_too() -> None:
    chosen = ClassAnswers(n=3, counts=[1, 2], options=["−1", "3"])

    assert relu.class_text(Params(), chosen) == "The class answered “−1”: 1, “3”: 2."
    assert relu.class_text(Params(), ClassAnswers(n=2, values=[60, 90])) == ""


def test_the_payload_is_small() -> None:
    payload = explanations.picture("relu", {}).model_dump_json(by_alias=True)

    assert len(gzip.compress(payload.encode())) < 2000
