import gzip
import math
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import optimize, special, stats

from lessons import explanations
from lessons.explanations import ClassAnswers, nextword
from lessons.explanations.nextword import Params, Result

SPORTS = list(nextword.WORDS)


def computed(**given: Any) -> tuple[Params, Result]:
    params = Params(**given)
    return params, nextword.compute(params, np.random.default_rng(7))


def trained_slowly(
    shares: list[float], vocabulary: int, rate: float, steps: int
) -> list[list[float]]:
    """The chances at each step, every token of the vocabulary by itself, in a loop."""
    target = np.zeros(vocabulary)
    target[: len(shares)] = shares
    scores = np.zeros(vocabulary)
    seen = []
    for _ in range(steps):
        chances = special.softmax(scores)
        seen.append(chances.tolist())
        scores = scores - rate * (chances - target)
    return seen


def test_an_untrained_model_is_as_surprised_as_the_logarithm_of_its_vocabulary() -> None:
    assert round(computed()[1].clueless, 4) == 10.8249
    assert computed(vocabulary=6)[1].clueless == pytest.approx(math.log(6), abs=1e-6)


def test_the_floor_is_the_entropy_of_the_votes() -> None:
    _, result = computed(votes=[17, 5, 3, 2, 1, 0])

    assert result.floor == pytest.approx(stats.entropy([17, 5, 3, 2, 1, 0]), abs=1e-6)
    assert computed(words=["yes", "no"], votes=[8, 8])[1].floor == pytest.approx(math.log(2))
    assert computed(words=["yes", "no"], votes=[8, 0])[1].floor == 0


def test_no_chances_have_a_smaller_loss_than_the_votes() -> None:
    shares = np.array([0.5, 0.3, 0.2])
    target = nextword._Target(shares=np.append(shares, 0), tokens=np.array([1.0, 1, 1, 0]))

    found = optimize.minimize(
        lambda scores: float(nextword.loss(np.append(scores, 0), target)), [0.3, -0.2, 0.1]
    )

    assert found.fun == pytest.approx(nextword.entropy(shares), abs=1e-8)
    assert special.softmax(found.x) == pytest.approx(shares, abs=1e-4)


def test_tokens_that_share_a_column_learn_as_if_each_had_its_own() -> None:
    votes, vocabulary = [5, 2, 1, 0], 60
    _, result = computed(words=SPORTS[:4], votes=votes, vocabulary=vocabulary)

    slowly = trained_slowly([v / 8 for v in votes], vocabulary, nextword.RATE, 100)

    for moment in result.moments[:-1]:
        chances = slowly[moment.step - 1]
        assert moment.chances == pytest.approx(chances[:4], rel=1e-5)
        assert moment.other == pytest.approx(sum(chances[4:]), rel=1e-5)
        surprise = -sum(v / 8 * math.log(p) for v, p in zip(votes, chances, strict=False) if v)
        assert moment.loss == pytest.approx(surprise, abs=1e-6)
    assert result.others == 56


def test_the_first_step_is_before_the_first_nudge() -> None:
    first = computed()[1].moments[0]

    assert first.step == 1
    assert first.chances == pytest.approx([1 / 50_257] * 6, rel=1e-5)
    assert first.other == pytest.approx(50_251 / 50_257, abs=1e-6)


def test_the_gradient_is_chance_minus_share_for_every_score() -> None:
    rng = np.random.default_rng(7)
    shares = rng.dirichlet(np.ones(7))
    target = nextword._Target(shares=shares, tokens=np.ones(7))
    scores = 3 * rng.standard_normal(7)

    slopes = optimize.approx_fprime(scores, lambda z: float(nextword.loss(z, target)), 1e-7)

    assert nextword.softmax(scores, target) - shares == pytest.approx(slopes, abs=1e-6)


def test_the_measured_slope_is_that_of_the_word_with_the_most_votes() -> None:
    _, result = computed(words=["golf", "basketball"], votes=[1, 3])

    basketball = result.moments[nextword.MOMENTS.index(20)].chances[1]
    assert result.nudge == pytest.approx(basketball - 3 / 4, abs=2e-6)
    assert result.slope == pytest.approx(result.nudge, abs=2e-6)


