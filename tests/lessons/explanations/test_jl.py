import gzip
import math
from itertools import pairwise

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats
from scipy.spatial.distance import pdist
from sklearn.random_projection import johnson_lindenstrauss_min_dim

from lessons import explanations
from lessons.explanations import ClassAnswers, jl
from lessons.explanations.jl import Params, Result


def computed(seed: int = 7, **params: int) -> tuple[Params, Result]:
    given = Params(**params)
    return given, jl.compute(given, np.random.default_rng(seed))


def chance(kept: int, tolerance: float) -> float:
    """Of a distance within the tolerance, by scipy: k times the squared ratio is chi-square."""
    law = stats.chi2(kept)
    return float(law.cdf(kept * (1 + tolerance) ** 2) - law.cdf(kept * (1 - tolerance) ** 2))


@pytest.mark.parametrize("kept", [1, 2, 3, 10, 100, 192, 1000, 19_207])
@pytest.mark.parametrize("tolerance", [0.01, 0.1, 0.5])
def test_the_share_inside_is_a_chi_square_probability(kept: int, tolerance: float) -> None:
    assert jl.exact_inside(kept, tolerance) == pytest.approx(chance(kept, tolerance), abs=1e-10)


def test_from_192_dimensions_on_95_of_100_distances_are_within_ten_percent() -> None:
    shares = [chance(kept, 0.1) for kept in range(1, 1500)]

    assert [kept for kept, share in enumerate(shares, start=1) if share < 0.95][-1] == 191
    assert all(more > fewer for fewer, more in pairwise(shares))
    assert jl.enough(0.95, 0.1) == 192 == jl.ENOUGH


@pytest.mark.parametrize(
    ("tolerance", "kept"), [(0.5, 8), (0.2, 48), (0.05, 768), (0.02, 4802), (0.01, 19_207)]
)
def test_half_the_error_takes_four_times_the_dimensions(tolerance: float, kept: int) -> None:
    assert jl.enough(0.95, tolerance) == kept
    assert chance(kept, tolerance) >= 0.95 > chance(kept - 1, tolerance)


@pytest.mark.parametrize("points", [100, 500, 10_000, 1_000_000])
@pytest.mark.parametrize("tolerance", [0.5, 0.1, 0.01])
def test_the_lemma_asks_for_what_scikit_learn_asks_for(points: int, tolerance: float) -> None:
    expected = johnson_lindenstrauss_min_dim(points, eps=tolerance)

    assert int(jl.lemma_bound(points, tolerance)) == expected


def test_the_lemma_has_its_known_numbers() -> None:
    bounds = [int(jl.lemma_bound(1_000_000, tolerance)) for tolerance in (0.5, 0.1, 0.01)]

    assert bounds == [663, 11_841, 1_112_658]


def test_the_lemma_for_distances_allows_their_squares_a_little_less_than_twice_as_much() -> None:
    # (1 - 0.1)² = 1 - 0.19; the other side, (1 + 0.1)² = 1 + 0.21, is then kept too.
    assert jl.lemma_for_distances(500, 0.1) == johnson_lindenstrauss_min_dim(500, eps=0.19) + 1


def test_every_pair_is_measured_with_its_own_distances() -> None:
    _, result = computed(points=100, dimensions=1000)

    rng = np.random.default_rng(7)
    points = rng.standard_normal((100, 1000), dtype=np.float32).astype(float)
    matrix = rng.standard_normal((1000, 1000), dtype=np.float32).astype(float)
    for kept in (1, 10, 192, 1000):
        stop = result.kept.index(kept)
        ratios = pdist(points @ matrix[:, :kept] / math.sqrt(kept)) / pdist(points)
        edges = 1 + (result.first_bar + result.bar_width * np.arange(37)) / math.sqrt(2 * kept)
        edges[0], edges[-1] = -math.inf, math.inf
        expected, _ = np.histogram(ratios, bins=edges)

        # Single precision may put a ratio on the other side of an edge.
        np.testing.assert_allclose(result.bars[stop], expected, atol=2)
        assert sum(result.bars[stop]) == result.pairs == 4950
        # The pairs (0, 1), (2, 3), ... are followed.
        first = [np.linalg.norm(points[2 * i] - points[2 * i + 1]) for i in range(32)]
        image = points @ matrix[:, :kept] / math.sqrt(kept)
        then = [np.linalg.norm(image[2 * i] - image[2 * i + 1]) for i in range(32)]
        threads = [thread[stop] for thread in result.threads]
        np.testing.assert_allclose(threads, 1000 * np.array(then) / first, atol=0.6)
        if kept == 192:
            assert result.inside == pytest.approx((np.abs(ratios - 1) < 0.1).mean(), abs=5e-4)
            assert result.mean == pytest.approx(ratios.mean(), abs=2e-5)
            assert result.mean_square == pytest.approx((ratios**2).mean(), abs=2e-5)
            assert result.variance_square == pytest.approx(((ratios**2 - 1) ** 2).mean(), abs=2e-6)


@pytest.mark.parametrize("stop", range(len(jl.KEPT)))
def test_the_bars_follow_the_law(stop: int) -> None:
    _, result = DEFAULT

    kept = result.kept[stop]
    edges = 1 + (result.first_bar + result.bar_width * np.arange(1, 36)) / math.sqrt(2 * kept)
    below = stats.chi2(kept).cdf(kept * np.maximum(edges, 0) ** 2)
    law = np.diff(below, prepend=0, append=1)
    distance = np.abs(np.array(result.bars[stop]) / result.pairs - law).sum() / 2

    # A bar more or less at either end would be worth ten percent in the middle.
    assert distance < 0.035


