"""Five ideas in two neurons: the trained shapes against theory and against an independent minimiser."""

# ruff: noqa: N806 (W is the letter of the formula)

import gzip

import numpy as np
import pytest
from scipy.optimize import minimize

from lessons.explanations import ClassAnswers, picture
from lessons.explanations._superposition import dimensions, loss_and_gradients
from lessons.explanations.toy import (
    NEURONS,
    PENTAGON_BIAS,
    PENTAGON_SQUARE,
    PRESENCE,
    Params,
    Result,
    caption,
    checks,
    class_text,
    compute,
    shape,
    text,
)


def computed(seed: int = 7, **params: float) -> Result:
    return compute(Params.model_validate(params), np.random.default_rng(seed))


def polygon(sides: int, length: float = 1.0) -> np.ndarray:
    turns = 2 * np.pi * np.arange(sides) / sides
    return length * np.stack([np.sin(turns), np.cos(turns)], axis=1)


@pytest.mark.parametrize("seed", range(5))
def test_rarity_turns_a_right_angle_into_two_pairs_into_a_pentagon(seed: int) -> None:
    shapes = computed(seed).shapes

    assert shapes[0] == "a right angle"
    assert shapes[2:4] == ["two pairs"] * 2
    assert shapes[4:] == ["a pentagon"] * 6


@pytest.mark.parametrize("seed", range(5))
def test_the_pentagon_has_the_length_and_bias_of_theory(seed: int) -> None:
    found = checks(Params(), computed(seed))

    assert [check.name for check in found] == [
        "dimensions shared out",
        "share of a paired idea",
        "share in the pentagon",
        "its arrow, squared",
        "its bias",
    ]
    assert [check.name for check in found if not check.ok] == []


@pytest.mark.parametrize("ideas", range(2, 9))
@pytest.mark.parametrize("decay", [0.5, 1])
def test_two_dimensions_are_shared_out_whatever_the_ideas(ideas: int, decay: float) -> None:
    result = computed(ideas=ideas, decay=decay)

    sums = np.sum(result.dimensions, axis=1)
    assert np.abs(sums - NEURONS).max() < 0.02
    assert [c.name for c in checks(Params(ideas=ideas, decay=decay), result) if not c.ok] == []


def test_without_relu_rarity_is_no_help() -> None:
    assert computed(relu=0).shapes == ["a right angle"] * len(PRESENCE)


def test_the_sparse_limit_of_the_pentagon_is_the_minimum_of_its_loss() -> None:
    found = minimize(lambda v: sparse_loss(5, *v), x0=(1.2, -0.2), method="Nelder-Mead", tol=1e-10)

    assert found.x == pytest.approx([PENTAGON_SQUARE, PENTAGON_BIAS], abs=5e-5)
    assert found.fun == pytest.approx(0.015826, abs=5e-7)


@pytest.mark.parametrize("sides", [2, 3, 4])
def test_up_to_four_rare_arrows_lose_nothing(sides: int) -> None:
    assert sparse_loss(sides, 1, 0) == pytest.approx(0, abs=1e-30)


def sparse_loss(sides: int, square: float, bias: float) -> float:
    """What one idea alone, of uniform strength, loses in a regular polygon; by trapezoids, not by algebra."""
    x = np.linspace(0, 1, 20_001)
    cosines = np.round(np.cos(2 * np.pi * np.arange(sides) / sides), 15)
    read = np.maximum(square * cosines[:, None] * x + bias, 0)
    read[0] -= x
    return float(np.trapezoid(read**2, x, axis=1).sum())


@pytest.mark.parametrize("has_relu", [True, False])
def test_gradients_agree_with_central_differences(has_relu: bool) -> None:
    rng = np.random.default_rng(3)
    W, b = rng.normal(size=(2, 5, 2)), rng.normal(size=(2, 5))
    x = rng.random((40, 5)) * (rng.random((40, 5)) < 0.5)
    weights = rng.random((2, 40, 5)) / 200

    _, dW, db = loss_and_gradients(W, b, x, weights, has_relu=has_relu)

    def loss() -> float:
        return float(loss_and_gradients(W, b, x, weights, has_relu=has_relu)[0].sum())

    for values, slopes in ((W, dW), (b, db)):
        for place in np.ndindex(values.shape):
            kept = values[place]
            values[place] = kept + 1e-6
            above = loss()
            values[place] = kept - 1e-6
            below = loss()
            values[place] = kept
            assert abs((above - below) / 2e-6 - slopes[place]) <= 1e-8