@pytest.mark.parametrize("rate", [0.1, 1.0, 3.99])
@pytest.mark.parametrize("votes", [[17, 5, 3, 2, 1, 0], [15, 15, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1]])
def test_below_a_rate_of_four_the_loss_falls_at_every_step(rate: float, votes: list[int]) -> None:
    shares = np.array([*votes, 0]) / sum(votes)
    target = nextword._Target(shares=shares, tokens=np.array([1.0] * 6 + [50_251]))

    losses = nextword.loss(nextword.descent(target, rate), target)

    assert np.diff(losses).max() <= 1e-12


def test_a_rate_that_is_too_high_overshoots() -> None:
    shares = np.array([15 / 29, 14 / 29, 0])
    target = nextword._Target(shares=shares, tokens=np.array([1.0, 1, 50_255]))

    losses = nextword.loss(nextword.descent(target, 8), target)

    assert np.diff(losses).max() > 0.1


def test_a_word_that_nobody_chose_keeps_a_chance() -> None:
    _, result = computed(votes=[17, 5, 3, 2, 1, 0])

    nobody = [moment.chances[-1] for moment in result.moments]
    assert nobody == sorted(nobody, reverse=True)
    assert 0 < nobody[-1] < 1e-6


@pytest.mark.parametrize("vocabulary", [6, 300, 50_257, 1_000_000])
@pytest.mark.parametrize(
    "votes",
    [
        [17, 5, 3, 2, 1, 0],
        [1, 0, 0, 0, 0, 0],
        [28, 28, 28, 28, 28, 28],
        [490, 2, 2, 2, 2, 2],
        [0, 0, 1999, 1, 0, 0],
        [11, 28, 29, 357, 75, 0],
    ],
)
def test_measured_and_theory_agree(votes: list[int], vocabulary: int) -> None:
    params, result = computed(votes=votes, vocabulary=vocabulary)

    assert [check.name for check in nextword.checks(params, result) if not check.ok] == []


def test_where_every_word_is_learned_the_floor_is_checked_closely() -> None:
    for votes in ([17, 5, 3, 2, 1, 0], [28, 0, 0, 0, 0, 0], [5, 5, 5, 5, 4, 4]):
        assert nextword.checks(*computed(votes=votes))[1].tol == 0.03
    # 2 of 500 are too rare to be learned in 1,000 steps.
    assert nextword.checks(*computed(votes=[498, 2, 0, 0, 0, 0]))[1].tol == pytest.approx(
        0.03 + 0.004 * math.log(50_257), abs=1e-4
    )


@pytest.mark.parametrize(
    ("number", "wrong", "failing"),
    [
        ("clueless", 10.8250, ["loss untrained"]),
        ("floor", 1.12, ["loss trained", "loss − KL, entropy"]),
        ("slope", 0.207, ["slope at “basketball”"]),
        ("missing", 0.0065, ["loss − KL, entropy"]),
    ],
)
def test_a_number_slightly_off_fails_its_check(
    number: str, wrong: float, failing: list[str]
) -> None:
    params, result = computed()

    spoilt = nextword.checks(params, result.model_copy(update={number: wrong}))

    assert [check.name for check in spoilt if not check.ok] == failing


def test_the_class_votes_are_what_is_learned() -> None:
    answers = ClassAnswers(n=30, counts=[21, 9, 0], options=["basketball", "golf", "chess"])

    params = nextword.with_answers(Params(), answers)
    _, result = computed(**params.model_dump())

    assert params.sentence == "Michael Jordan plays the sport of"
    assert (params.words, params.votes) == (["basketball", "golf", "chess"], [21, 9, 0])
    assert result.shares == [0.7, 0.3, 0]
    assert result.moments[-1].chances[:2] == pytest.approx([0.7, 0.3], abs=0.01)


def test_other_words_than_the_example_s_lose_its_sentence_but_keep_an_own() -> None:
    answers = ClassAnswers(n=3, counts=[1, 2], options=["True", "False"])

    assert nextword.with_answers(Params(), answers).sentence == ""
    assert nextword.with_answers(Params(sentence="It is"), answers).sentence == "It is"


def test_a_small_vocabulary_grows_to_hold_the_class_words() -> None:
    params = Params(words=["yes", "no"], votes=[1, 1], vocabulary=2)
    answers = ClassAnswers(n=3, counts=[1, 1, 1], options=["yes", "no", "maybe"])

    assert nextword.with_answers(params, answers).vocabulary == 3


