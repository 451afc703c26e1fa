import gzip
import math

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import integrate, stats

from lessons import explanations
from lessons.explanations import ClassAnswers, angles
from lessons.explanations.angles import Params, Result


def computed(seed: int = 7, **params: int) -> tuple[Params, Result]:
    given = Params(**params)
    return given, angles.compute(given, np.random.default_rng(seed))


@pytest.mark.parametrize("dimensions", [2, 3, 5, 10, 100, 1000, 12_288])
def test_the_density_is_that_of_a_rescaled_beta_cosine(dimensions: int) -> None:
    degrees = np.array([89.0, 89.5, 90.0, 90.5, 91.0, 60.0, 150.0])
    shape = (dimensions - 1) / 2

    # The cosine of two random directions is 2B - 1, B beta with equal parameters.
    cosine = np.cos(np.radians(degrees))
    density_of_cosine = stats.beta.pdf((cosine + 1) / 2, shape, shape) / 2
    expected = density_of_cosine * np.sin(np.radians(degrees)) * math.pi / 180

    np.testing.assert_allclose(angles.exact_density(degrees, dimensions), expected, rtol=1e-7)


@pytest.mark.parametrize("dimensions", [2, 3, 10, 100, 12_288])
def test_the_density_adds_up_to_one_and_its_mean_is_a_right_angle(dimensions: int) -> None:
    def density(degrees: float) -> float:
        return float(angles.exact_density(np.array([degrees]), dimensions)[0])

    total, _ = integrate.quad(density, 0, 180, points=[85, 90, 95], limit=500)
    mean, _ = integrate.quad(lambda t: t * density(t), 0, 180, points=[85, 90, 95], limit=500)

    assert total == pytest.approx(1, abs=1e-9)
    assert mean == pytest.approx(90, abs=1e-7)


def test_in_the_plane_every_angle_is_equally_likely() -> None:
    assert angles.exact_density(np.array([0.5, 45.0, 179.0]), 2) == pytest.approx([1 / 180] * 3)
    assert angles.exact_spread(2) == pytest.approx(180 / math.sqrt(12), abs=1e-9)
    assert angles.exact_near(2) == pytest.approx(10 / 180, abs=1e-12)


def test_the_spread_has_its_known_values() -> None:
    assert round(angles.exact_spread(2), 4) == 51.9615
    assert round(angles.exact_spread(100), 4) == 5.7583


def test_the_share_near_a_right_angle_has_its_known_values() -> None:
    assert round(angles.exact_near(3), 6) == 0.087156
    assert round(angles.exact_near(100), 6) == 0.613868


@pytest.mark.parametrize("dimensions", [2, 3, 30, 100, 1000, 12_288])
def test_the_share_near_a_right_angle_is_a_beta_probability(dimensions: int) -> None:
    shape = (dimensions - 1) / 2
    edge = math.sin(math.radians(5))
    expected = 1 - 2 * stats.beta.cdf((1 - edge) / 2, shape, shape)

    assert angles.exact_near(dimensions) == pytest.approx(expected, abs=1e-10)


def test_every_pair_is_counted_once_with_its_own_angle() -> None:
    _, result = computed(dimensions=3, vectors=600)

    drawn = np.random.default_rng(7).standard_normal((600, 3), dtype=np.float32).astype(float)
    unit = drawn / np.sqrt((drawn**2).sum(1))[:, None]
    cosines = np.array([unit[i] @ unit[j] for i in range(600) for j in range(i)])
    degrees = np.degrees(np.arccos(cosines))
    expected, _ = np.histogram(degrees, bins=30, range=(0, 180))

    assert result.pairs == 600 * 599 // 2
    assert result.bar_width == 6
    assert result.first_bar == 0
    # Single precision may put an angle on the other side of an edge.
    np.testing.assert_allclose(result.bars, expected, atol=3)
    assert sum(result.bars) == result.pairs
    assert result.mean == pytest.approx(degrees.mean(), abs=2e-4)
    assert result.spread == pytest.approx(np.sqrt(((degrees - 90) ** 2).mean()), abs=2e-4)
    assert result.near == pytest.approx((np.abs(degrees - 90) < 5).mean(), abs=2e-5)
    assert result.cosine_spread == pytest.approx(np.sqrt((cosines**2).mean()), abs=2e-6)


