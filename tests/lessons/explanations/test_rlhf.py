import gzip
import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError
from scipy import optimize, special, stats

from lessons import explanations
from lessons.explanations import ClassAnswers, rlhf
from lessons.explanations.rlhf import Params, Result

BASE = np.array(rlhf.BASE)


def computed(**given: Any) -> tuple[Params, Result]:
    params = Params(**given)
    return params, rlhf.compute(params, np.random.default_rng(7))


def likeliest(wins: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bradley-Terry scores by a general optimiser, with mean 0."""

    def surprise(scores: NDArray[np.float64]) -> float:
        return float((wins * np.log1p(np.exp(scores[None, :] - scores[:, None]))).sum())

    found = optimize.minimize(surprise, np.zeros(len(wins)), method="BFGS", options={"gtol": 1e-9})
    scores: NDArray[np.float64] = found.x - found.x.mean()
    return scores


@pytest.mark.parametrize("seed", range(5))
def test_scores_of_any_duels_are_the_likeliest(seed: int) -> None:
    wins = np.random.default_rng(seed).integers(0, 20, (5, 5)).astype(float) + 0.5
    np.fill_diagonal(wins, 0)

    assert rlhf.fitted(wins) == pytest.approx(likeliest(wins), abs=1e-5)


def test_seven_wins_against_three_are_worth_a_score_of_log_seven_thirds() -> None:
    a, b = rlhf.fitted(np.array([[0.0, 7], [3, 0]]))

    assert a - b == pytest.approx(0.847298, abs=1e-6)
    assert a == pytest.approx(-b, abs=1e-12)


@pytest.mark.parametrize("votes", [[17, 6, 1, 4], [9, 5, 3, 2, 1, 1], [2000, 1, 30], [100_000, 1]])
def test_first_choices_alone_give_scores_like_log_votes(votes: list[int]) -> None:
    scores = rlhf.fitted(rlhf.duels(np.array(votes)).astype(float))

    expected = np.log(votes)
    assert scores == pytest.approx(expected - expected.mean(), abs=1e-9)


@pytest.mark.parametrize("votes", [[17, 6, 1, 4], [0, 0, 0, 1], [100_000, 0, 0, 0]])
def test_half_a_duel_each_way_keeps_every_score_finite(votes: list[int]) -> None:
    _, result = computed(votes=votes)

    expected = np.log(np.array(votes) + 0.5)
    assert result.scores == pytest.approx(expected - expected.mean(), abs=2e-6)


def test_a_vote_wins_against_every_other_answer() -> None:
    _, result = computed(votes=[5, 0, 2, 1])

    assert result.wins == [[0, 5, 5, 5], [0, 0, 0, 0], [2, 2, 0, 2], [1, 1, 1, 0]]


@pytest.mark.parametrize("beta", [0.1, 1, 7.5, 100])
@pytest.mark.parametrize("bonus", [0, 2.5])
def test_no_chances_score_better_on_the_leash(beta: float, bonus: float) -> None:
    _, result = computed(beta=beta, bonus=bonus)
    scores = np.array(result.scores)
    scores[1] += bonus

    def worth(logits: NDArray[np.float64]) -> float:
        chances = special.softmax(logits)
        return float(chances @ scores - beta * stats.entropy(chances, BASE))

    found = optimize.minimize(lambda logits: -worth(logits), np.log(BASE))

    assert result.best == pytest.approx(worth(found.x), abs=1e-4)
    assert result.best == pytest.approx(beta * special.logsumexp(scores / beta, b=BASE), abs=1e-5)
    assert result.scored - beta * result.kl == pytest.approx(result.best, abs=1e-4)
    rng = np.random.default_rng(0)
    assert max(worth(4 * rng.standard_normal(4)) for _ in range(500)) <= result.best + 1e-5


def test_the_chances_are_tilted_by_the_score() -> None:
    _, result = computed(beta=2)

    assert result.chances == pytest.approx(
        special.softmax(np.log(BASE) + np.array(result.scores) / 2), abs=1e-6
    )
    assert result.kl == pytest.approx(stats.entropy(result.chances, BASE), abs=1e-5)
    assert result.scored == pytest.approx(np.dot(result.chances, result.scores), abs=1e-5)
    assert result.preferred == result.scored


def test_equal_chances_tilted_with_leash_one_are_the_shares_of_the_votes() -> None:
    _, result = computed(base=[3, 3, 3, 3], beta=1)

    assert result.base == [0.25] * 4
    assert result.chances == pytest.approx(np.array([17.5, 6.5, 1.5, 4.5]) / 30, abs=1e-6)


def test_a_tight_leash_keeps_the_base_model_and_a_loose_one_says_the_best_alone() -> None:
    tight, loose = computed(beta=100)[1], computed(beta=0.1)[1]

    assert tight.chances == pytest.approx(rlhf.BASE, abs=0.005)
    assert tight.kl < 1e-4
    assert loose.chances[0] > 0.999
    assert loose.kl == pytest.approx(-math.log(0.2), abs=0.01)
    # To second order, KL is the scores' variance over twice the square of β.
    mean = BASE @ np.array(tight.scores)
    variance = BASE @ (np.array(tight.scores) - mean) ** 2
    assert tight.kl == pytest.approx(variance / 2 / 100**2, abs=1e-6)


def test_a_fooled_score_is_gained_and_the_voters_lose() -> None:
    honest, fooled = computed(beta=0.3)[1], computed(beta=0.3, bonus=4)[1]

    assert fooled.chances[1] > 0.99
    assert fooled.scored > honest.scored
    assert fooled.preferred < honest.preferred
    assert fooled.preferred == pytest.approx(np.dot(fooled.chances, fooled.scores), abs=1e-5)
    assert computed(beta=0.3, bonus=4, fooled_by=4)[1].chances[3] > 0.99


@pytest.mark.parametrize("beta", [0.1, 0.5, 1, 10, 100])
@pytest.mark.parametrize("votes", [[17, 6, 1, 4], [0, 0, 1, 0], [1, 1, 1, 1], [100_000, 0, 0, 0]])
@pytest.mark.parametrize("bonus", [0, 5])
def test_measured_and_theory_agree(beta: float, votes: list[int], bonus: float) -> None:
    params, result = computed(beta=beta, votes=votes, bonus=bonus)

    assert [check.name for check in rlhf.checks(params, result) if not check.ok] == []


def test_the_curve_is_as_steep_as_the_leash_is_tight() -> None:
    names = [check.name for check in rlhf.checks(*computed())]

    assert names[2] == "slope of the curve, β"
    assert computed(beta=2.5)[1].steepness == pytest.approx(2.5, rel=1e-3)
    # Where all answers are as good, the curve is a point.
    assert len(rlhf.checks(*computed(votes=[1, 1, 1, 1]))) == 3


@pytest.mark.parametrize(
    ("number", "wrong", "failing"),
    [
        ("scores", [1.2014, 0.2109, -1.2554, -0.1568], "score A − score B"),
        ("best", 0.1637, "score − β KL"),
        ("kl", 0.39775, "score − β KL"),
        ("steepness", -1.0, "slope of the curve, β"),
        ("moved", 0.45, "moved at β = 100"),
        ("moved", 0.198, "moved at β = 100"),
    ],
)
def test_a_number_slightly_off_fails_its_check(number: str, wrong: Any, failing: str) -> None:
    params, result = computed()

    spoilt = rlhf.checks(params, result.model_copy(update={number: wrong}))

    assert [check.name for check in spoilt if not check.ok] == [failing]


def test_the_class_votes_become_the_scores() -> None:
    answers = ClassAnswers(n=30, counts=[3, 2, 20, 5], options=list(rlhf.ANSWERS))

    params = rlhf.with_answers(Params(beta=2, bonus=1), answers)

    assert params == Params(votes=[3, 2, 20, 5], beta=2, bonus=1)
    assert int(np.argmax(computed(**params.model_dump())[1].scores)) == 2


def test_other_answers_than_the_example_s_start_equally_likely_and_without_its_prompt() -> None:
    answers = ClassAnswers(n=3, counts=[1, 2], options=["True", "False"])

    params = rlhf.with_answers(Params(fooled_by=4), answers)

    assert (params.prompt, params.base, params.fooled_by) == ("", [1, 1], 2)
    assert Params.model_validate(params.model_dump()) == params


def test_a_lesson_s_own_prompt_and_base_are_kept() -> None:
    own = Params(prompt="Why?", answers=["a", "b"], votes=[1, 1], base=[3, 1], fooled_by=1)
    answers = ClassAnswers(n=3, counts=[1, 2], options=["c", "d"])

    params = rlhf.with_answers(own, answers)

    assert (params.prompt, params.base, params.answers) == ("Why?", [3, 1], ["c", "d"])


@pytest.mark.parametrize(
    "answers",
    [
        ClassAnswers(),
        ClassAnswers(n=2, values=[3, 90]),
        ClassAnswers(n=2, counts=[0, 0], options=["a", "b"]),
        ClassAnswers(n=7, counts=[1] * 7, options=list("abcdefg")),
    ],
)
def test_answers_of_another_kind_change_nothing(answers: ClassAnswers) -> None:
    assert rlhf.with_answers(Params(beta=3), answers) == Params(beta=3)
    assert rlhf.class_text(Params(), answers) == ""


def test_the_same_votes_give_the_same_picture() -> None:
    assert computed() == computed()
    assert computed()[1] != computed(votes=[17, 6, 4, 1])[1]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"votes": [1, 2]}, "4 options need as many vote counts, not 2"),
        ({"votes": [0] * 4}, "somebody must have voted"),
        ({"votes": [100_001, 1, 1, 1]}, "less than or equal to 100000"),
        ({"base": [1, 1, 1]}, "4 answers need as many base chances"),
        ({"base": [0, 1, 1, 1]}, "greater than or equal to 0.001"),
        ({"base": [1001, 1, 1, 1]}, "less than or equal to 1000"),
        ({"beta": 0.05}, "greater than or equal to 0.1"),
        ({"beta": 101}, "less than or equal to 100"),
        ({"bonus": -1}, "greater than or equal to 0"),
        ({"bonus": 5.5}, "less than or equal to 5"),
        ({"fooled_by": 0}, "greater than or equal to 1"),
        ({"fooled_by": 5}, "must be one of the answers"),
        ({"answers": ["a"], "votes": [1], "base": [1]}, "at least 2"),
        ({"prompt": "a" * 201}, "at most 200"),
        ({"leash": 1}, "not permitted"),
    ],
)
def test_parameters_out_of_bounds_are_refused(params: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Params.model_validate(params)


def test_the_caption_tells_what_the_votes_did() -> None:
    assert rlhf.caption(*computed()) == (
        "28 votes, read as duels, make scores. Held by a leash of β = 1, answer A goes from "
        "20\u00a0% to 56\u00a0%. No answer is new."
    )
    fooled = rlhf.caption(*computed(bonus=3))
    assert fooled.endswith("to 14\u00a0%; the model says B most, which fools the score.")
    assert rlhf.caption(*computed(beta=50)).endswith("; the model says C most.")
    assert rlhf.caption(*computed(votes=[0, 1, 0, 0])).startswith("One vote, read as duels,")


def test_halves_of_a_percent_go_up_as_in_the_browser() -> None:
    # With half a duel each way, 3 to 0 votes are 3.5 to 0.5, and 1.5 to 2.5 of 4 are 37.5 %.
    assert "to 88\u00a0%" in rlhf.caption(
        *computed(answers=["a", "b"], votes=[3, 0], base=[1, 1], fooled_by=1)
    )
    two_to_one = computed(answers=["a", "b"], votes=[1, 2], base=[1, 1], fooled_by=1)
    assert "38\u00a0% after" in rlhf.text(*two_to_one)
    assert "63\u00a0% after" in rlhf.text(*two_to_one)


def test_the_text_equivalent_tells_this_picture_s_numbers() -> None:
    text = rlhf.text(*computed())

    assert "compared by 28 example votes" in text
    assert "17 votes, score +1.20, chance 20\u00a0% before and 56\u00a0% after" in text
    assert "1 vote, score −1.26, chance 40\u00a0% before and 10\u00a0% after" in text
    assert "The average score goes from −0.27 to +0.56." in text
    assert "0.40 away from the base model" in text
    fooled = rlhf.text(*computed(bonus=3))
    assert "The score of B has 3 added by mistake" in fooled
    assert "+2.67, by the votes it is +0.30" in fooled
    assert "example" not in rlhf.text(*computed(votes=[1, 2, 3, 4]))


def test_the_class_is_told_with_its_numbers() -> None:
    answers = ClassAnswers(n=4, counts=[3, 1], options=["Yes", "No"])

    assert rlhf.class_text(rlhf.with_answers(Params(), answers), answers) == (
        "The votes are the class’ own: “Yes” 3, “No” 1. The scores were made from them."
    )
    assert rlhf.class_text(Params(), answers) == "The class chose: “Yes” 3, “No” 1."


def test_the_payload_is_small_even_at_its_largest() -> None:
    largest = {
        "prompt": "p" * 200,
        "answers": [chr(97 + i) * 120 for i in range(6)],
        "votes": [100_000, 77_777, 31_415, 27_182, 1, 0],
        "base": [0.123, 0.234, 0.345, 0.456, 0.567, 0.678],
    }
    for params in ({}, largest):
        payload = explanations.picture("rlhf", params).model_dump_json(by_alias=True)
        assert len(gzip.compress(payload.encode())) < 3000
