"""Points for a closed question, the whole room at once, and who leads. Pure numpy.

Answers are facts, points are derived from them: the same facts with another preset or a corrected
key give other points, and the same game scored again gives the same standings.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from games.rules import Given, RoomSettings
from lessons.questions import Answer, Question, is_right

PRESETS_VERSION = 1
FULL_MARKS_MS = 500  # nobody reads faster than that; network and thumb shouldn't cost points
STREAK_STEP, STREAK_MOST = 100, 500

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Line(NamedTuple):
    """A player's state after a round: totals for the next one, and what this one brought."""

    total: int = 0
    streak: int = 0
    right: int = 0
    """Questions answered right so far."""
    right_ms: int = 0
    """Time taken for those, summed: ties go to the smaller mean."""
    rank: int = 0
    rank_before: int | None = None
    points: int = 0
    """Earned in this round, bonus included."""
    bonus: int = 0
    answered: bool = False
    is_right: bool = False
    elapsed_ms: int | None = None


def score_round(
    question: Question,
    settings: RoomSettings,
    players: Sequence[str],
    given: Mapping[str, Given],
    before: Mapping[str, Line],
) -> dict[str, Line]:
    """Everyone's line after this round.

    players  all who are seated; a player without an entry in `given` didn't answer
    before   the lines of the round before; newcomers have none and start at 0
    """
    old = [before.get(player, Line()) for player in players]
    answers = [given.get(player) for player in players]
    right = _right(question, answers)  # (players,)
    elapsed_ms = np.array([a.elapsed_ms if a else 0 for a in answers], np.int64)
    streak = np.array([line.streak for line in old], np.int64)
    if question.points:
        streak = np.where(right, streak + 1, 0)
    earned = points_for_answers(
        right, elapsed_ms, question.limit_ms, question.points, settings.scoring
    )
    bonus = streak_bonus(right, streak) if settings.streak_bonus and question.points else earned * 0
    total = np.array([line.total for line in old], np.int64) + earned + bonus
    right_count = np.array([line.right for line in old], np.int64) + right
    right_ms = np.array([line.right_ms for line in old], np.int64) + elapsed_ms * right
    rank = ranks(total, right_count, right_ms)
    columns = zip(
        players,
        total.tolist(),
        streak.tolist(),
        right_count.tolist(),
        right_ms.tolist(),
        rank.tolist(),
        [before[player].rank if player in before else None for player in players],
        (earned + bonus).tolist(),
        bonus.tolist(),
        [answer is not None for answer in answers],
        right.tolist(),
        [answer.elapsed_ms if answer else None for answer in answers],
        strict=True,
    )
    return {player: Line(*values) for player, *values in columns}


def points_for_answers(
    is_right: Bools,
    elapsed_ms: Ints,
    limit_ms: int,
    points: int,
    preset: Literal["standard", "accuracy"],
) -> Ints:
    """What each answer earns, without bonus, rounded half up.

    standard  full marks within half a second, then falling evenly to half at the bell
    accuracy  full marks, whatever the time

    is_right    (players,)  did this player hit the key
    elapsed_ms  (players,)  from opening to answer, by the Redis clock
    returns     (players,)  points
    """
    full = np.full(is_right.shape, points, np.int64)
    if preset == "standard":
        elapsed_ms = np.minimum(elapsed_ms, limit_ms)
        # P * (1 - t/2T), half up, in whole numbers: exact for any t.
        falling = (points * (2 * limit_ms - elapsed_ms) + limit_ms) // (2 * limit_ms)
        full = np.where(elapsed_ms < FULL_MARKS_MS, full, falling)
    return np.where(is_right, full, 0)


def streak_bonus(is_right: Bools, streak: Ints) -> Ints:
    """100 more for each right answer in a row after the first, 500 at most.

    streak  (players,)  right answers in a row, this one included
    """
    bonus = np.minimum(STREAK_STEP * (streak - 1), STREAK_MOST)
    return np.where(is_right, bonus, 0)


def ranks(total: Ints, right: Ints, right_ms: Ints) -> Ints:
    """Places from 1: more points first, then the smaller mean time over right answers.

    total, right, right_ms  (players,)
    returns                 (players,)  equals share a place
    """
    if not total.size:
        return total
    mean_ms = right_ms / np.maximum(right, 1)
    order = np.lexsort((mean_ms, -total))
    ties = np.ones(total.size, bool)  # in order: does a new place begin here?
    ties[1:] = (np.diff(total[order]) != 0) | (np.diff(mean_ms[order]) != 0)
    places = np.maximum.accumulate(np.where(ties, np.arange(1, total.size + 1), 0))
    return places[np.argsort(order)]


def places(lines: Mapping[str, Line]) -> dict[str, int]:
    """Everyone's place among just these: who was sent away since the close leaves no gap."""
    columns = [(line.total, line.right, line.right_ms) for line in lines.values()]
    total, right, right_ms = np.array(columns, np.int64).reshape(-1, 3).T
    return dict(zip(lines, ranks(total, right, right_ms).tolist(), strict=True))


class TeamPlace(NamedTuple):
    """A team's place and mean points."""

    name: str
    points: int
    members: int
    rank: int


def team_places(
    names: Sequence[str], team_of: Mapping[str, str | None], totals: Mapping[str, int]
) -> list[TeamPlace]:
    """Teams by the mean of their members' points, half up: fair for unequal sizes.

    team_of  every seated player's team; who isn't in `totals` has 0 points
    """
    members: dict[str, list[int]] = {name: [] for name in names}
    for player, team in team_of.items():
        if team in members:
            members[team].append(totals.get(player, 0))
    means = {
        name: (2 * sum(points) + len(points)) // (2 * len(points)) if points else 0
        for name, points in members.items()
    }
    by_points = sorted(means.values(), reverse=True)
    places = [
        TeamPlace(name, means[name], len(members[name]), by_points.index(means[name]) + 1)
        for name in names
    ]
    return sorted(places, key=lambda place: place.rank)


def _right(question: Question, answers: Sequence[Given | None]) -> Bools:
    """(players,) Did each hit the key? Equal answers are judged once."""
    known: dict[Answer, bool] = {}
    for given in answers:
        if given and given.answer not in known:
            known[given.answer] = is_right(question, given.answer)
    return np.array([given is not None and known[given.answer] for given in answers], bool)
