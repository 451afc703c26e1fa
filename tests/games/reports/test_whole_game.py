"""The game in a few figures."""

from collections.abc import Callable

import numpy as np
import pytest

from games.reports import whole_game
from games.reports.played import PlayedGame
from games.reports.whole_game import Extreme, points_step, reliability
from tests.games.reports.conftest import ANGLE, LINEAR, MOOD, RELU, choice, text

Play = Callable[..., PlayedGame]


def test_the_figures_of_a_small_game(play: Play) -> None:
    game = play(
        [ANGLE, LINEAR, MOOD, RELU],
        ["Ada", "Ben"],
        {
            0: {"Ada": choice(1), "Ben": choice(1)},
            1: {"Ada": choice(0), "Ben": choice(1)},
            2: {"Ada": choice(1)},
            3: {"Ada": text("tanh")},
        },
        scoring="accuracy",
    )

    summary = whole_game.compute(game)

    assert (summary.players, summary.questions) == (2, 4)
    assert summary.right_percent == 50  # three of two times three that are right or wrong
    assert summary.mean_points == 1500
    assert summary.hardest == Extreme(3, RELU.prompt, 0)
    assert summary.easiest == Extreme(0, ANGLE.prompt, 100)
    assert (summary.points_step, sum(summary.points)) == (200, 2)
    assert (summary.points[5], summary.points[10], summary.points_end) == (1, 1, 2200)
    assert summary.reliability is None


def test_reliability_is_kr_20() -> None:
    """Eight players three times over: p = (1/2, 1/4, 1/4), the variance of the sum is 1.5."""
    pattern = np.zeros((8, 3), bool)
    pattern[:4, 0] = pattern[:2, 1] = pattern[:2, 2] = True
    is_right = np.tile(pattern, (3, 1))

    # 3/2 * (1 - (1/4 + 3/16 + 3/16) / 1.5)
    assert reliability(is_right) == pytest.approx(1.5 * (1 - 0.625 / 1.5))


def test_kr_20_is_cronbachs_alpha_of_right_and_wrong() -> None:
    rng = np.random.default_rng(3)
    is_right = rng.normal(size=(50, 1)) + rng.normal(size=(50, 8)) > 0
    covariance = np.cov(is_right.T.astype(float))
    alpha = 8 / 7 * (1 - np.trace(covariance) / covariance.sum())

    assert reliability(is_right) == pytest.approx(alpha)


def test_reliability_needs_players_questions_and_spread() -> None:
    rng = np.random.default_rng(4)
    assert reliability(rng.random((19, 5)) > 0.5) is None
    assert reliability(rng.random((20, 1)) > 0.5) is None
    assert reliability(np.ones((20, 5), bool)) is None
    assert reliability(rng.random((20, 5)) > 0.5) is not None


def test_equal_questions_have_no_hardest_and_an_empty_room_no_mean(play: Play) -> None:
    summary = whole_game.compute(play([ANGLE, LINEAR], [], {}))

    assert (summary.players, summary.right_percent, summary.mean_points) == (0, 0, 0)
    assert (summary.hardest, summary.easiest, summary.points) == (None, None, ())


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (11, 1), (12, 2), (999, 100), (5000, 500), (10_000, 1000)]
)
def test_points_are_counted_in_round_steps(most: int, step: int) -> None:
    assert points_step(most) == step
    assert most // step < 13