DEFAULT = computed()


@pytest.mark.parametrize(
    "params",
    [{"points": 100, "dimensions": 1000}, {"points": 300, "dimensions": 2000}],
)
@pytest.mark.parametrize("seed", [0, 7, 2026])
def test_measured_and_theory_agree(seed: int, params: dict[str, int]) -> None:
    given, result = computed(seed, **params)

    assert [check.name for check in jl.checks(given, result) if not check.ok] == []


@pytest.mark.parametrize(
    ("number", "wrong"),
    [("inside", 0.92), ("mean_square", 1.03), ("variance_square", 0.0125), ("mean", 0.985)],
)
def test_a_number_slightly_off_fails_its_check(number: str, wrong: float) -> None:
    params, result = DEFAULT

    spoilt = jl.checks(params, result.model_copy(update={number: wrong}))

    assert [check.ok for check in spoilt].count(False) == 1


def test_squared_distances_would_fail_the_check() -> None:
    params, result = DEFAULT

    # Of the squares only two thirds are within ten percent, at the same k.
    of_squares = stats.chi2(192).cdf(192 * 1.1) - stats.chi2(192).cdf(192 * 0.9)
    spoilt = jl.checks(params, result.model_copy(update={"inside": float(of_squares)}))

    assert of_squares == pytest.approx(0.673, abs=0.001)
    assert not spoilt[0].ok


def test_the_checks_compare_with_the_known_numbers() -> None:
    wanted = [check.want for check in jl.checks(*DEFAULT)]

    mean = stats.chi(192).mean() / math.sqrt(192)
    assert wanted == pytest.approx([95.015, 1, 100 * math.sqrt(2 / 192), mean], abs=5e-4)


def test_tolerances_know_that_pairs_share_a_projection() -> None:
    params, _ = DEFAULT
    kept, small = 20, Params(points=100, dimensions=1000)
    cloud = np.random.default_rng(3).standard_normal((100, 1000))
    differences = (cloud[:, None] - cloud)[np.triu_indices(100, 1)]
    differences /= np.linalg.norm(differences, axis=1)[:, None]
    # Every difference has the same company, so some stand for all.
    cosines = differences[::12] @ differences.T

    # The variance of a mean is the mean of all covariances: of squares c² 2/k, of a squared square
    # the part that is linear in it 32/k³ c², the rest (8/k² + 16/k³) c⁴.
    square, fourth = (cosines**2).mean(), (cosines**4).mean()
    error = jl._standard_error(lambda r: r**2, kept, small)
    further = jl._standard_error(lambda r: (r**2 - 1) ** 2, kept, small)

    assert error**2 == pytest.approx(2 / kept * square, rel=0.03)
    assert further**2 == pytest.approx(
        32 / kept**3 * square + (8 / kept**2 + 16 / kept**3) * fourth, rel=0.06
    )
    assert jl._standard_error(lambda r: r**2, kept, params) < error


def test_the_dimensions_before_change_nothing() -> None:
    few, many = computed(dimensions=1000)[1], DEFAULT[1]

    assert few.inside == pytest.approx(many.inside, abs=0.015)
    assert few.bars != many.bars


def test_a_seed_repeats_and_another_differs() -> None:
    small = {"points": 100, "dimensions": 1000}

    assert computed(seed=1, **small) == computed(seed=1, **small)
    assert computed(seed=1, **small)[1].bars != computed(seed=2, **small)[1].bars


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"points": 99}, "points"),
        ({"points": 601}, "points"),
        ({"points": 150.5}, "points"),
        ({"dimensions": 999}, "dimensions"),
        ({"dimensions": 10_001}, "dimensions"),
        ({"kept": 192}, "kept"),
    ],
)
def test_parameters_out_of_bounds_are_refused(params: dict[str, float], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Params.model_validate(params)

    assert caught.value.errors()[0]["loc"] == (field,)


def test_the_caption_counts_distances() -> None:
    assert jl.caption(*DEFAULT) == (
        "Throw 500 points from 5,000 dimensions into 192, at random, and 95 of 100 distances change "
        "by less than 10\u00a0%. For 5\u00a0% it takes 768 dimensions, for 1\u00a0% 19,207."
    )


def test_the_text_equivalent_tells_this_picture_s_numbers() -> None:
    params, result = DEFAULT

    text = jl.text(params, result)

    assert f"{100 * result.inside:.1f}\u00a0% of all 124,750 distances among 500 points" in text
    assert "9.7\u00a0% with 1, 34.1\u00a0% with 10, 84.3\u00a0% with 100" in text
    assert "within 5\u00a0% takes 768, within 1\u00a0% 19,207" in text
    assert "from 1,577 dimensions on" in text


def test_the_class_is_told_with_its_numbers() -> None:
    answers = ClassAnswers(n=4, values=[10, 150, 250, 1000])

    assert jl.class_text(Params(), answers) == (
        "Dots under the axis show what the class guessed: 4 guesses, from 10 to 1,000 dimensions, "
        "the middle one 200; 2 between half and twice 192."
    )


def test_a_class_that_chose_is_told_too() -> None:
    answers = ClassAnswers(n=3, counts=[1, 2], options=["about 20", "about 200"])

    assert jl.class_text(Params(), answers) == ("The class answered “about 20”: 1, “about 200”: 2.")


def test_the_payload_is_small() -> None:
    payload = explanations.picture("jl", {}).model_dump_json(by_alias=True)

    assert len(gzip.compress(payload.encode())) < 5200
