# ruff: noqa: N806 (S, E, D are the letters of the formula)

import gzip
import math
from itertools import pairwise

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import integrate, optimize, stats
from sklearn.decomposition import PCA

from lessons import explanations
from lessons.explanations import ClassAnswers, sae
from lessons.explanations.sae import Autoencoder, Params, Result


def computed(seed: int = 7, **params: float) -> tuple[Params, Result]:
    given = Params.model_validate(params)
    return given, sae.compute(given, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def default() -> tuple[Params, Result]:
    return Params(), Result.model_validate(explanations.picture("sae", {}).data)


@pytest.fixture(scope="module")
def without_penalty() -> tuple[Params, Result]:
    return computed(penalty=0)


def a_model(rng: np.random.Generator, units: int = 7, neurons: int = 4) -> Autoencoder:
    D = sae.unit_rows(rng.standard_normal((units, neurons)))
    return Autoencoder(rng.standard_normal((units, neurons)), 0.3 * rng.standard_normal(units), D)


def test_the_loss_is_what_the_formula_says() -> None:
    rng = np.random.default_rng(1)
    model, x = a_model(rng), rng.standard_normal((5, 4))

    total = 0.0
    for sample in x:
        f = [max(0.0, float(e @ sample + b)) for e, b in zip(model.E, model.b, strict=True)]
        copy = sum(amount * d for amount, d in zip(f, model.D, strict=True))
        total += float(((sample - copy) ** 2).sum()) + 0.3 * sum(f)

    loss, _ = sae.loss_and_gradients(model, x, 0.3)
    assert loss == pytest.approx(total / 5, rel=1e-12)


@pytest.mark.parametrize("penalty", [0, 0.3])
def test_the_slopes_are_those_of_small_differences(penalty: float) -> None:
    rng = np.random.default_rng(2)
    model, x = a_model(rng), rng.standard_normal((50, 4))
    _, slopes = sae.loss_and_gradients(model, x, penalty)

    for part, slope in enumerate(slopes):
        for place in np.ndindex(slope.shape):

            def loss(off: float, part: int = part, place: tuple[int, ...] = place) -> float:
                moved = [values.copy() for values in model]
                moved[part][place] += off
                if part == 2:  # a decoder row is brought back to length 1
                    moved[part] = sae.unit_rows(moved[part])
                return sae.loss_and_gradients(Autoencoder(*moved), x, penalty)[0]

            difference = (loss(1e-6) - loss(-1e-6)) / 2e-6
            assert slope[place] == pytest.approx(difference, abs=1e-7)


def test_hidden_ideas_are_farther_apart_than_chance_and_no_farther_than_possible() -> None:
    S = sae.hidden_ideas(np.random.default_rng(7))

    cosines = np.abs(S @ S.T)[np.triu_indices(60, 1)]
    welch = math.sqrt((60 - 20) / (20 * 59))
    assert np.linalg.norm(S, axis=1) == pytest.approx(np.ones(60), abs=1e-6)
    assert welch < cosines.max() < 0.25


@pytest.mark.parametrize("presence", [0.01, 0.05, 0.2])
def test_samples_have_the_variance_of_their_ideas(presence: float) -> None:
    rng = np.random.default_rng(3)
    S = sae.hidden_ideas(rng)
    x = sae.samples(rng, S, presence)

    # Ideas are independent and of length 1: their variances add up.
    strength = stats.uniform(0.3, 0.7)
    each = presence * strength.moment(2) - (presence * strength.mean()) ** 2
    assert x.shape == (8192, 20)
    assert x.var(0).sum() == pytest.approx(60 * each, rel=0.05)
    np.testing.assert_allclose(x.mean(0), presence * 0.65 * S.sum(0), atol=0.015)


def test_nearly_all_ideas_are_found(default: tuple[Params, Result]) -> None:
    _, result = default

    assert result.found[0] == 0
    assert result.found[-1] >= 57
    assert result.match[-1] > 0.97
    # The true number of ideas that are on is 3; a copy through overlapping ideas needs a few more.
    assert 3 < result.active < 9


def test_the_best_copy_finds_nothing(without_penalty: tuple[Params, Result]) -> None:
    _, result = without_penalty

    assert result.error[-1] < 0.001
    assert result.found[-1] == 0


def test_the_sweep_tells_the_same_for_every_seed() -> None:
    with np.load(sae.ASSET) as stored:
        found, error = stored["found"], stored["error"]

    assert found.shape == error.shape == (len(sae.PENALTIES), sae.SEEDS)
    assert (found[:2] == 0).all()
    assert (error[0] < 0.001).all()
    means = error.mean(1)
    assert all(more > less for less, more in pairwise(means))
    best = found.mean(1).argmax()
    assert 0.15 < sae.PENALTIES[best] < 0.4
    assert found[best].min() >= 57
    assert found[-1].max() < 45


def test_a_picture_lies_on_the_sweep(
    default: tuple[Params, Result], without_penalty: tuple[Params, Result]
) -> None:
    for params, result in (default, without_penalty):
        at = result.sweep_penalty.index(params.penalty)
        assert result.error[-1] == pytest.approx(result.sweep_error[at], abs=0.01)
        assert result.found[-1] == pytest.approx(result.sweep_found[at], abs=3)


def test_the_table_shows_what_was_found(default: tuple[Params, Result]) -> None:
    _, result = default

    cells = np.array([[int(level) for level in snapshot] for snapshot in result.cells])
    cells = cells.reshape(12, 60, 60)
    assert cells.max() == len(result.levels)
    assert (cells == 4).any(2).sum(1).tolist() == result.found
    diagonal = np.diagonal(cells[-1])
    assert (diagonal == 4).sum() == result.found[-1]
    # What is found first stands first: the diagonal grows downwards.
    for snapshot in cells[4:]:
        from_here_on = (cells[-1].diagonal() == 4) & (np.diagonal(snapshot) == 4)
        found = np.flatnonzero(from_here_on)
        assert found.mean() <= result.found[-1] / 2
    # Noise reaches the first level with one cell in twenty.
    noise = stats.beta(19 / 2, 19 / 2)
    assert (cells[0] > 0).mean() == pytest.approx(1 - noise.cdf((1 + 0.35) / 2), abs=0.02)


def test_the_best_pairs_are_matched_as_an_optimal_assignment_does() -> None:
    rng = np.random.default_rng(5)
    S = sae.unit_rows(rng.standard_normal((60, 20)))
    shuffled = rng.permutation(60)
    learned = sae.unit_rows(S[shuffled] + 0.05 * rng.standard_normal((60, 20)))
    cosines = S @ learned.T

    ideas, units = optimize.linear_sum_assignment(cosines, maximize=True)
    assert sae.matched(cosines).tolist() == units[np.argsort(ideas)].tolist()
    assert shuffled[sae.matched(cosines)].tolist() == list(range(60))


def test_of_few_units_each_is_matched_once() -> None:
    cosines = np.random.default_rng(6).uniform(-1, 1, (60, 20))

    partner = sae.matched(cosines)
    ideas, units = optimize.linear_sum_assignment(cosines, maximize=True)
    assert sorted(partner[partner >= 0]) == list(range(20))
    total = cosines[partner >= 0, partner[partner >= 0]].sum()
    assert 0.9 * cosines[ideas, units].sum() < total <= cosines[ideas, units].sum()

    rows, columns = sae.reading_order(cosines[None])
    assert sorted(rows) == list(range(60))
    assert sorted(columns) == list(range(20))
    assert columns.tolist() == partner[rows[:20]].tolist()


def test_principal_components_are_those_of_scikit_learn(default: tuple[Params, Result]) -> None:
    _, result = default
    rng = np.random.default_rng(7)
    S = sae.hidden_ideas(rng)
    x = sae.samples(rng, S, 0.05)

    components = PCA().fit(x).components_
    assert result.pca == pytest.approx(np.abs(S @ components.T).max(1).mean(), abs=1e-3)
    assert result.axes == pytest.approx(np.abs(S).max(1).mean(), abs=1e-3)
    assert max(result.pca, result.axes, result.chance) < 0.55 < result.match[-1]


@pytest.mark.parametrize("units", [1, 20, 60, 100])
def test_chance_matches_as_the_law_of_a_largest_cosine_says(units: int) -> None:
    # (cosine + 1) / 2 of two random directions in 20 dimensions is beta with parameters 19/2.
    law = stats.beta(19 / 2, 19 / 2)
    below, _ = integrate.quad(lambda c: law.cdf((c + 1) / 2) ** units, -1, 1)

    assert sae.expected_match(units) == pytest.approx(1 - below, abs=2e-3)


@pytest.mark.parametrize(
    "params",
    [
        {"penalty": 0.2},
        {"penalty": 1, "presence": 1},
        {"penalty": 0.1, "presence": 20, "units": 20},
    ],
)
def test_measured_and_theory_agree(params: dict[str, float]) -> None:
    given, result = computed(11, **params)

    assert [check.name for check in sae.checks(given, result) if not check.ok] == []


def test_the_balance_needs_the_whole_penalty(default: tuple[Params, Result]) -> None:
    params, result = default
    rng = np.random.default_rng(7)
    S = sae.hidden_ideas(rng)
    x = sae.samples(rng, S, 0.05)
    model = sae.train(rng, x, 60, 0.25)[-1]

    f = model.units_on(x)
    copied = (x**2).sum(1).mean() - ((f @ model.D) ** 2).sum(1).mean()
    price = 0.25 * f.sum(1).mean()
    variance = x.var(0).sum()
    assert result.balance == pytest.approx((copied - price) / variance, abs=1e-4)
    # Half or twice the price would be seen at once.
    for wrong in (copied - price / 2, copied - 2 * price):
        spoilt = result.model_copy(update={"balance": float(wrong / variance)})
        assert [check.ok for check in sae.checks(params, spoilt)].count(False) == 1


@pytest.mark.parametrize(
    ("number", "wrong"),
    [("found", [54]), ("match", [0.94]), ("error", [0.185]), ("chance", 0.545)],
)
def test_a_number_off_fails_its_check(
    default: tuple[Params, Result], number: str, wrong: object
) -> None:
    params, result = default

    spoilt = sae.checks(params, result.model_copy(update={number: wrong}))

    assert [check.ok for check in spoilt].count(False) == 1


def test_all_found_is_only_expected_of_a_fitting_penalty(
    without_penalty: tuple[Params, Result],
) -> None:
    names = [check.name for check in sae.checks(*without_penalty)]

    assert names == ["copying error", "cosine by chance"]


def test_units_that_are_never_on_start_where_the_copy_misses() -> None:
    rng = np.random.default_rng(4)
    x = np.array([[2.0, 0.0], [0.0, 2.0]])
    # The first unit copies the first sample, the second is never on.
    model = Autoencoder(
        np.array([[1.0, 0.0], [-1.0, -1.0]]), np.array([0.0, -1.0]), np.array([[1.0, 0], [0, -1.0]])
    )

    sae.revive(rng, model, x)

    np.testing.assert_allclose(model.D, [[1, 0], [0, 1]])
    np.testing.assert_allclose(model.E, [[1, 0], [0, 1]])
    np.testing.assert_allclose(model.b, [0, 0])


def test_in_the_plane_arrows_snap_onto_the_spokes(default: tuple[Params, Result]) -> None:
    _, result = default

    spokes = sae.regular_spokes()
    arrows = np.array(result.arrows[-1]) / 100
    used = arrows[np.array(result.use[-1]) > 1]
    turns = np.degrees(np.arctan2(used[:, 1], used[:, 0]))
    off = [
        min(abs((t - spoke + 180) % 360 - 180) for t in turns) for spoke in (90, 18, -54, -126, 162)
    ]
    assert spokes[1] == pytest.approx([math.cos(math.radians(18)), math.sin(math.radians(18))])
    assert max(off) == pytest.approx(result.astray, abs=0.6)
    assert result.astray < 4
    assert np.linalg.norm(arrows, axis=1) == pytest.approx(np.ones(8), abs=0.01)
    # Most samples show one idea: they lie on a spoke, between 0.3 and 1.
    cloud = np.array(result.cloud) / 100
    nearest = (cloud @ spokes.T).max(1)
    on_spoke = np.abs(nearest - np.linalg.norm(cloud, axis=1)) < 0.003
    assert 0.8 < on_spoke.mean() < 1
    assert np.quantile(nearest[on_spoke], [0.1, 0.5, 0.9]) == pytest.approx(
        [0.37, 0.65, 0.93], abs=0.07
    )


def test_without_arrows_every_spoke_is_missed() -> None:
    assert sae.astray(sae.regular_spokes(), np.empty((0, 2))) == 180
    assert sae.astray(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0], [-1.0, 0.0]])) == 90


