"""How the class did on each question, and whether the question itself did well.

Difficulty is the share of right answers among all players. Groups by ability are the upper and lower
27 % by the points of the other questions (Kelley, "The selection of upper and lower groups for the
validation of test items", J. Educ. Psychol. 30, 1939). Discrimination is the corrected item-total
correlation, point-biserial: a question's right answers against how many of the *others* were right.
The gain between two votes is Hake's: of what could still be won, how much was
(Am. J. Phys. 66, 1998).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from games.reports.played import ENOUGH_PLAYERS, PlayedGame
from games.reports.words import answer_in_words, options_of
from games.scoring import Bools, Ints
from lessons.questions import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    NumberAnswer,
    NumberGuess,
    Question,
    TextAnswer,
    folded,
    is_right,
    is_scored,
    right_options,
)

Floats = NDArray[np.float64]

MOST_LISTED = 12
GROUP_SHARE = 0.27
GUESS_BINS = 24
TIME_BINS = 20
CHOSEN = frozenset({"single_choice", "several_right", "true_false", "poll"})
"""Kinds where one ticks what is offered; elsewhere players make their answers themselves."""


@dataclass(frozen=True)
class Option:
    """One answer that was given, or could have been chosen, and how often."""

    text: str
    count: int
    is_right: bool
    percent: int
    """Of those who answered."""
    place: int | None = None
    """Where it stood among the options; None for what players wrote themselves."""
    first_count: int | None = None
    """How often in the first vote, where there were two."""
    upper_percent: int | None = None
    """Of the upper group, who chose this; None without enough players."""
    lower_percent: int | None = None


@dataclass(frozen=True)
class Revote:
    """Before and after the talk, for those who voted both times."""

    players: int
    before_percent: int
    after_percent: int
    gain: float | None
    """(after - before) / (1 - before); None when all were right before."""


@dataclass(frozen=True)
class Guesses:
    """How numbers lay on their scale: `counts` in equal bins from low to high."""

    low: float
    high: float
    right: float
    tolerance: float
    unit: str
    median: float
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Times:
    """When answers came: counts in equal bins from 0 to `high_s`."""

    high_s: float
    right: tuple[int, ...]
    others: tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """A question. Percentages of right answers are of all players, also those who gave none."""

    round: int
    kind: str
    prompt: str
    note: str
    is_scored: bool
    key: str
    players: int
    answered: int
    right: int
    right_percent: int
    """The difficulty index, p, in percent."""
    median_seconds: float | None
    mean_seconds: float | None
    options: tuple[Option, ...]
    unlisted: int
    """Answers of players that aren't among the options listed."""
    times: Times | None
    guesses: Guesses | None
    revote: Revote | None
    discrimination: float | None
    """From -1 to 1; None below 20 players, or where all or none were right."""
    doubts: tuple[str, ...]
    """Why the key may be wrong, a sentence each."""

    @property
    def number(self) -> int:
        return self.round + 1

    @property
    def has_first_votes(self) -> bool:
        return any(option.first_count is not None for option in self.options)

    @property
    def has_groups(self) -> bool:
        return any(option.upper_percent is not None for option in self.options)


def compute(game: PlayedGame) -> list[Row]:
    """In the order they were asked; those that weren't closed are left out."""
    separation = discriminations(game.votes.is_right, game.is_scored)
    return [_row(game, column, separation[column]) for column in range(len(game.rounds))]


def discriminations(is_right: Bools, is_scored: Bools) -> Floats:
    """Corrected item-total correlations: each question against the number right of the others.

    is_right   (players, questions)
    is_scored  (questions,)  only these are part of the total
    returns    (questions,)  from -1 to 1; NaN where undefined: too few players, or no spread
    """
    players = len(is_right)
    found = np.full(is_right.shape[1], np.nan)
    if players < ENOUGH_PLAYERS or not is_scored.any():
        return found
    item = is_right[:, is_scored].astype(float)  # (players, scored)
    rest = item.sum(axis=1, keepdims=True) - item
    item -= item.mean(axis=0)
    rest -= rest.mean(axis=0)
    spread = np.sqrt((item**2).sum(axis=0) * (rest**2).sum(axis=0))  # (scored,)
    # Sums of differences from a mean are exact to about 1e-13: below that there is no spread.
    ok = spread > 1e-9
    found[is_scored] = np.divide(
        (item * rest).sum(axis=0), spread, out=np.full(spread.shape, np.nan), where=ok
    )
    return found


