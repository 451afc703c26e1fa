import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.explanations import ClassAnswers, mlp
from lessons.explanations.mlp import BIASES, Params, Result

MICHAEL_JORDAN, MICHAEL_PHELPS, ALEXIS_JORDAN, _ALEXIS_PHELPS = range(4)
BROWSER_CASES = Path(__file__).parents[3] / "frontend/src/explanations/mlp.cases.json"


def computed(seed: int = 7, **params: float) -> Result:
    # Few facts where the four people are meant: the stress test is the slow part.
    return mlp.compute(Params.model_validate({"facts": 50} | params), np.random.default_rng(seed))


def asked_for_michael_jordan(values: list[list[float]]) -> list[float]:
    return [neurons[0] for neurons in values]


def amounts(result: Result, person: int) -> dict[str, float]:
    return {
        idea: amount
        for idea, amount in zip(result.ideas, result.out[person], strict=True)
        if amount != 0
    }


def test_the_row_the_bias_and_relu_single_out_michael_jordan() -> None:
    result = computed()

    assert asked_for_michael_jordan(result.dot) == [2, 1, 1, 0]
    assert asked_for_michael_jordan(result.after_bias) == [1, 0, 0, -1]
    assert asked_for_michael_jordan(result.after_relu) == [1, 0, 0, 0]


def test_the_column_adds_what_is_known_and_the_names_stay() -> None:
    result = computed()

    assert amounts(result, MICHAEL_JORDAN) == {
        "Michael": 1,
        "Jordan": 1,
        "basketball": 1,
        "number 23": 1,
    }
    assert amounts(result, MICHAEL_PHELPS) == {"Michael": 1, "Phelps": 1, "swimming": 1}
    assert amounts(result, ALEXIS_JORDAN) == {"Alexis": 1, "Jordan": 1}


def test_without_a_bias_a_namesake_is_given_half_the_fact() -> None:
    result = computed(bias=0)

    assert asked_for_michael_jordan(result.after_relu) == [2, 1, 1, 0]
    assert amounts(result, ALEXIS_JORDAN) == {
        "Alexis": 1,
        "Jordan": 1,
        "basketball": 1,
        "number 23": 1,
    }


def test_half_the_first_name_makes_the_neuron_fire_half() -> None:
    result = computed(share=0.5)

    assert asked_for_michael_jordan(result.after_relu) == [0.5, 0, 0, 0]
    assert amounts(result, MICHAEL_JORDAN) == {
        "Michael": 0.5,
        "Jordan": 1,
        "basketball": 0.5,
        "number 23": 0.5,
    }


@pytest.mark.parametrize("seed", range(5))
def test_other_directions_give_the_same_numbers(seed: int) -> None:
    other = computed(seed, bias=-0.35, share=0.8)
    ours = computed(7, bias=-0.35, share=0.8)

    assert other.model_dump(exclude={"stress"}) == ours.model_dump(exclude={"stress"})
    assert other.stress != ours.stress


@given(bias=st.floats(-2.5, 0.5))
def test_a_bias_works_exactly_where_the_class_is_told_it_does(bias: float) -> None:
    # Unrounded, or a bias just above -1 would look like -1.
    fires = [step[0] > 0 for step in (mlp._by_hand(person, 1, bias)[2] for person in range(4))]

    assert mlp.works(bias) == (fires == [True, False, False, False])


def test_at_the_ends_of_what_works() -> None:
    assert asked_for_michael_jordan(computed(bias=-1).after_relu) == [1, 0, 0, 0]
    assert asked_for_michael_jordan(computed(bias=-1.95).after_relu) == [0.05, 0, 0, 0]
    assert asked_for_michael_jordan(computed(bias=-2).after_relu) == [0, 0, 0, 0]
    assert asked_for_michael_jordan(computed(bias=-0.95).after_relu) == [1.05, 0.05, 0.05, 0]


def test_the_stress_test_equals_one_fact_at_a_time() -> None:
    rng = np.random.default_rng(3)
    facts, dimensions, answers = 300, 16, 5
    keys = rng.standard_normal((facts, dimensions), dtype=np.float32)
    subjects = rng.standard_normal((answers, dimensions), dtype=np.float32)
    subject = rng.integers(answers, size=facts)
    biases = np.array([-16.0, -8.0, 0.0])

    expected = []
    for bias in biases:
        right = 0
        for fact in range(facts):
            out = keys[fact].astype(float)
            for neuron in range(facts):
                z = float(keys[neuron] @ keys[fact]) + bias
                if z > 0:
                    out = out + z * subjects[subject[neuron]]
            reads = [float(each @ out) for each in subjects]
            right += reads.index(max(reads)) == subject[fact]
        expected.append(right / facts)

    assert mlp.accuracy(keys, subjects, subject, biases).tolist() == expected
    assert len(set(expected)) == 3


