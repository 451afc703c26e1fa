"""Points for a closed question, the whole room at once, and who leads. Pure numpy.

Answers are facts, points are derived from them: the same facts with another preset or a corrected
key give other points, and the same game scored again gives the same standings.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from games.rules import Given, RoomSettings
from lessons.questions import FULL_CREDIT, Answer, Question, credit, is_scored

PRESETS_VERSION = 2
FULL_MARKS_MS = 500  # nobody reads faster than that; network and thumb shouldn't cost points
GRACE_MS = 2000  # of `graceful`
STREAK_STEP, STREAK_MOST = 100, 500
EXTRAS = 999
"""What the extras of `accuracy_first` add up to at most, over a whole quiz: less than one question."""

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Preset = Literal["standard", "linear", "accuracy", "accuracy_first", "graceful"]


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
    credit: int = 0
    """How much of a right answer it was, of FULL_CREDIT."""
    round: int = 0


def score_round(
    question: Question,
    settings: RoomSettings,
    players: Sequence[str],
    given: Mapping[str, Given],
    before: Mapping[str, Line],
    limit_ms: int,
    scored_rounds: int,
    round: int = 0,
) -> dict[str, Line]:
    """Everyone's line after this round.

    players        all who are seated; a player without an entry in `given` didn't answer
    before         the lines of the round before; newcomers have none and start at 0
    limit_ms       as it was in the end, with all extensions; 0 for none
    scored_rounds  how many questions of the quiz carry points
    """
    old = [before.get(player, Line()) for player in players]
    answers = [given.get(player) for player in players]
    part = _credit(question, answers)  # (players,)
    right = part == FULL_CREDIT
    counted_ms = np.array([a.counted_ms if a else 0 for a in answers], np.int64)
    streak = np.array([line.streak for line in old], np.int64)
    if question.points:
        streak = np.where(right, streak + 1, 0)
    earned = points_for_answers(part, counted_ms, limit_ms, question.points, settings.scoring)
    bonus = earned * 0
    if settings.scoring == "accuracy_first" and question.points:
        bonus = accuracy_first_extras(right, counted_ms, streak, limit_ms, scored_rounds)
    elif settings.streak_bonus and question.points:
        bonus = streak_bonus(right, streak)
    total = np.array([line.total for line in old], np.int64) + earned + bonus
    rights = np.array([line.right for line in old], np.int64) + right
    right_ms = np.array([line.right_ms for line in old], np.int64) + np.where(right, counted_ms, 0)
    places = ranks(total, rights, right_ms)
    columns = zip(
        players,
        total.tolist(),
        streak.tolist(),
        rights.tolist(),
        right_ms.tolist(),
        places.tolist(),
        [line.rank or None for line in old],
        (earned + bonus).tolist(),
        bonus.tolist(),
        [found is not None for found in answers],
        right.tolist(),
        [found.elapsed_ms if found else None for found in answers],
        part.tolist(),
        [round] * len(old),
        strict=True,
    )
    return {player: Line(*values) for player, *values in columns}


def points_for_answers(
    part: Ints, counted_ms: Ints, limit_ms: int, points: int, preset: Preset
) -> Ints:
    """What each answer earns, without extras, rounded half up.

    standard        full marks within half a second, then falling evenly to half at the bell
    linear          falling evenly from full at once to nothing at the bell
    accuracy        full marks, whatever the time
    accuracy_first  the same; see `accuracy_first_extras`
    graceful        full marks for two seconds, then falling evenly to a twentieth at the bell

    part        (players,)  how much of a right answer, of FULL_CREDIT
    counted_ms  (players,)  from opening to answer, by the Redis clock, without the network's share
    limit_ms    0 for none: then time doesn't count
    returns     (players,)  points
    """
    t = np.clip(counted_ms, 0, limit_ms)
    # Marks as a fraction in whole numbers, so that rounding is exact.
    numerator, denominator = np.ones_like(t), 1
    if limit_ms:
        match preset:
            case "standard":
                denominator = 2 * limit_ms
                numerator = np.where(t < FULL_MARKS_MS, denominator, denominator - t)
            case "linear":
                numerator, denominator = limit_ms - t, limit_ms
            case "graceful" if limit_ms > GRACE_MS:
                denominator = 20 * (limit_ms - GRACE_MS)
                numerator = denominator - 19 * np.maximum(0, t - GRACE_MS)
            case _:
                pass
    denominator *= FULL_CREDIT
    return (2 * points * part * numerator + denominator) // (2 * denominator)


def streak_bonus(is_right: Bools, streak: Ints) -> Ints:
    """100 more for each right answer in a row after the first, 500 at most.

    streak  (players,)  right answers in a row, this one included
    """
    bonus = np.minimum(STREAK_STEP * (streak - 1), STREAK_MOST)
    return np.where(is_right, bonus, 0)


def accuracy_first_extras(
    is_right: Bools, counted_ms: Ints, streak: Ints, limit_ms: int, scored_rounds: int
) -> Ints:
    """For speed and for streaks, so little that over the whole quiz another right answer beats them.

    Each question has an equal share of EXTRAS: half of it for speed, falling evenly to nothing at
    the bell, half for the streak, in full from six in a row.
    """
    share = EXTRAS // max(1, scored_rounds)
    t = np.clip(counted_ms, 0, limit_ms)
    speed = share // 2 * (limit_ms - t) // limit_ms if limit_ms else t * 0
    steps = STREAK_MOST // STREAK_STEP
    in_a_row = (share - share // 2) * np.minimum(streak - 1, steps) // steps
    return np.where(is_right, speed + in_a_row, 0)


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
    """A team's place and points."""

    name: str
    points: int
    members: int
    rank: int


def team_places(
    names: Sequence[str],
    team_of: Mapping[str, str | None],
    totals: Mapping[str, int],
    how: Literal["mean", "sum", "best"] = "mean",
) -> list[TeamPlace]:
    """Teams by their members' points; the mean, half up, is fair for unequal sizes.

    team_of  every seated player's team; who isn't in `totals` has 0 points
    """
    members: dict[str, list[int]] = {name: [] for name in names}
    for player, team in team_of.items():
        if team in members:
            members[team].append(totals.get(player, 0))
    scores = {name: _team_points(points, how) for name, points in members.items()}
    by_points = sorted(scores.values(), reverse=True)
    places = [
        TeamPlace(name, scores[name], len(members[name]), by_points.index(scores[name]) + 1)
        for name in names
    ]
    return sorted(places, key=lambda place: place.rank)


def _team_points(points: Sequence[int], how: Literal["mean", "sum", "best"]) -> int:
    if not points:
        return 0
    match how:
        case "mean":
            return (2 * sum(points) + len(points)) // (2 * len(points))
        case "sum":
            return sum(points)
        case "best":
            return max(points)


def _credit(question: Question, answers: Sequence[Given | None]) -> Ints:
    """(players,) How much of a right answer is each, of FULL_CREDIT? Equal answers are judged once."""
    if not is_scored(question):
        return np.zeros(len(answers), np.int64)
    known: dict[Answer, int] = {}
    for given in answers:
        if given and given.answer not in known:
            known[given.answer] = credit(question, given.answer)
    return np.array([known[given.answer] if given else 0 for given in answers], np.int64)
