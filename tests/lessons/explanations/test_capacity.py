import gzip
import math

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import integrate, optimize, special

from lessons import explanations
from lessons.explanations import ClassAnswers, capacity
from lessons.explanations._kerdock import kerdock_basis, kerdock_directions, kerdock_size
from lessons.explanations._lines import log10_most_lines
from lessons.explanations.capacity import Params, Result


def computed(**params: float) -> tuple[Params, Result]:
    given = Params.model_validate(params)
    return given, capacity.compute(given, np.random.default_rng(7))


def sine(degrees: float) -> float:
    return math.sin(math.radians(degrees))


@pytest.mark.parametrize("tolerance", [1, 5, 10, 45])
def test_on_a_globe_the_belt_has_its_share_of_the_axis(tolerance: float) -> None:
    assert 10 ** float(capacity.log10_cap(3, tolerance)) == pytest.approx(
        1 - sine(tolerance), rel=1e-12
    )


@pytest.mark.parametrize("tolerance", [1, 5, 10])
def test_in_the_plane_the_cap_is_what_the_angle_leaves(tolerance: float) -> None:
    assert 10 ** float(capacity.log10_cap(2, tolerance)) == pytest.approx(
        1 - tolerance / 90, rel=1e-12
    )


@pytest.mark.parametrize("dimensions", [4, 10, 100, 1000, 12_288])
@pytest.mark.parametrize("tolerance", [1, 2, 5])
def test_the_cap_is_a_beta_probability(dimensions: int, tolerance: float) -> None:
    # The squared cosine of a random direction is a beta variable with parameters 1/2, (d-1)/2.
    expected = special.betaincc(0.5, (dimensions - 1) / 2, sine(tolerance) ** 2)

    assert float(capacity.log10_cap(dimensions, tolerance)) == pytest.approx(
        math.log10(expected), abs=1e-8
    )


@pytest.mark.parametrize(
    ("dimensions", "tolerance"), [(49_152, 5), (200_000, 10), (10**6, 1), (10**6, 10)]
)
def test_the_cap_is_right_where_a_computer_has_no_such_small_numbers(
    dimensions: int, tolerance: float
) -> None:
    # An adaptive rule over the piece that counts, beyond which less than e^-60 of it is left.
    edge, power = math.radians(tolerance), dimensions - 2
    log_beta = special.betaln(0.5, (dimensions - 1) / 2)
    integral, _ = integrate.quad(
        lambda t: math.exp(power * (math.log(math.cos(t)) - math.log(math.cos(edge)))),
        edge,
        edge + 60 / (power * math.tan(edge)),
        epsabs=0,
        epsrel=1e-10,
    )
    log = math.log(2 * integral) + power * math.log(math.cos(edge)) - log_beta

    assert float(capacity.log10_cap(dimensions, tolerance)) == pytest.approx(
        log / math.log(10), abs=1e-6
    )


def test_caps_come_as_a_table() -> None:
    table = capacity.log10_cap(np.array([3.0, 100.0]), np.array([[1.0], [5.0], [10.0]]))

    assert table.shape == (3, 2)
    assert table[1, 1] == pytest.approx(float(capacity.log10_cap(100, 5)), abs=1e-12)
    assert (np.diff(table, axis=0) < 0).all()
    assert (np.diff(table, axis=1) < 0).all()


def test_random_directions_fall_into_the_cap_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    directions = rng.standard_normal((200_000, 20))
    cosines = directions[:, 0] / np.linalg.norm(directions, axis=1)
    expected = 10 ** float(capacity.log10_cap(20, 10))

    # Five standard errors.
    assert (np.abs(cosines) > sine(10)).mean() == pytest.approx(expected, abs=0.0056)


@pytest.mark.parametrize(
    ("lines", "dimensions", "cosine"),
    [
        (6, 3, 1 / math.sqrt(5)),  # icosahedron
        (28, 7, 1 / 3),
        (63, 7, 1 / 2),  # E7
        (120, 8, 1 / 2),  # E8
        (276, 23, 1 / 5),
        (2300, 23, 1 / 3),
        (98_280, 24, 1 / 2),  # Leech
        (144, 16, 1 / 4),  # Kerdock
    ],
)
def test_the_limit_is_reached_by_the_famous_line_systems(
    lines: int, dimensions: int, cosine: float
) -> None:
    assert 10 ** float(log10_most_lines(dimensions, cosine)) == pytest.approx(lines, rel=1e-9)


