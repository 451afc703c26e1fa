"""The game in a few figures, and how far its points can be trusted.

Reliability is KR-20 (Kuder and Richardson, "The theory of the estimation of test reliability",
Psychometrika 2, 1937), which is Cronbach's alpha (Psychometrika 16, 1951) of questions that are
either right or wrong: how well the questions agree about who knows more. From 20 players on.
"""

import math
from dataclasses import dataclass

import numpy as np

from games.reports.per_question import percent
from games.reports.played import ENOUGH_PLAYERS, PlayedGame
from games.scoring import Bools

POINTS_BINS = 12


@dataclass(frozen=True)
class Extreme:
    """The hardest or the easiest question."""

    round: int
    prompt: str
    right_percent: int

    @property
    def number(self) -> int:
        return self.round + 1


@dataclass(frozen=True)
class Summary:
    """`points` are counts of players in bins of `points_step`, from 0 on."""

    players: int
    questions: int
    right_percent: int
    """Of all that could have been answered rightly, by all players."""
    mean_points: int
    hardest: Extreme | None
    easiest: Extreme | None
    points: tuple[int, ...]
    points_step: int
    reliability: float | None
    """At most 1; None below 20 players or two questions, or without spread."""

    @property
    def points_end(self) -> int:
        """Where the last bin ends."""
        return len(self.points) * self.points_step


def compute(game: PlayedGame) -> Summary:
    """For the top of the page."""
    is_right = game.votes.is_right[:, game.is_scored]  # (players, scored)
    players, scored = is_right.shape
    columns = np.flatnonzero(game.is_scored)
    shares = is_right.sum(axis=0)  # (scored,)
    step = points_step(int(game.total.max(initial=0)))
    bins = np.bincount(game.total // step) if players else np.zeros(0, np.int64)

    def extreme(place: int) -> Extreme:
        column = int(columns[place])
        question = game.questions[column]
        right = percent(int(shares[place]), players)
        return Extreme(game.rounds[column], question.prompt, right)

    # Of one question, or of equal ones, none is the hardest.
    differ = players > 0 and scored > 0 and shares.min() < shares.max()
    return Summary(
        players=players,
        questions=len(game.rounds),
        right_percent=percent(int(is_right.sum()), is_right.size),
        mean_points=int(np.floor(game.total.mean() + 0.5)) if players else 0,
        hardest=extreme(int(shares.argmin())) if differ else None,
        easiest=extreme(int(shares.argmax())) if differ else None,
        points=tuple(bins.tolist()),
        points_step=step,
        reliability=reliability(is_right),
    )


def reliability(is_right: Bools) -> float | None:
    """KR-20: k/(k-1) * (1 - sum of p(1-p) / variance of the number right).

    is_right  (players, questions)
    returns   at most 1; None where it can't be said
    """
    players, questions = is_right.shape
    if players < ENOUGH_PLAYERS or questions < 2:
        return None
    share = is_right.mean(axis=0)  # (questions,)
    variance = is_right.sum(axis=1).var()
    if variance == 0:
        return None
    return float(questions / (questions - 1) * (1 - (share * (1 - share)).sum() / variance))


def points_step(most: int) -> int:
    """A round width for about a dozen bins from 0 to `most`: 1, 2 or 5 times a power of ten."""
    rough = max(1.0, (most + 1) / POINTS_BINS)
    power = 10 ** math.floor(math.log10(rough))
    return int(next(n * power for n in (1, 2, 5, 10) if n * power >= rough))
