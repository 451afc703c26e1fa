import gzip
import math

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats

from lessons import explanations
from lessons.explanations import ClassAnswers, probe
from lessons.explanations.probe import Params, Readouts, Result

EXTREMES: list[dict[str, int]] = [
    {},
    {"dimensions": 16, "active": 40},
    {"dimensions": 16, "active": 2},
    {"dimensions": 1024, "active": 40},
    {"dimensions": 1024, "active": 2},
    {"features": 50, "active": 40, "dimensions": 16},
    {"features": 50, "active": 2},
    {"features": 200, "active": 20, "dimensions": 64},
]


def computed(seed: int = 7, **params: float) -> tuple[Params, Result]:
    given = Params.model_validate(params)
    return given, probe.compute(given, np.random.default_rng(seed))


def by_hand(params: Params, seed: int = 7) -> tuple[list[float], list[float], list[float]]:
    """Read-outs of ideas in a text and of others, and angles to own ideas, one after the other."""
    rng = np.random.default_rng(seed)
    drawn = rng.standard_normal((params.features, params.dimensions), dtype=np.float32).astype(
        float
    )
    ideas = [row / math.sqrt(sum(row * row)) for row in drawn]
    hands = probe._dealt(params, rng)
    present: list[float] = []
    absent: list[float] = []
    own_angles: list[float] = []
    for own in map(set, hands.tolist()):
        vector = sum(ideas[idea] for idea in own)
        length = math.sqrt(vector @ vector)
        for idea, direction in enumerate(ideas):
            readout = float(vector @ direction)
            (present if idea in own else absent).append(readout)
            if idea in own:
                own_angles.append(math.degrees(math.acos(readout / length)))
    return present, absent, own_angles


def test_every_idea_of_every_text_is_read_once() -> None:
    params, result = computed(features=60, dimensions=20, active=3)

    present, absent, own_angles = by_hand(params)

    for readouts, expected in ((result.present, present), (result.absent, absent)):
        assert readouts.n == len(expected)
        assert readouts.mean == pytest.approx(np.mean(expected), abs=1e-4)
        assert readouts.spread == pytest.approx(np.std(expected), abs=1e-4)
        assert readouts.above == pytest.approx(np.mean(np.array(expected) > 0.5), abs=1e-6)
        edges = readouts.lowest + readouts.bar_width * np.arange(len(readouts.bars) + 1)
        counts, _ = np.histogram(expected, edges)
        # Single precision may put a read-out on the other side of an edge.
        assert np.abs(counts - readouts.bars).max() <= 1
    assert result.own_angle == pytest.approx(np.mean(own_angles), abs=0.01)
    # The sum of all own read-outs of a text is the square of its length.
    assert result.length**2 == pytest.approx(3 * np.mean(present), abs=1e-3)


@pytest.mark.parametrize("features", [50, 51, 2000])
def test_a_text_has_different_ideas_and_every_idea_its_turn(features: int) -> None:
    params = Params(features=features, active=7, dimensions=1024)

    hands = probe._dealt(params, np.random.default_rng(7))

    assert hands.shape == (100, 7)
    assert all(len(set(hand)) == 7 for hand in hands.tolist())
    times = np.bincount(hands.ravel(), minlength=features)
    # 14 full decks leave 700 - 14 * 49 cards; or one deck is not used up.
    assert times.min() >= (9 if features < 2000 else 0)
    assert times.max() <= (15 if features < 2000 else 1)
    assert not np.array_equal(hands[:7], np.sort(hands[:7], axis=1))


@pytest.mark.parametrize("params", EXTREMES)
@pytest.mark.parametrize("seed", range(3))
def test_measured_and_theory_agree(params: dict[str, int], seed: int) -> None:
    given, result = computed(seed, **params)

    assert [check.name for check in probe.checks(given, result) if not check.ok] == []