def test_of_many_facts_some_are_asked_and_all_are_stored() -> None:
    rng = np.random.default_rng(5)
    facts, asked = 1200, mlp.MOST_ASKED
    keys = rng.standard_normal((facts, 12), dtype=np.float32) / np.float32(math.sqrt(12))
    subjects = rng.standard_normal((5, 12), dtype=np.float32) / np.float32(math.sqrt(12))
    subject = rng.integers(5, size=facts)

    found = mlp.accuracy(keys, subjects, subject, np.array([-0.75]))

    z = keys[:asked].astype(float) @ keys.T - 0.75
    out = keys[:asked] + np.where(z > 0, z, 0) @ subjects[subject]
    expected = ((out @ subjects.T).argmax(axis=1) == subject[:asked]).mean()
    assert found.tolist() == [pytest.approx(expected, abs=1 / asked)]
    assert 0.3 < expected < 0.95


def test_a_thousand_facts_in_64_dimensions_as_measured_elsewhere() -> None:
    """One other draw of names, made independently, lies within four times our spread between draws."""
    elsewhere = {0: 0.212, -0.5: 0.789, -1: 0.983, -1.25: 0.925, -1.5: 0.708}

    draws = np.array([computed(seed, facts=1000).stress.accuracy for seed in range(8)])

    for bias, accuracy in elsewhere.items():
        column = draws[:, BIASES.tolist().index(bias)]
        assert abs(column.mean() - accuracy) <= 4 * column.std(ddof=1), bias
    assert BIASES[draws.mean(axis=0).argmax()] == -1


@pytest.mark.parametrize("seed", [7, 8])
@pytest.mark.parametrize("facts", [50, 2000])
@pytest.mark.parametrize("dimensions", [16, 256])
@pytest.mark.parametrize(("bias", "share", "person"), [(-2.5, 0, 3), (0.5, 1, 1), (-0.85, 0.45, 0)])
def test_the_checks_hold_wherever_the_knobs_are(
    seed: int, facts: int, dimensions: int, bias: float, share: float, person: int
) -> None:
    params = Params(bias=bias, share=share, person=person, facts=facts, dimensions=dimensions)

    result = mlp.compute(params, np.random.default_rng(seed))

    assert [check.name for check in mlp.checks(params, result) if not check.ok] == []


def test_a_wrong_number_anywhere_fails_a_check() -> None:
    params, result = Params(facts=50), computed()
    result.out[2][6] = 0.01

    failed = [check.name for check in mlp.checks(params, result) if not check.ok]

    assert failed == ["Largest error, all four people"]


@pytest.mark.parametrize(
    ("bias", "share", "verdict"),
    [
        (-1, 1, "Only Michael Jordan is given basketball"),
        (-2.2, 1, "Too strict: nobody"),
        (-1, 0, "Too little of the first name"),
        (-0.5, 1, "given to Michael Jordan, Michael Phelps and Alexis Jordan."),
        (0.5, 1, "and Alexis Phelps."),
    ],
)
def test_the_caption_says_who_was_let_through(bias: float, share: float, verdict: str) -> None:
    params = Params(bias=bias, share=share)

    assert verdict in mlp.caption(params, computed(bias=bias, share=share))


def test_the_caption_follows_the_chosen_person() -> None:
    shown = mlp.caption(Params(person=1, bias=-1.25), computed(bias=-1.25))

    assert shown == (
        "With a bias of −1.25, the row’s 1 for Michael Phelps becomes −0.25, and ReLU leaves 0. "
        "Only Michael Jordan is given basketball and the number 23."
    )


def test_the_text_has_the_numbers_of_the_picture() -> None:
    text = mlp.text(Params(), computed(facts=1000))

    assert "Michael Jordan 2, 1, 1; Michael Phelps 1, 0, 0" in text
    assert "Alexis Phelps 0, −1, 0" in text
    assert "Michael 1, Jordan 1, basketball 1, number 23 1" in text
    assert "the best bias tried is −1, with 98 % answered right" in text


def test_the_class_hears_how_many_biases_work() -> None:
    answers = ClassAnswers(n=5, values=[-2, -1.99, -1, -0.99, 0])

    assert mlp.class_text(Params(), answers).startswith("2 of 5 chose a bias that works")
    assert mlp.class_text(Params(), ClassAnswers()) == ""


def test_the_browser_is_tested_with_what_numpy_computes() -> None:
    """The drawing repeats the four steps for its knobs; its own test holds them against this file."""
    cases = json.loads(BROWSER_CASES.read_text())

    assert len(cases) == 4
    for case in cases:
        assert case["data"] == computed(**case["knobs"]).model_dump(exclude={"stress"})