def test_a_seed_repeats_and_another_differs(default: tuple[Params, Result]) -> None:
    assert computed(7) == default
    assert computed(8, units=20)[1].cloud != default[1].cloud


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"penalty": -0.01}, "penalty"),
        ({"penalty": 1.01}, "penalty"),
        ({"units": 19}, "units"),
        ({"units": 101}, "units"),
        ({"presence": 0}, "presence"),
        ({"presence": 21}, "presence"),
        ({"lambda": 0.2}, "lambda"),
    ],
)
def test_parameters_out_of_bounds_are_refused(params: dict[str, float], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Params.model_validate(params)

    assert caught.value.errors()[0]["loc"] == (field,)


def test_the_caption_counts_ideas(default: tuple[Params, Result]) -> None:
    _, result = default

    assert sae.caption(*default) == (
        "60 ideas overlap in 20 neurons. An autoencoder that pays for every unit it uses finds "
        f"{result.found[-1]} of them; its copy misses 17\u00a0%. Without the price the copy is "
        "nearly perfect, and it finds 0."
    )


def test_without_penalty_the_caption_speaks_of_no_price(
    without_penalty: tuple[Params, Result],
) -> None:
    assert sae.caption(*without_penalty) == (
        "60 ideas overlap in 20 neurons. An autoencoder that may use as many units as it likes "
        "misses 0.0\u00a0% of what it copies, and finds 0 of the ideas."
    )


def test_the_text_equivalent_tells_this_picture_s_numbers(default: tuple[Params, Result]) -> None:
    _, result = default

    text = sae.text(*default)

    assert f"0 at step 1, {result.found[4]} at step 90" in text
    assert f"{result.found[-1]} at step 1,200" in text
    assert "random directions would have 0.50" in text
    assert f"misses {100 * result.error[-1]:.1f}\u00a0% of the variance" in text
    assert "λ = 0: 0 found, 0.0\u00a0% missed" in text
    assert f"at most {result.astray:.1f} degrees" in text


def test_the_class_is_told_with_its_numbers() -> None:
    assert sae.class_text(Params(), ClassAnswers(n=4, values=[0, 20, 60, 60])) == (
        "Dots under the axis of found ideas show what the class guessed: 4 guesses, from 0 to 60 "
        "ideas, on average 35; 1 said 0."
    )
    assert sae.class_text(Params(), ClassAnswers(n=3, counts=[1, 2], options=["none", "all"])) == (
        "The class answered “none”: 1, “all”: 2."
    )


def test_the_payload_is_small() -> None:
    payload = explanations.picture("sae", {}).model_dump_json(by_alias=True)

    assert len(gzip.compress(payload.encode())) < 5500