def test_an_idea_that_is_in_adds_exactly_one() -> None:
    """And loses one cosine, its own: the two spreads differ by √(k/(k-1)), not by chance."""
    theory = {check.name: check.want for check in probe.checks(*computed())}

    assert theory["idea in the text, mean"] == 1
    assert theory["its spread"] == 0.1875  # √(9/256)
    assert theory["idea not in it, spread"] == 0.1976  # √(10/256)
    assert theory["its mean"] == 0


def test_the_tolerances_claim_what_chance_does() -> None:
    """Over many seeds, the misses are as large as the tolerances claim, neither more nor much less."""
    misses = []
    for seed in range(40):
        given, result = computed(seed, features=200, dimensions=64, active=5)
        misses.append([(c.got - c.want) / (c.tol / 5) for c in probe.checks(given, result)])

    typical = np.sqrt(np.square(misses).mean(axis=0))

    assert (typical > 0.35).all()
    assert (typical < 1.35).all()


@pytest.mark.parametrize(
    ("which", "number", "wrong"),
    [
        ("present", "mean", 0.95),
        ("present", "spread", 0.22),
        ("absent", "mean", 0.004),
        ("absent", "spread", 0.203),
        ("absent", "above", 0.0073),
    ],
)
def test_a_number_slightly_off_fails_its_check(which: str, number: str, wrong: float) -> None:
    params, result = computed()
    readouts: Readouts = getattr(result, which)

    spoilt = result.model_copy(update={which: readouts.model_copy(update={number: wrong})})

    assert [check.ok for check in probe.checks(params, spoilt)].count(False) == 1


def test_with_one_other_idea_the_chance_is_nearly_that_of_one_cosine() -> None:
    """Where the normal law is at its worst: the correction takes two thirds of its error away."""
    exact = stats.beta.sf(0.75, 15 / 2, 15 / 2)  # a cosine in 16 dimensions is 2B - 1
    normal = stats.norm.sf(0.5 * 4)

    assert abs(probe.beyond_half(1, 16) - exact) < abs(normal - exact) / 2.5


def test_the_chance_of_a_mistake_is_that_of_many_drawn_sums() -> None:
    rng = np.random.default_rng(3)
    # With the pole on the first axis, the cosine is the first number over the length.
    drawn = rng.standard_normal((300_000, 4, 16), dtype=np.float32)
    sums = (drawn[..., 0] / np.linalg.norm(drawn, axis=2)).sum(axis=1)

    chance = probe.beyond_half(4, 16)

    # Five standard errors; without the correction it would be 0.1587.
    assert (sums > 0.5).mean() == pytest.approx(chance, abs=5 * math.sqrt(chance / 300_000))
    assert chance == pytest.approx(0.1603, abs=0.0001)


def test_the_known_figures_of_ten_ideas_in_256_dimensions() -> None:
    """Measured elsewhere with 200 texts: 0.9905 and 0.1856, 0.0002 and 0.1967, 0.54 % wrong."""
    results = [computed(seed)[1] for seed in range(6)]

    assert np.mean([r.present.mean for r in results]) == pytest.approx(0.9905, abs=0.02)
    assert np.mean([r.present.spread for r in results]) == pytest.approx(0.1856, abs=0.01)
    assert np.mean([r.absent.mean for r in results]) == pytest.approx(0.0002, abs=0.001)
    assert np.mean([r.absent.spread for r in results]) == pytest.approx(0.1967, abs=0.002)
    assert np.mean([r.absent.above for r in results]) == pytest.approx(0.0054, abs=0.0006)


@pytest.mark.parametrize("params", [each for each in EXTREMES if "features" not in each])
def test_the_bars_follow_the_normal_law(params: dict[str, int]) -> None:
    given, result = computed(**params)
    spread = math.sqrt(given.active / given.dimensions)

    edges = result.absent.lowest + result.absent.bar_width * np.arange(len(result.absent.bars) + 1)
    law = np.diff(stats.norm.cdf(edges, 0, spread))
    distance = np.abs(np.array(result.absent.bars) / result.absent.n - law).sum() / 2

    # Bars moved by one place would be off by 8 %; two ideas in 16 dimensions are the least normal.
    assert distance < 0.015
    assert result.absent.lowest >= probe.LOWEST - 1e-9
    assert edges[-1] <= probe.HIGHEST + 1e-9