def test_pairs_that_lean_one_way_lean_that_way_in_the_picture() -> None:
    class OneSided(np.random.Generator):
        """Draws directions of the positive octant, which are never more than 90 degrees apart."""

        def standard_normal(self, *args, **kwargs):  # type: ignore[no-untyped-def]
            return np.abs(super().standard_normal(*args, **kwargs))

    params = Params(dimensions=3, vectors=200)
    result = angles.compute(params, OneSided(np.random.PCG64(7)))

    # Bars of 6 degrees, so the 15 up to 90; an axis turned around would fill the other 15.
    assert result.first_bar + len(result.bars) <= 15
    assert result.mean < 60
    assert not angles.checks(params, result)[0].ok


def test_in_space_the_chance_of_a_cosine_beyond_c_is_one_minus_c() -> None:
    _, result = computed(dimensions=3)

    counts = np.zeros(30)
    counts[result.first_bar : result.first_bar + len(result.bars)] = result.bars
    beyond_half = (counts[:10].sum() + counts[20:].sum()) / result.pairs
    beyond_cos_30 = (counts[:5].sum() + counts[25:].sum()) / result.pairs

    assert beyond_half == pytest.approx(1 - 0.5, abs=0.002)
    assert beyond_cos_30 == pytest.approx(1 - math.sqrt(3) / 2, abs=0.002)


@pytest.mark.parametrize("dimensions", [2, 10, 100, 1000])
def test_the_bars_follow_the_law(dimensions: int) -> None:
    _, result = computed(dimensions=dimensions)

    edges = result.bar_width * (result.first_bar + np.arange(len(result.bars) + 1))
    shape = (dimensions - 1) / 2
    law = np.diff(stats.beta.cdf((1 - np.cos(np.radians(edges))) / 2, shape, shape))
    distance = np.abs(np.array(result.bars) / result.pairs - law).sum() / 2

    # A bar more or less at either end would be worth several percent.
    assert distance < 0.004


@pytest.mark.parametrize("dimensions", [2, 3, 5, 10, 30, 100, 300, 1000, 12_288])
@pytest.mark.parametrize("seed", [0, 7, 2026])
def test_measured_and_theory_agree(dimensions: int, seed: int) -> None:
    params, result = computed(seed, dimensions=dimensions)

    assert [check.name for check in angles.checks(params, result) if not check.ok] == []


@pytest.mark.parametrize(
    ("number", "wrong"),
    [("mean", 90.05), ("spread", 5.8), ("near", 0.6174), ("cosine_spread", 0.1005)],
)
def test_a_number_slightly_off_fails_its_check(number: str, wrong: float) -> None:
    params, result = computed(dimensions=100)

    spoilt = angles.checks(params, result.model_copy(update={number: wrong}))

    assert [check.ok for check in spoilt].count(False) == 1


def test_the_checks_compare_with_the_known_numbers() -> None:
    params, result = computed(dimensions=100)

    assert [check.want for check in angles.checks(params, result)] == [90, 5.7583, 61.3868, 0.1]


def test_landmarks_tell_the_law_of_nine_spaces() -> None:
    _, result = computed()

    spaces = [landmark.dimensions for landmark in result.landmarks]
    assert spaces == [2, 3, 5, 10, 30, 100, 300, 1000, 12_288]
    assert [landmark.near for landmark in result.landmarks[:2]] == [0.055556, 0.087156]


def test_a_seed_repeats_and_another_differs() -> None:
    assert computed(seed=1) == computed(seed=1)
    assert computed(seed=1)[1].bars != computed(seed=2)[1].bars


def test_a_wide_space_gets_fewer_vectors_unasked() -> None:
    assert Params(dimensions=100).vectors == 2000
    assert Params(dimensions=12_288).vectors == 325


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"dimensions": 1}, ("dimensions",)),
        ({"dimensions": 12_289}, ("dimensions",)),
        ({"dimensions": 2.5}, ("dimensions",)),
        ({"vectors": 49}, ("vectors",)),
        ({"vectors": 5001}, ("vectors",)),
        ({"class_size": -1}, ("class_size",)),
        ({"class_size": 2001}, ("class_size",)),
        ({"vector": 100}, ("vector",)),
        ({"dimensions": 0}, ("dimensions",)),
    ],
)
def test_parameters_out_of_bounds_are_refused(params: dict[str, float], field: tuple[str]) -> None:
    with pytest.raises(ValidationError) as caught:
        Params.model_validate(params)

    assert caught.value.errors()[0]["loc"] == field


def test_more_numbers_than_affordable_are_refused_in_words() -> None:
    with pytest.raises(ValidationError, match="in 4000 dimensions there can be 1000 vectors"):
        Params(dimensions=4000, vectors=1001)
    assert Params(dimensions=4000, vectors=1000).vectors == 1000


