"""A finished game as the reports read it: two queries, then columns."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from games.archive import any_answer, quiz_in_force, retold, settings_in_force
from games.models import Game, Player, PlayerAnswer
from games.reports.words import key_in_words
from games.rules import Quiz, RoomSettings
from games.scoring import Bools, Ints
from lessons.questions import Answer, Question, is_asked, is_scored

ENOUGH_PLAYERS = 20
"""Below that, figures about a question's quality say more about chance than about the question."""


@dataclass(frozen=True)
class Votes:
    """One vote of every player in every round; where nobody answered, the columns are 0.

    is_answered, is_right, points, elapsed_ms  (players, rounds)
    answers                                    for each round, by the player's row
    """

    is_answered: Bools
    is_right: Bools
    points: Ints
    elapsed_ms: Ints
    answers: tuple[dict[int, Answer], ...]


@dataclass(frozen=True)
class PlayedGame:
    """Rows are players in order of their places, columns the closed rounds that one could answer.

    Quiz and settings are those that count: corrected ones, where the game was regraded.
    """

    game: Game
    quiz: Quiz
    settings: RoomSettings
    players: tuple[Player, ...]
    rounds: tuple[int, ...]
    limits: tuple[int, ...]
    """In ms, by column; 0 for none."""
    votes: Votes
    first_votes: Votes
    """Before the talk, where the room voted twice."""

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """By column."""
        return tuple(self.quiz.questions[round] for round in self.rounds)

    @cached_property
    def is_scored(self) -> Bools:
        """(rounds,) Was something right about it?"""
        return np.array([is_scored(question) for question in self.questions], bool)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """In words, by column."""
        return tuple(key_in_words(question) for question in self.questions)

    @cached_property
    def streaks(self) -> Ints:
        """(players, rounds) Right answers in a row up to each; a round without points breaks none."""
        streaks: Ints = np.zeros(self.votes.is_right.shape, np.int64)
        current = np.zeros(len(self.players), np.int64)
        for column, question in enumerate(self.questions):
            if question.points:
                current = np.where(self.votes.is_right[:, column], current + 1, 0)
            streaks[:, column] = current
        return streaks

    @cached_property
    def total(self) -> Ints:
        """(players,) points of the whole game"""
        return np.array([player.points for player in self.players], np.int64)


def load(game: Game, player: Player | None = None) -> PlayedGame:
    """Read all of a game, or what one player did. Two queries, however many players."""
    quiz = quiz_in_force(game)
    players = (player,) if player else tuple(game.players.all())
    closed = game.closed_rounds
    rounds = tuple(round for round in sorted(closed) if is_asked(quiz.questions[round]))
    counted, first = _read_votes(game, quiz, players, rounds)
    return PlayedGame(
        game=game,
        quiz=quiz,
        settings=settings_in_force(game),
        players=players,
        rounds=rounds,
        limits=tuple(closed[round] for round in rounds),
        votes=counted,
        first_votes=first,
    )


def _read_votes(
    game: Game, quiz: Quiz, players: tuple[Player, ...], rounds: tuple[int, ...]
) -> tuple[Votes, Votes]:
    """The votes that count, and the first ones where there were two."""
    asked = Quiz.model_validate(game.quiz)
    row_of = {player.pk: row for row, player in enumerate(players)}
    column_of = {round: column for column, round in enumerate(rounds)}
    shape = (len(players), len(rounds))
    both = [
        Votes(
            np.zeros(shape, bool),
            np.zeros(shape, bool),
            np.zeros(shape, np.int64),
            np.zeros(shape, np.int64),
            tuple({} for _ in rounds),
        )
        for _ in range(2)
    ]
    facts = PlayerAnswer.objects.filter(player__game=game).order_by()
    if len(players) == 1:
        facts = facts.filter(player=players[0])
    for player, round, is_first_vote, answer, elapsed_ms, is_right, points in facts.values_list(
        "player_id", "round", "is_first_vote", "answer", "elapsed_ms", "is_right", "points"
    ):
        row, column = row_of[player], column_of[round]
        votes = both[is_first_vote]
        votes.is_answered[row, column] = True
        votes.is_right[row, column] = is_right
        votes.points[row, column] = points
        votes.elapsed_ms[row, column] = elapsed_ms
        said = any_answer.validate_python(answer)
        votes.answers[column][row] = retold(said, asked, quiz, round)
    return both[0], both[1]