@pytest.mark.parametrize("lines", [3, 4, 7, 30, 200])
def test_in_the_plane_the_limit_is_an_even_fan(lines: int) -> None:
    assert 10 ** float(log10_most_lines(2, math.cos(math.pi / lines))) == pytest.approx(
        lines, rel=1e-8
    )


@pytest.mark.parametrize(("dimensions", "cosine"), [(5, 0.4), (10, 0.5), (10, 0.62), (30, 0.4)])
def test_the_limit_is_the_best_that_linear_programming_finds(
    dimensions: int, cosine: float
) -> None:
    # Delsarte's program: minimise f(1) over f = 1 + Σ fᵢ G₂ᵢ, fᵢ >= 0, f <= 0 up to the cosine.
    t = np.linspace(0, cosine, 3000)
    half = (dimensions - 2) / 2
    found = []
    for terms in range(1, 8):
        even = [
            special.eval_gegenbauer(2 * i, half, t) / special.eval_gegenbauer(2 * i, half, 1.0)
            for i in range(1, terms + 1)
        ]
        best = optimize.linprog(np.ones(terms), A_ub=np.array(even).T, b_ub=-np.ones(len(t)))
        found.append(1 + best.fun if best.success else math.inf)
    limit = 10 ** float(log10_most_lines(dimensions, cosine))

    # More terms may do better than Levenshtein's polynomial; with its own degree none does.
    assert min(abs(math.log(one / limit)) for one in found) < 1e-4
    assert min(found) < limit * 1.0001


def test_the_limit_grows_as_the_cosine_and_the_dimensions_do() -> None:
    limits = log10_most_lines(np.array([10, 100, 1000]), np.linspace(0.01, 0.5, 200)[:, None])

    assert (np.diff(limits, axis=0) > 0).all()
    assert (np.diff(limits, axis=1) > 0).all()