def test_the_caption_counts_pairs() -> None:
    assert angles.caption(*computed(dimensions=100)) == (
        "On a sheet of paper two random directions make any angle. "
        "In 100 dimensions 61 of 100 random pairs are within 5° of a right angle."
    )
    assert "more than 99.9\u00a0% of all random pairs" in angles.caption(
        *computed(dimensions=12_288)
    )
    assert "any other: 6 of 100 random pairs" in angles.caption(*computed(dimensions=2))


def test_the_text_equivalent_tells_this_picture_s_numbers() -> None:
    params, result = computed(dimensions=100)

    text = angles.text(params, result)

    assert "1,999,000 pairs the mean is 90.00 degrees" in text
    assert f"standard deviation {result.spread:.2f} degrees" in text
    assert "to the power 98" in text
    assert "8.7\u00a0% in 3, 20.1\u00a0% in 10, 99.4\u00a0% in 1,000" in text


def test_the_class_is_told_with_its_numbers() -> None:
    answers = ClassAnswers(n=4, values=[45, 85, 90, 180])

    assert angles.class_text(Params(), answers) == (
        "Dots under the axis show what the class guessed: 4 guesses, from 45 to 180 degrees, "
        "on average 100; 2 within 5 degrees of 90."
    )


def test_a_class_gets_a_direction_each_over_the_same_picture() -> None:
    params, alone = computed(dimensions=10, vectors=400)
    answers = ClassAnswers(n=28, counts=[20, 8], options=["a", "b"])

    asked = angles.with_answers(params, answers)
    result = angles.compute(asked, np.random.default_rng(7))

    rng = np.random.default_rng(7)
    rng.standard_normal((400, 10), dtype=np.float32)
    drawn = rng.standard_normal((28, 10), dtype=np.float32).astype(float)
    degrees = np.array(
        [
            math.degrees(math.acos(a @ b / math.sqrt((a @ a) * (b @ b))))
            for i, a in enumerate(drawn)
            for b in drawn[:i]
        ]
    )
    yours = result.yours
    assert yours is not None
    assert asked == params.model_copy(update={"class_size": 28})
    assert result == alone.model_copy(update={"yours": yours})
    assert (yours.vectors, yours.pairs, sum(yours.bars)) == (28, 378, 378)
    assert yours.mean == pytest.approx(degrees.mean(), abs=1e-4)
    assert yours.near == pytest.approx((np.abs(degrees - 90) < 5).mean(), abs=1e-5)
    # Scott's rule: 3.49 * 18.5° / 378^(1/3) = 8.9°, and the next narrower of the round widths.
    assert yours.bar_width == 6
    counts = np.histogram(degrees, bins=30, range=(0, 180))[0]
    first, last = np.flatnonzero(counts)[[0, -1]]
    assert (yours.first_bar, yours.bars) == (first, counts[first : last + 1].tolist())
    assert (
        f"28 more directions, one for each of the class: of their 378 pairs {100 * yours.near:.1f}\u00a0% "
        f"lie between 85 and 95 degrees, and the mean is {degrees.mean():.1f}."
    ) in angles.text(asked, result)


@pytest.mark.parametrize("size", [0, 1])
def test_less_than_two_have_no_angle(size: int) -> None:
    assert computed(class_size=size)[1].yours is None


def test_two_have_one_angle() -> None:
    params, result = computed(class_size=2)

    assert result.yours is not None
    assert result.yours.pairs == 1
    assert f"one for each of the class, are {result.yours.mean:.0f} degrees apart." in angles.text(
        params, result
    )


def test_a_large_class_in_a_wide_space_gets_what_is_affordable() -> None:
    crowd = angles.with_answers(Params(dimensions=12_288), ClassAnswers(n=5000))
    yours = angles.compute(crowd, np.random.default_rng(7)).yours

    assert crowd.class_size == 2000
    assert yours is not None
    assert yours.vectors == 325


def test_a_class_that_chose_is_told_too() -> None:
    answers = ClassAnswers(n=3, counts=[1, 2], options=["close to 45", "close to 90"])

    assert angles.class_text(Params(), answers) == (
        "The class answered “close to 45”: 1, “close to 90”: 2."
    )


def test_the_payload_is_small() -> None:
    payload = explanations.picture("angles", {}).model_dump_json(by_alias=True)

    assert len(gzip.compress(payload.encode())) < 3000
