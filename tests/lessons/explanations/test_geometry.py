"""Fractions of a dimension: the stored weights against the code, the map against a minimiser."""

# ruff: noqa: N806 (W is the letter of the formula)

import gzip

import numpy as np
import pytest
from scipy.optimize import minimize

from lessons.explanations import ClassAnswers, picture
from lessons.explanations._superposition import dimensions
from lessons.explanations.geometry import (
    ASSET,
    BOTH,
    NEURONS,
    PHASE_IMPORTANCE,
    PHASE_RARITY,
    RARITY,
    Params,
    best_of_two,
    caption,
    checks,
    class_text,
    compute,
    groups_of,
    kept_of_two,
    text,
    train_pairs,
    train_worlds,
)

RESULT = compute(Params(), np.random.default_rng(0))


def stored(name: str) -> np.ndarray:
    with np.load(ASSET) as asset:
        return np.array(asset[name], dtype=float)


def test_every_check_holds() -> None:
    assert [check.name for check in checks(Params(), RESULT) if not check.ok] == []


def test_the_shares_are_those_of_the_stored_weights() -> None:
    for W, shares in zip(stored("worlds"), RESULT.shares, strict=True):
        expected = []
        for own in W:
            along = sum(float(own @ other) ** 2 for other in W) / float(own @ own)
            share = float(own @ own) / along
            if share > 0.02:
                expected.append(share)
        assert sorted(shares) == pytest.approx(
            [1000 * share for share in sorted(expected)], abs=0.51
        )


def test_the_code_finds_the_plateau_anew() -> None:
    rarity = np.array([2.5, 2.7])
    W = train_worlds(
        np.random.default_rng(1), rarity=rarity, ideas=60, neurons=6, steps=2000, batch=256
    )

    for world in W:
        kept = np.linalg.norm(world, axis=1) > 0.5
        assert kept.sum() == 10
        assert np.abs(dimensions(world)[kept] - 0.5).max() < 0.015
        assert sorted(len(group) for group in groups_of(world)) == [2] * 5


def test_the_code_draws_the_map_anew() -> None:
    rows, columns = slice(1, None, 5), slice(2, None, 5)
    W = train_pairs(
        np.random.default_rng(1),
        rarity=PHASE_RARITY[columns],
        importance=PHASE_IMPORTANCE[rows],
    )

    again = kept_of_two(W)
    assert (again == best_of_two()[rows, columns]).mean() >= 0.9
    assert (again == np.array(RESULT.phase)[rows, columns]).mean() >= 0.9


def test_at_rarity_five_two_pentagons_and_two_antiprisms_fill_ten_dimensions() -> None:
    families = RESULT.families[10]

    assert [(family.name, family.size, family.dimensions, family.times) for family in families] == [
        ("pentagon", 5, 2, 2),
        ("square antiprism", 8, 3, 2),
    ]
    assert sum(family.dimensions * family.times for family in families) == NEURONS


def test_pairs_hold_their_price_while_rarity_doubles() -> None:
    plateau = [world for world, rarity in enumerate(RARITY) if 1.8 < rarity < 3.6]

    assert len(plateau) == 5
    for world in plateau:
        assert {family.name for family in RESULT.families[world]} == {"pair"}


def test_most_kept_ideas_are_not_on_a_simple_fraction() -> None:
    assert 0.2 < RESULT.on_rails < 0.35


def test_an_antiprism_stands_on_its_square() -> None:
    heights = np.array(RESULT.families[10][1].arrows)[:, 2] / 100

    assert (heights > 0).sum() == 4
    assert np.abs(heights).std() < 0.05


def test_families_are_told_apart_by_their_right_angles() -> None:
    turns = 2 * np.pi * np.arange(5) / 5
    W = np.zeros((8, 4))
    W[:5, :2] = 1.17 * np.stack([np.sin(turns), np.cos(turns)], axis=1)
    W[5, 2], W[6, 2], W[7, 3] = 1, -1, 0.2

    assert sorted(group.tolist() for group in groups_of(W)) == [[0, 1, 2, 3, 4], [5, 6]]


def test_equally_important_ideas_pair_up_from_four_sevenths_down() -> None:
    p = 4 / 7

    assert p**2 * (1 + 1) / 6 == pytest.approx(p / 3 - p**2 / 4)


@pytest.mark.parametrize("importance", [0.15, 0.5, 1.5, 3.0, 8.0])
@pytest.mark.parametrize("rarity", [1.15, 2.4, 6.0, 15.0])
def test_the_formulas_agree_with_an_independent_minimiser(importance: float, rarity: float) -> None:
    p = 1 / rarity
    variance = p / 3 - p**2 / 4
    formulas = [importance * variance, variance, p**2 * (1 + importance) / 6]

    found = min(
        (
            minimize(two_ideas_loss, start, args=(p, importance), method="Nelder-Mead")
            for start in ([1, 0, 0, 0.3], [0, 1, 0.3, 0], [1, -1, 0, 0])
        ),
        key=lambda one: float(one.fun),
    )

    # The formulas fix lengths and biases that a network may still improve, but only a little.
    assert 0.85 * min(formulas) < found.fun <= min(formulas) * 1.002
    assert kept_of_two(found.x[:2]) == np.argmin(formulas)


def two_ideas_loss(weights_and_biases: np.ndarray, p: float, importance: float) -> float:
    """Expected loss of x' = ReLU(w (w·x) + b) by Gauss-Legendre, without any of our code."""
    w, b = weights_and_biases[:2], weights_and_biases[2:]
    nodes, weights = np.polynomial.legendre.leggauss(16)
    nodes, weights = (nodes + 1) / 2, weights / 2
    loss = 0.0
    for on in ((0, 0), (1, 0), (0, 1), (1, 1)):
        x = np.stack(np.meshgrid(nodes * on[0], nodes * on[1], indexing="ij"))
        read = np.maximum(w[:, None, None] * np.tensordot(w, x, axes=1) + b[:, None, None], 0)
        error = (x - read) ** 2
        chance = p ** sum(on) * (1 - p) ** (2 - sum(on))
        loss += chance * float(weights @ (error[0] + importance * error[1]) @ weights)
    return loss


def test_the_map_keeps_the_important_idea_or_both() -> None:
    best = best_of_two()

    assert (best[:, -4:] == BOTH).all()
    assert best[0, 0] == 0  # the first idea is the important one
    assert best[-1, 0] == 1


def test_words_have_this_pictures_numbers() -> None:
    assert caption(Params(), RESULT) == (
        "When an idea is on 1 time in 4.8, ten neurons keep 26 of 100: 2 pentagons and 2 square "
        "antiprisms. It is rarely so neat: 27 % of all kept ideas are on one of these lines."
    )
    assert "; 1.9 to 3.0: 18 kept (9 pairs of 2 in 1 dimension); 3.5: 20 kept (" in text(
        Params(), RESULT
    )


def test_the_class_is_told_in_its_own_words() -> None:
    answers = ClassAnswers(n=3, counts=[1, 2], options=["1/2", "2/5"])

    assert class_text(Params(), answers) == "The class voted: 1 for 1/2, 2 for 2/5."


def test_asset_and_payload_are_small() -> None:
    assert ASSET.stat().st_size < 100_000
    assert len(gzip.compress(picture("geometry", {}).model_dump_json().encode())) < 6000