@pytest.mark.parametrize(("k", "vectors", "cosine"), [(3, 144, 1 / 4), (5, 2112, 1 / 8)])
def test_kerdock_s_directions_have_two_cosines(k: int, vectors: int, cosine: float) -> None:
    directions = kerdock_directions(k)
    cosines = np.abs(directions @ directions.T)
    np.fill_diagonal(cosines, 0)

    assert directions.shape == (vectors, 2 ** (k + 1))
    assert kerdock_size(2 ** (k + 1)) == vectors
    np.testing.assert_allclose(np.linalg.norm(directions, axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(np.unique(np.round(cosines, 5)), [0, cosine], atol=1e-5)


def test_kerdock_s_bases_in_4096_dimensions_meet_at_a_sixty_fourth() -> None:
    one, other = kerdock_basis(11, 5).astype(np.float32), kerdock_basis(11, 1234).astype(np.float32)
    some = np.random.default_rng(7).choice(4096, 16, replace=False)

    assert set(np.abs(one[some] @ other.T).ravel()) == {64}  # of vectors of length 64
    np.testing.assert_array_equal(one[some] @ one[some].T, 4096 * np.eye(16))


def test_the_known_numbers_of_gpt_3() -> None:
    _, result = computed()

    assert result.here == result.gpt3
    assert (round(result.gpt3.guaranteed, 2), round(result.gpt3.chance, 2)) == (21.43, 10.87)
    # N. Yoder tells of "well over 40 billion, likely more than 10^17" here, and of more than a googol
    # in 116,000 dimensions.
    assert 10**result.gpt3.chance > 40e9
    assert result.gpt3.guaranteed > 17
    assert -float(capacity.log10_cap(116_000, 5)) > 160
    assert result.kerdock.vectors == 25_178_112
    assert round(result.kerdock.off, 3) == 0.895


def test_no_layer_is_above_a_higher_one() -> None:
    _, result = computed()
    guaranteed, limit = np.array(result.guaranteed), np.array(result.limit)

    assert guaranteed.shape == limit.shape == (len(result.tolerances), len(result.dimensions))
    assert (guaranteed < limit).all()
    assert (limit > np.log10(result.dimensions)).all()
    assert math.log10(result.kerdock.vectors) < float(
        log10_most_lines(result.kerdock.dimensions, sine(result.kerdock.off))
    )


def test_the_guarantee_overtakes_one_for_each_dimension_late() -> None:
    _, result = computed()

    assert result.tolerances[0] == 1
    assert round(result.overtakes[0], -3) == 61_000
    assert "about 61,000" in capacity.CORRECTION
    for tolerance, dimension in zip(result.tolerances, result.overtakes, strict=True):
        for factor, is_ahead in ((0.99, False), (1.01, True)):
            d = factor * dimension
            log = -float(capacity.log10_cap(np.array(d), tolerance))
            assert (log > math.log10(d)) == is_ahead


@pytest.mark.parametrize(
    "params", [{}, {"tolerance": 1}, {"tolerance": 10, "dimensions": 200_000}, {"dimensions": 10}]
)
def test_measured_and_theory_agree(params: dict[str, float]) -> None:
    checks = capacity.checks(*computed(**params))

    assert [check.name for check in checks if not check.ok] == []


def test_a_cosine_slightly_off_fails_its_check() -> None:
    params, result = computed()
    kerdock = result.kerdock.model_copy(update={"largest": 0.2501})

    spoilt = capacity.checks(params, result.model_copy(update={"kerdock": kerdock}))

    assert [check.ok for check in spoilt] == [True, True, True, False]


def test_a_cap_slightly_off_fails_its_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    params, result = computed()
    right = capacity.log10_cap
    # A power of d too many, as d-1 for d-2 would give.
    monkeypatch.setattr(capacity, "log10_cap", lambda d, t: right(np.asarray(d) * 1.003, t))

    assert [check.ok for check in capacity.checks(params, result)] == [False, False, True, True]


def test_nothing_depends_on_chance() -> None:
    assert capacity.compute(Params(), np.random.default_rng(1)) == computed()[1]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"tolerance": 0.9}, "tolerance"),
        ({"tolerance": 10.1}, "tolerance"),
        ({"dimensions": 9}, "dimensions"),
        ({"dimensions": 200_001}, "dimensions"),
        ({"degrees": 5}, "degrees"),
    ],
)
def test_parameters_out_of_bounds_are_refused(params: dict[str, float], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Params.model_validate(params)

    assert caught.value.errors()[0]["loc"] == (field,)


def test_the_caption_counts_zeros() -> None:
    assert capacity.caption(*computed()) == (
        "12,288 dimensions, every pair within 5° of a right angle: at least 10²¹ directions fit, a 1 "
        "with 21 zeros. Ten times the dimensions have about ten times the zeros."
    )
    assert "one direction for each dimension fits" in capacity.caption(*computed(tolerance=1))


def test_the_text_equivalent_tells_this_picture_s_numbers() -> None:
    text = capacity.text(*computed())

    assert "random directions alone manage a 1 with 10 zeros" in text
    assert "at least a 1 with 21 zeros are guaranteed" in text
    assert "more than a 1 with 89 zeros are impossible" in text
    assert "In 122,880 dimensions a 1 with 205 zeros are guaranteed" in text
    assert "from 1,500 dimensions on; within 1°, from 61,000 on" in text
    assert "25,178,112 directions in 12,288 dimensions" in text


def test_the_text_equivalent_knows_small_numbers() -> None:
    text = capacity.text(*computed(tolerance=1, dimensions=100))

    assert "at least 100 are guaranteed to fit, and more than 103 are impossible" in text


def test_the_class_is_told_with_its_numbers() -> None:
    answers = ClassAnswers(n=5, values=[3, 6, 9, 12, 60])

    assert capacity.class_text(Params(), answers) == (
        "Dots at 12,288 dimensions show what the class guessed: 5 guesses, from 3 to 60 zeros, half "
        "of them at most 9; 21 are guaranteed."
    )
    voted = ClassAnswers(n=3, counts=[1, 2], options=["a few", "billions"])
    assert capacity.class_text(Params(), voted) == ("The class answered “a few”: 1, “billions”: 2.")


def test_the_payload_is_small() -> None:
    payload = explanations.picture("capacity", {}).model_dump_json(by_alias=True)

    assert len(gzip.compress(payload.encode())) < 5_000