def ability_groups(points: Ints) -> tuple[Bools, Bools]:
    """The upper and the lower 27 % by points, equally many in both.

    points   (players,)
    returns  (players,) each; none below 20 players, or where all have the same points
    """
    upper, lower = np.zeros(len(points), bool), np.zeros(len(points), bool)
    if len(points) >= ENOUGH_PLAYERS and points.min() < points.max():
        size = round(GROUP_SHARE * len(points))
        order = np.argsort(points, kind="stable")
        lower[order[:size]] = upper[order[-size:]] = True
    return upper, lower


def _row(game: PlayedGame, column: int, separation: float) -> Row:
    question, votes = game.questions[column], game.votes
    answers = votes.answers[column]
    is_answered = votes.is_answered[:, column]
    seconds = votes.elapsed_ms[is_answered, column] / 1000
    right = int(votes.is_right[:, column].sum())
    # Without the question's own points, or a wrong key would choose who is called able.
    groups = ability_groups(game.total - votes.points[:, column])
    options, unlisted = _options(question, answers, game.first_votes.answers[column], groups)
    discrimination = None if np.isnan(separation) else float(separation)
    return Row(
        round=game.rounds[column],
        kind=question.kind,
        prompt=question.prompt,
        note=question.note,
        is_scored=is_scored(question),
        key=game.keys[column],
        players=len(game.players),
        answered=len(answers),
        right=right,
        right_percent=percent(right, len(game.players)),
        median_seconds=float(np.median(seconds)) if len(seconds) else None,
        mean_seconds=float(seconds.mean()) if len(seconds) else None,
        options=options,
        unlisted=unlisted,
        times=_times(votes.is_right[is_answered, column], seconds, game.limits[column]),
        guesses=_guesses(question, answers.values()),
        revote=_revote(game, column),
        discrimination=discrimination,
        doubts=_doubts(question, options, discrimination),
    )


