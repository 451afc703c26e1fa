"""How each player did: the whole game in a line, and question by question."""

from dataclasses import dataclass

import numpy as np

from games.reports.played import PlayedGame
from games.reports.words import answer_in_words
from lessons.questions import is_scored


@dataclass(frozen=True)
class Row:
    """A player's game."""

    pk: int
    rank: int
    nickname: str
    team: str
    members: tuple[str, ...]
    points: int
    right: int
    answered: int
    mean_seconds: float | None
    """Over the questions answered."""
    best_streak: int
    """Right answers in a row, at most, among the questions that carry points."""


@dataclass(frozen=True)
class OwnRound:
    """What a player did with a question. `is_right` is None where nothing is right or wrong."""

    round: int
    prompt: str
    key: str
    answer: str | None
    first_answer: str | None
    """Before the talk, where the room voted twice."""
    is_right: bool | None
    points: int
    seconds: float | None
    streak: int

    @property
    def is_partly_right(self) -> bool:
        """Some of the right options, or a number not far off."""
        return self.is_right is False and self.points > 0

    @property
    def number(self) -> int:
        return self.round + 1


def compute(game: PlayedGame) -> list[Row]:
    """By place, then nickname."""
    votes = game.votes
    answered = votes.is_answered.sum(axis=1)  # (players,)
    mean_ms = votes.elapsed_ms.sum(axis=1) / np.maximum(answered, 1)
    best = game.streaks.max(axis=1, initial=0)
    return [
        Row(
            pk=player.pk,
            rank=player.rank,
            nickname=player.nickname,
            team=player.team,
            members=tuple(player.members),
            points=player.points,
            right=player.right,
            answered=n,
            mean_seconds=ms / 1000 if n else None,
            best_streak=streak,
        )
        for player, n, ms, streak in zip(
            game.players, answered.tolist(), mean_ms.tolist(), best.tolist(), strict=True
        )
    ]


def rounds_of(game: PlayedGame, row: int) -> list[OwnRound]:
    """What the player in that row of the game did with each question."""
    votes, streaks = game.votes, game.streaks[row]
    found = []
    for column, question in enumerate(game.questions):
        answer = votes.answers[column].get(row)
        first = game.first_votes.answers[column].get(row)
        found.append(
            OwnRound(
                round=game.rounds[column],
                prompt=question.prompt,
                key=game.keys[column],
                answer=answer_in_words(question, answer) if answer else None,
                first_answer=answer_in_words(question, first) if first else None,
                is_right=bool(votes.is_right[row, column]) if is_scored(question) else None,
                points=int(votes.points[row, column]),
                seconds=int(votes.elapsed_ms[row, column]) / 1000 if answer else None,
                streak=int(streaks[column]),
            )
        )
    return found