@pytest.mark.parametrize(
    "answers",
    [
        ClassAnswers(),
        ClassAnswers(n=2, values=[3, 90]),
        ClassAnswers(n=2, counts=[0, 0], options=["a", "b"]),
        ClassAnswers(n=2, counts=[2], options=["a"]),
        ClassAnswers(n=7, counts=[1] * 7, options=list("abcdefg")),
        ClassAnswers(n=2, counts=[1, 1], options=[]),
    ],
)
def test_answers_of_another_kind_change_nothing(answers: ClassAnswers) -> None:
    params = Params(votes=[1, 2, 3, 4, 5, 6])

    assert nextword.with_answers(params, answers) == params
    assert nextword.class_text(params, answers) == ""


def test_the_same_votes_give_the_same_picture() -> None:
    assert computed() == computed()
    assert computed()[1] != computed(votes=[17, 5, 3, 2, 0, 1])[1]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"votes": [1, 2]}, "6 options need as many vote counts, not 2"),
        ({"votes": [0] * 6}, "somebody must have voted"),
        ({"votes": [1, 1, 1, 1, 1, -1]}, "greater than or equal to 0"),
        ({"votes": [100_001, 1, 1, 1, 1, 1]}, "less than or equal to 100000"),
        ({"words": ["golf"], "votes": [1]}, "at least 2"),
        ({"words": list("abcdefg"), "votes": [1] * 7}, "at most 6"),
        ({"words": ["", "b"], "votes": [1, 1]}, "at least 1"),
        ({"words": ["a" * 121, "b"], "votes": [1, 1]}, "at most 120"),
        ({"vocabulary": 5}, "must hold the words on show"),
        ({"vocabulary": 1_000_001}, "less than or equal to 1000000"),
        ({"sentence": "a" * 201}, "at most 200"),
        ({"rate": 1}, "not permitted"),
    ],
)
def test_parameters_out_of_bounds_are_refused(params: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Params.model_validate(params)


def test_the_caption_tells_start_end_and_floor() -> None:
    assert nextword.caption(*computed()) == (
        "Untrained, every token is equally likely: loss 10.82. 1,000 nudges later the model says what "
        "28 votes say: loss 1.16. No model can get below 1.16: people disagree."
    )
    assert "as close to 0 as you like" in nextword.caption(*computed(votes=[28, 0, 0, 0, 0, 0]))


def test_the_text_equivalent_tells_this_picture_s_numbers() -> None:
    text = nextword.text(*computed())

    assert "“Michael Jordan plays the sport of …”" in text
    assert "28 example votes for the next word are shared: basketball 61\u00a0%" in text
    assert "all 50,257 tokens equally likely, and its loss is 10.82" in text
    assert "At step 20 the loss is 4.07, at step 1,000 it is 1.16" in text
    assert "chess 3\u00a0%, swimming less than 0.5\u00a0%, the 50,251 other tokens" in text
    assert "never gives a word exactly 0" in text


def test_a_picture_of_own_votes_calls_nothing_an_example() -> None:
    text = nextword.text(*computed(words=["a", "b"], votes=[2, 1], sentence="", vocabulary=2))

    assert text.startswith("Solid bars show how 3 votes for the next word are shared: a 67\u00a0%")
    assert "example" not in text
    assert "other tokens" not in text
    assert "exactly 0" not in text


def test_the_class_is_told_with_its_numbers() -> None:
    answers = ClassAnswers(n=4, counts=[3, 1], options=["golf", "chess"])

    assert nextword.class_text(nextword.with_answers(Params(), answers), answers) == (
        "The votes are the class’ own: “golf” 3, “chess” 1. The model was trained on them."
    )
    assert nextword.class_text(Params(), answers) == "The class chose: “golf” 3, “chess” 1."


def test_the_payload_is_small_even_at_its_largest() -> None:
    largest = {
        "sentence": "s" * 200,
        "words": [chr(97 + i) * 120 for i in range(6)],
        "votes": [100_000, 77_777, 31_415, 27_182, 1, 0],
        "vocabulary": 999_999,
    }
    for params in ({}, largest):
        payload = explanations.picture("nextword", params).model_dump_json(by_alias=True)
        assert len(gzip.compress(payload.encode())) < 3000