def percent(part: int, whole: int) -> int:
    """The quotient to the nearest whole number, half up; 0 of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def _options(
    question: Question,
    answers: Mapping[int, Answer],
    first: Mapping[int, Answer],
    groups: tuple[Bools, Bools],
) -> tuple[tuple[Option, ...], int]:
    """Each option offered, in order; else each answer given, the commonest first. And how many not."""
    offered = options_of(question) if question.kind in CHOSEN else ()
    texts: list[str] = list(offered)
    right = [place in right_options(question) for place in range(len(texts))]
    if offered:
        chosen_by = _choosers(answers, len(texts))
        first_by = _choosers(first, len(texts))
    else:
        texts, right, chosen_by, first_by = _grouped(question, answers, first)
    found = []
    for place, text in enumerate(texts[: len(offered) or MOST_LISTED]):
        rows = chosen_by[place]
        found.append(
            Option(
                text=text,
                count=len(rows),
                is_right=right[place],
                percent=percent(len(rows), len(answers)),
                place=place if offered else None,
                first_count=len(first_by[place]) if first else None,
                upper_percent=_share_of(rows, groups[0]) if is_scored(question) else None,
                lower_percent=_share_of(rows, groups[1]) if is_scored(question) else None,
            )
        )
    unlisted = 0 if offered else sum(len(rows) for rows in chosen_by[MOST_LISTED:])
    return tuple(found), unlisted


def _choosers(answers: Mapping[int, Answer], options: int) -> list[list[int]]:
    """For each option, the rows of the players who chose it."""
    rows: list[list[int]] = [[] for _ in range(options)]
    for row, answer in answers.items():
        if isinstance(answer, ChoiceAnswer):
            rows[answer.choice].append(row)
        elif isinstance(answer, ChoicesAnswer):
            for choice in answer.choices:
                rows[choice].append(row)
    return rows


def _grouped(
    question: Question, answers: Mapping[int, Answer], first: Mapping[int, Answer]
) -> tuple[list[str], list[bool], list[list[int]], list[list[int]]]:
    """Answers that come to the same, as most wrote them: texts, right or not, who, who before."""
    rows: dict[str, list[int]] = {}
    before: dict[str, list[int]] = {}
    spelt: dict[str, Counter[str]] = {}
    right: dict[str, bool] = {}
    for given, by in ((answers, rows), (first, before)):
        for row, answer in given.items():
            words = answer_in_words(question, answer)
            same = folded(answer.text) if isinstance(answer, TextAnswer) else words
            by.setdefault(same, []).append(row)
            spelt.setdefault(same, Counter())[words] += 1
            right.setdefault(same, is_right(question, answer))
    order = sorted(spelt, key=lambda same: (-len(rows.get(same, ())), same))
    return (
        [spelt[same].most_common(1)[0][0] for same in order],
        [right[same] for same in order],
        [rows.get(same, []) for same in order],
        [before.get(same, []) for same in order],
    )


def _share_of(rows: Sequence[int], group: Bools) -> int | None:
    size = int(group.sum())
    return percent(int(group[list(rows)].sum()), size) if size else None


def _times(is_right: Bools, seconds: Floats, limit_ms: int) -> Times | None:
    """is_right, seconds  (answered,)"""
    if not len(seconds):
        return None
    high = max(limit_ms / 1000, float(seconds.max()), 1.0)
    right = np.histogram(seconds[is_right], TIME_BINS, (0, high))[0]
    others = np.histogram(seconds[~is_right], TIME_BINS, (0, high))[0]
    return Times(high, tuple(right.tolist()), tuple(others.tolist()))


def _guesses(question: Question, answers: Iterable[Answer]) -> Guesses | None:
    if not isinstance(question, NumberGuess):
        return None
    numbers = np.array([a.number for a in answers if isinstance(a, NumberAnswer)])
    if not len(numbers):
        return None
    # Halved, or the ends of the widest scale would be further apart than a float can say.
    low, high = question.low / 2, question.high / 2
    along = (numbers / 2 - low) / (high - low)
    return Guesses(
        low=question.low,
        high=question.high,
        right=question.right,
        tolerance=question.tolerance,
        unit=question.unit,
        median=float(np.median(numbers / 2)) * 2,
        counts=tuple(np.histogram(along, GUESS_BINS, (0, 1))[0].tolist()),
    )


def _revote(game: PlayedGame, column: int) -> Revote | None:
    """None where the room voted once."""
    first, second = game.first_votes, game.votes
    both = first.is_answered[:, column] & second.is_answered[:, column]
    players = int(both.sum())
    if not players or not game.is_scored[column]:
        return None
    before = int(first.is_right[both, column].sum())
    after = int(second.is_right[both, column].sum())
    return Revote(
        players=players,
        before_percent=percent(before, players),
        after_percent=percent(after, players),
        gain=(after - before) / (players - before) if before < players else None,
    )


def _doubts(
    question: Question, options: Sequence[Option], discrimination: float | None
) -> tuple[str, ...]:
    """What speaks against the key, from 20 players on."""
    found = []
    if discrimination is not None and discrimination < 0:
        found.append(
            _(
                "Those who were right elsewhere were wrong here more often than the others "
                "(discrimination %(value)s). Is the key right?"
            )
            % {"value": f"{discrimination:.2f}".replace("-", "−")}
        )
    keyed = [o.upper_percent for o in options if o.is_right and o.upper_percent is not None]
    wrong = [o for o in options if not o.is_right and o.upper_percent is not None]
    if is_scored(question) and wrong and not isinstance(question, NumberGuess):
        # Of several right options the least chosen one; of typed answers, all that count together.
        right = (min if question.kind in CHOSEN else sum)(keyed) if keyed else 0
        rival = max(wrong, key=lambda option: option.upper_percent or 0)
        if (rival.upper_percent or 0) > right:
            found.append(
                _(
                    "Of the strongest 27\u00a0%%, %(rival)s\u00a0%% answered “%(text)s”, which counts "
                    "as wrong, and %(right)s\u00a0%% what the key says. Is the key right?"
                )
                % {"rival": rival.upper_percent, "text": rival.text, "right": right}
            )
    return tuple(found)
