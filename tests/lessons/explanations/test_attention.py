import gzip
import json
import math
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import special

from lessons import explanations
from lessons.explanations import ClassAnswers, attention, mlp
from lessons.explanations.attention import Params, Result

MICHAEL, JORDAN, PLAYS, THE, SPORT, OF = range(6)
BROWSER_CASES = Path(__file__).parents[3] / "frontend/src/explanations/attention.cases.json"


def computed(seed: int = 7, **params: float) -> tuple[Params, Result]:
    given = Params.model_validate(params)
    return given, attention.compute(given, np.random.default_rng(seed))


def shares_by_hand(match: float, temperature: float) -> list[list[float]]:
    """Row by row, term by term: whom each of the six looks for, as the docstring says."""
    looks_for = {JORDAN: MICHAEL, PLAYS: JORDAN, SPORT: PLAYS, OF: SPORT}
    rows = []
    for asker in range(6):
        visible = range(asker + 1)
        scores = [match if looks_for.get(asker) == token else 0 for token in visible]
        powers = [math.exp(score / temperature) for score in scores]
        rows.append([power / sum(powers) for power in powers] + [0.0] * (5 - asker))
    return rows


@pytest.mark.parametrize("match", [0, 0.5, 2, 6])
@pytest.mark.parametrize("temperature", [0.25, 1, 4])
def test_matrices_and_softmax_give_what_each_row_gives_by_hand(
    match: float, temperature: float
) -> None:
    _, result = computed(match=match, temperature=temperature)

    np.testing.assert_allclose(result.shares, shares_by_hand(match, temperature), atol=1e-6)


@pytest.mark.parametrize(("match", "share"), [(0, 0.5), (2, 0.8808), (4, 0.982)])
def test_jordan_s_share_for_michael_is_the_logistic_function(match: float, share: float) -> None:
    _, result = computed(match=match)

    assert result.shares[JORDAN][MICHAEL] == pytest.approx(special.expit(match), abs=1e-6)
    assert round(result.shares[JORDAN][MICHAEL], 4) == share


def test_only_the_match_over_the_temperature_counts() -> None:
    assert computed(match=4, temperature=2)[1] == computed(match=2, temperature=1)[1]
    assert computed(match=2, temperature=2)[1] != computed(match=2, temperature=1)[1]


def test_nobody_sees_what_comes_next() -> None:
    _, result = computed(match=6)

    assert np.triu(result.shares, k=1).tolist() == np.zeros((6, 6)).tolist()
    assert np.count_nonzero(result.shares) == 21


def test_the_shares_of_a_row_add_up_to_one() -> None:
    assert np.sum(computed(match=3.3)[1].shares, axis=1) == pytest.approx(np.ones(6), abs=6e-6)


def test_softmax_is_scipy_s_even_where_powers_overflow() -> None:
    scores = np.array([[1000.0, 1001.0, -np.inf], [0.0, -800.0, 3.0]])

    np.testing.assert_allclose(attention.softmax(scores), special.softmax(scores, axis=1))


def test_what_came_in_stays_and_what_was_told_is_added() -> None:
    _, result = computed(match=1.3, temperature=0.7)

    np.testing.assert_allclose(result.kept, np.eye(6), atol=1e-6)
    np.testing.assert_allclose(result.told, result.shares, atol=1e-6)


def test_the_neuron_of_the_mlp_sees_one_and_the_share() -> None:
    for match in (0, 1, 2, 6):
        _, result = computed(match=match)

        assert result.seen[JORDAN] == pytest.approx(1 + special.expit(match), abs=1e-6)
        # The others are no Jordan, whatever Michael told them.
        assert result.seen[MICHAEL] == 1
        assert result.seen[PLAYS] == result.shares[PLAYS][MICHAEL]


def test_the_picture_of_the_mlp_goes_on_where_this_one_ends() -> None:
    _, result = computed(match=2)
    share = result.shares[JORDAN][MICHAEL]

    after = mlp.compute(mlp.Params(share=share), np.random.default_rng(7))

    assert after.dot[0][0] == pytest.approx(result.seen[JORDAN], abs=1e-4)
    assert after.after_relu[0][0] == pytest.approx(share, abs=1e-4)


@pytest.mark.parametrize("token", range(6))
@pytest.mark.parametrize(("match", "temperature"), [(0, 1), (2, 1), (6, 0.25), (6, 4), (1.7, 0.6)])
@pytest.mark.parametrize("seed", [0, 7])
def test_measured_and_theory_agree(token: int, match: float, temperature: float, seed: int) -> None:
    params, result = computed(seed, token=token, match=match, temperature=temperature)

    assert [check.name for check in attention.checks(params, result) if not check.ok] == []