def test_how_many_ideas_exist_does_not_blur_but_makes_more_mistakes() -> None:
    _, few = computed(features=200)
    _, many = computed(features=2000)

    assert many.absent.spread == pytest.approx(few.absent.spread, rel=0.05)
    assert many.absent.above * 1990 > 7 * few.absent.above * 190 > 0


def test_a_text_is_as_long_as_the_root_of_its_ideas_and_far_from_each() -> None:
    for active in (2, 10, 40):
        _, result = computed(active=active, dimensions=1024)

        assert result.length == pytest.approx(math.sqrt(active), rel=0.01)
        expected = math.degrees(math.acos(1 / math.sqrt(active)))
        assert result.own_angle == pytest.approx(expected, abs=0.5)


def test_a_seed_repeats_and_another_differs() -> None:
    assert computed(seed=1) == computed(seed=1)
    assert computed(seed=1)[1].absent != computed(seed=2)[1].absent


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("angle", -1),
        ("angle", 181),
        ("length", 0.49),
        ("length", 1.51),
        ("dimensions", 15),
        ("dimensions", 1025),
        ("dimensions", 99.5),
        ("active", 1),
        ("active", 41),
        ("features", 49),
        ("features", 2001),
        ("ideas", 10),
    ],
)
def test_parameters_out_of_bounds_are_refused(name: str, value: float) -> None:
    with pytest.raises(ValidationError) as caught:
        Params.model_validate({name: value})

    assert caught.value.errors()[0]["loc"] == (name,)


def test_the_caption_counts_ideas_found_and_mistaken() -> None:
    params, result = computed()
    present = result.present.model_copy(update={"above": 0.9963})
    absent = result.absent.model_copy(update={"above": 0.0057})

    caption = probe.caption(
        params, result.model_copy(update={"present": present, "absent": absent})
    )

    assert caption == (
        "The sum of 10 ideas in 256 dimensions is asked about every idea by a dot product. "
        "Above ½ are 9.96 of its own 10, and 11.3 of 1,990 others."
    )


def test_the_text_equivalent_tells_this_picture_s_numbers() -> None:
    params, result = computed(angle=120, length=1.5)

    text = probe.text(params, result)

    assert "an arrow of length 1.5 at 120 degrees" in text
    assert "the dot product, −0.75" in text
    assert "400 texts with 10 ideas each, out of 2,000 random directions in 256 dimensions" in text
    assert f"standard deviation of {result.present.spread:.3f}" in text
    assert "stands 72 degrees away from its own ideas" in text


def test_the_class_is_told_how_far_off_its_arrows_are() -> None:
    answers = ClassAnswers(n=5, values=[45, 60, 30, 90, 400])

    assert probe.class_text(Params(), answers) == (
        "Amber arrows show the angles the class guessed: 4 guesses, from 30 to 90 degrees, "
        "on average 56. They miss 60 degrees by 19 on average."
    )
    assert "They miss 90 degrees by 34" in probe.class_text(Params(angle=90), answers)


def test_a_class_that_chose_or_guessed_something_else_is_told_too() -> None:
    chosen = ClassAnswers(n=3, counts=[1, 2], options=["an angle", "a shadow"])

    assert probe.class_text(Params(), chosen) == "The class answered “an angle”: 1, “a shadow”: 2."
    assert probe.class_text(Params(), ClassAnswers(n=2, values=[400, -1])) == ""


def test_the_payload_is_small() -> None:
    payload = explanations.picture("probe", {}).model_dump_json(by_alias=True)

    assert len(gzip.compress(payload.encode())) < 2500