@pytest.mark.parametrize("sides", [3, 4, 5, 6])
def test_a_polygon_shares_two_dimensions_evenly(sides: int) -> None:
    assert dimensions(polygon(sides, length=1.17)) == pytest.approx(np.full(sides, 2 / sides))


def test_a_dropped_idea_has_no_dimension() -> None:
    assert dimensions(np.array([[1.0, 0], [0, 1], [0, 0]])) == pytest.approx([1, 1, 0])


@pytest.mark.parametrize(
    ("arrows", "name"),
    [
        (polygon(5), "a pentagon"),
        (polygon(4), "two pairs"),
        (polygon(4)[:3], "a pair and one alone"),
        (polygon(4)[:2], "a right angle"),
        (polygon(2), "a pair"),
        (polygon(5)[:4], "4 arrows"),
        (0.3 * polygon(5), "0 arrows"),
    ],
)
def test_shapes_have_names(arrows: np.ndarray, name: str) -> None:
    assert shape(arrows) == name


def test_the_end_of_the_scrubber_is_what_was_measured() -> None:
    result = computed()

    last = np.array(result.directions)[:, -1] / 100
    assert np.abs((last**2).sum(2) - result.squares).max() < 0.02
    assert [shape(arrows) for arrows in last] == result.shapes


def test_every_dial_ends_with_its_first_idea_up() -> None:
    first = np.array(computed().directions)[:, -1, 0]

    assert np.abs(first[:, 0]).max() <= 1
    assert first[:, 1].min() > 80


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "When all are on at once, 2 are kept; when each is on 1 time in 100, 5 fit, as a pentagon."),
        ({"ideas": 2}, "Two neurons, 2 ideas: there is room for both at a right angle"),
        ({"ideas": 3}, "1 time in 100, 3 fit. That is 3 directions, still two neurons."),
        ({"relu": 0}, "Two neurons, 5 ideas, no ReLU: nothing clears the interference away."),
    ],
)  # fmt: skip
def test_the_caption_counts_what_fits(params: dict[str, float], said: str) -> None:
    given = Params.model_validate(params)

    assert said in caption(given, compute(given, np.random.default_rng(7)))


def test_the_text_tells_every_dial_and_counts_neurons_rightly() -> None:
    told = text(Params(), computed())

    assert told.startswith(
        "Ten dials, each with the arrows of 5 ideas in the plane of two neurons. What they end as, "
        "by how often an idea is on: 100 % of the time, a right angle; 60 % of the time, 3 arrows; "
        "36 to 22 % of the time, two pairs; 13 to 1 % of the time, a pentagon. In the last one an "
        "idea that is kept has 0.40 of a dimension; at full strength it reads itself as 1.3"
    )
    assert told.endswith(" and ReLU cuts what is then below 0.")


def test_the_class_is_told_in_its_own_words() -> None:
    answers = ClassAnswers(n=9, counts=[2, 7], options=["two arrows", "a pentagon"])

    assert class_text(Params(), answers) == "The class voted: 2 for two arrows, 7 for a pentagon."
    assert class_text(Params(), ClassAnswers()) == ""


def test_numbers_are_told_as_angles_between_neighbours() -> None:
    answers = ClassAnswers(n=3, values=[60, 72, 90])

    assert class_text(Params(), answers) == (
        "Ticks around the big dial show which angle between neighbours the class guessed: 3 guesses, "
        "from 60 to 90 degrees, on average 74; a pentagon has 72."
    )


def test_the_payload_fits_in_six_kilobytes() -> None:
    assert len(gzip.compress(picture("toy", {}).model_dump_json().encode())) < 6000