def test_the_checks_compare_with_the_known_numbers() -> None:
    params, result = computed(match=2)

    assert [check.want for check in attention.checks(params, result)] == [88.0797, 1.880797, 0, 1]


@pytest.mark.parametrize(("row", "column"), [(JORDAN, MICHAEL), (PLAYS, OF), (OF, THE)])
def test_a_share_slightly_off_fails_a_check(row: int, column: int) -> None:
    params, result = computed()
    shares = [list(each) for each in result.shares]
    shares[row][column] += 1e-5

    assert not all(
        check.ok for check in attention.checks(params, result.model_copy(update={"shares": shares}))
    )


def test_a_neuron_slightly_off_fails_its_check() -> None:
    params, result = computed()
    seen = [value + 1e-5 for value in result.seen]

    spoilt = attention.checks(params, result.model_copy(update={"seen": seen}))

    assert [check.ok for check in spoilt] == [True, False, True, True]


def test_a_seed_repeats_and_no_seed_changes_the_shares() -> None:
    assert computed(seed=1) == computed(seed=1)
    np.testing.assert_allclose(computed(seed=1)[1].shares, computed(seed=2)[1].shares, atol=2e-6)


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"match": -0.1}, "match"),
        ({"match": 6.1}, "match"),
        ({"temperature": 0.2}, "temperature"),
        ({"temperature": 4.1}, "temperature"),
        ({"token": -1}, "token"),
        ({"token": 6}, "token"),
        ({"token": 0.5}, "token"),
        ({"share": 1}, "share"),
    ],
)
def test_parameters_out_of_bounds_are_refused(params: dict[str, float], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Params.model_validate(params)

    assert caught.value.errors()[0]["loc"] == (field,)


def test_the_caption_tells_who_gives_how_much_to_whom() -> None:
    assert attention.caption(*computed()) == (
        "“Jordan” gives 88\u00a0% of its attention to “Michael” and takes so much of what it tells. "
        "The neuron that asks for Michael + Jordan then sees 1.88 instead of 1."
    )
    assert "“plays” gives 79\u00a0% of its attention to “Jordan”" in attention.caption(
        *computed(token=PLAYS)
    )
    assert "4 tokens that it sees get 25\u00a0% each" in attention.caption(*computed(token=THE))
    assert "sees only itself" in attention.caption(*computed(token=MICHAEL))
    assert "gives more than 99\u00a0%" in attention.caption(*computed(match=6))


def test_the_text_equivalent_tells_this_picture_s_numbers() -> None:
    text = attention.text(*computed())

    assert "Jordan: Michael 88\u00a0%, Jordan 12\u00a0%;" in text
    assert (
        "Michael 8\u00a0%, Jordan 8\u00a0%, plays 8\u00a0%, the 8\u00a0%, sport 60\u00a0%, of 8\u00a0%"
        in text
    )
    assert "becomes Jordan + 0.88 of what Michael tells + 0.12 of what Jordan tells" in text
    assert "sees 1.88 in the vector of Jordan" in text
    assert "After its bias of −1, 0.88 is left." in text


def test_the_class_is_told_with_its_numbers() -> None:
    answers = ClassAnswers(n=4, values=[10, 50, 86, 100])

    assert attention.class_text(Params(), answers) == (
        "Dots show the share for Michael that the class guessed: 4 guesses, from 10\u00a0% to "
        "100\u00a0%, on average 62\u00a0%; 1 within 5 percentage points of 88\u00a0%."
    )
    assert "1 within 5 percentage points of 98\u00a0%" in attention.class_text(
        Params(match=4), ClassAnswers(n=1, values=[99])
    )


def test_a_class_that_chose_is_told_too() -> None:
    answers = ClassAnswers(n=3, counts=[1, 2], options=["True", "False"])

    assert attention.class_text(Params(), answers) == "The class answered “True”: 1, “False”: 2."


def test_the_browser_is_tested_with_what_numpy_computes() -> None:
    """The drawing repeats the closed form for its knobs; its own test holds it against this file."""
    cases = json.loads(BROWSER_CASES.read_text())

    assert len(cases) == 4
    for case in cases:
        _, result = computed(**case["knobs"])
        assert case["data"]["asks_for"] == result.asks_for
        np.testing.assert_allclose(case["data"]["shares"], result.shares, atol=2e-6)
        np.testing.assert_allclose(case["data"]["seen"], result.seen, atol=2e-6)


def test_the_payload_is_small() -> None:
    payload = explanations.picture("attention", {}).model_dump_json(by_alias=True)

    assert len(gzip.compress(payload.encode())) < 2000
