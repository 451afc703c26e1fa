"""The two doors between a live game and the database: when it is born, and when it is over."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from asgiref.sync import async_to_sync
from django.contrib.auth import get_user_model
from django.db import InterfaceError, OperationalError, transaction
from pydantic import TypeAdapter

from games import learning
from games.models import Game, Player, PlayerAnswer, Pupil
from games.rules import Given, Quiz, RoomSettings
from games.scoring import PRESETS_VERSION, Line, score_round
from games.store import SeatRecord, StoreError, connected
from games.store.overview import finished_rooms
from lessons.models import Lesson
from lessons.questions import Answer, OrderAnswer, OrderSteps, is_right, is_scored, shown_steps
from quizgame import logs

logger = logging.getLogger(__name__)

Answers = Mapping[int, Mapping[str, Given]]
"""For each round that was closed, in order, what each seat answered."""
any_answer: TypeAdapter[Answer] = TypeAdapter(Answer)
AWAY = (OperationalError, InterfaceError, StoreError, OSError)
"""How a database or a Redis fails that is away: no fault of the game's."""


def freeze_lesson(lesson: Lesson) -> Quiz:
    """The lesson's questions as they are now. Raises ValidationError for one that can't be asked."""
    rows = list(lesson.questions_in_order())
    return Quiz(
        lesson=lesson.pk,
        slug=lesson.slug,
        title=lesson.title,
        questions=tuple(row.as_question() for row in rows),
        ids=tuple(row.pk for row in rows),
    )


def archive_finished_games(except_for: Collection[str] = ()) -> set[str]:
    """Write the game of every room that is over, once; returns the rooms where that failed.

    Raises what AWAY lists: then those that are left are written when asked again.
    """
    failed = set()
    for room in async_to_sync(_finished_rooms)():
        if room in except_for:
            continue
        told = logs.room_id.set(room)
        try:
            archive_game(room)
            # Without a game too: nobody has seen a question's end, or the room was nobody's.
            async_to_sync(_note_archived)(room)
        except AWAY:
            raise
        except Exception:
            logger.exception("A game can't be archived")
            failed.add(room)
        finally:
            logs.room_id.reset(told)
    return failed


def archive_game(room: str) -> Game | None:
    """Write a finished game; the same game whoever asks and however often.

    None when the room is gone, still playing, ended before its first question was closed, or
    nobody's.
    """
    if found := Game.objects.filter(room=room).first():
        return found
    facts = async_to_sync(_read_facts)(room)
    if facts is None:
        return None
    if not get_user_model().objects.filter(pk=facts.host).exists():
        # Nobody to show it to: a room of bots, or of a host who has been deleted since.
        return None
    return write_game(room, facts)


class Facts(NamedTuple):
    """All that a room leaves behind."""

    quiz: Quiz
    settings: RoomSettings
    host: int
    seated: Mapping[str, SeatRecord]
    limits: Mapping[int, int]
    """Of each closed round, in ms; 0 for none."""
    rounds: Answers
    first_votes: Answers = {}
    there: Mapping[int, Collection[str]] = {}
    """Who was connected when a round was closed: only for them can its time have run out."""
    played_at: datetime | None = None
    """When its last question was opened; None is now."""


def write_game(room: str, facts: Facts) -> Game:
    """The game of these facts, scored; the one that is there already if another was faster."""
    with transaction.atomic():
        game, is_new = Game.objects.get_or_create(
            room=room,
            defaults={
                "host_id": facts.host,
                "lesson": Lesson.objects.filter(pk=facts.quiz.lesson).first(),
                "title": facts.quiz.title,
                "quiz": facts.quiz.model_dump(mode="json"),
                "settings": facts.settings.model_dump(mode="json"),
                "presets_version": PRESETS_VERSION,
                "closed": {str(round): limit_ms for round, limit_ms in facts.limits.items()},
                "played_at": facts.played_at or datetime.now(UTC),
            },
        )
        if is_new:
            _write_answers(game, facts)
            try:
                with transaction.atomic():
                    learning.count_game(game, facts.seated, _learnt(facts))
            except Exception:
                # A game without its reviews is worth more than no game.
                logger.exception("Its answers don't count as reviews")
    return game


def _learnt(facts: Facts) -> dict[str, dict[int, bool]]:
    """By seat, for the row of each question with a key, whether it was right: what was answered last,
    or nothing by somebody who was there until time ran out.
    """
    learnt: dict[str, dict[int, bool]] = {seat: {} for seat in facts.seated}
    if not facts.quiz.ids:
        return learnt
    for round in facts.limits:
        question, row = facts.quiz.questions[round], facts.quiz.ids[round]
        given, there = facts.rounds.get(round, {}), facts.there.get(round, ())
        if not is_scored(question):
            continue
        for seat, was_right in learnt.items():
            if seat in given:
                was_right[row] = is_right(question, given[seat].answer)
            elif seat in there:
                was_right[row] = False
    return learnt


def score_game(
    quiz: Quiz,
    settings: RoomSettings,
    players: Sequence[str],
    rounds: Answers,
    limits: Mapping[int, int],
) -> tuple[dict[str, Line], dict[int, dict[str, Line]]]:
    """Score a whole game from its answers alone: the last lines, and the lines of each round.

    limits  time limit in ms of each closed round, 0 for none
    """
    lines: dict[str, Line] = {}
    each = {}
    for round in sorted(limits):
        question, given = quiz.questions[round], rounds.get(round, {})
        lines = score_round(
            question, settings, players, given, lines, limits[round], quiz.scored_rounds, round
        )
        each[round] = lines
    return lines, each


def rescored(
    game: Game, quiz: Quiz | None = None, settings: RoomSettings | None = None
) -> tuple[dict[str, Line], dict[int, dict[str, Line]]]:
    """A finished game scored again, from the database alone: by what counts now, or by this instead.

    Lines by seat, as `score_game` gives them.
    """
    asked, quiz = Quiz.model_validate(game.quiz), quiz or quiz_in_force(game)
    players = list(game.players.values_list("seat", flat=True))
    rounds: dict[int, dict[str, Given]] = {round: {} for round in game.closed_rounds}
    facts = PlayerAnswer.objects.filter(player__game=game, is_first_vote=False).values_list(
        "player__seat", "round", "answer", "elapsed_ms", "lag_ms", "time_factor"
    )
    for seat, round, answer, elapsed_ms, lag_ms, time_factor in facts:
        said = retold(any_answer.validate_python(answer), asked, quiz, round)
        rounds[round][seat] = Given(
            answer=said, elapsed_ms=elapsed_ms, lag_ms=lag_ms, time_factor=time_factor
        )
    return score_game(
        quiz, settings or settings_in_force(game), players, rounds, game.closed_rounds
    )


def quiz_in_force(game: Game) -> Quiz:
    """With the keys that count: as corrected, or as played."""
    return Quiz.model_validate(game.regraded_quiz or game.quiz)


def settings_in_force(game: Game) -> RoomSettings:
    """With the preset that counts: as chosen later, or as played."""
    return RoomSettings.model_validate(game.regraded_settings or game.settings)


def retold(answer: Answer, asked: Quiz, quiz: Quiz, round: int) -> Answer:
    """What was answered to the quiz as it was asked, said of the quiz with corrected keys.

    Steps in another right order are another list on the phones, so their places change.
    """
    before, after = asked.questions[round], quiz.questions[round]
    if not isinstance(answer, OrderAnswer) or before == after:
        return answer
    assert isinstance(before, OrderSteps)
    assert isinstance(after, OrderSteps)
    place_of = {text: place for place, text in enumerate(shown_steps(after))}
    texts = shown_steps(before)
    return OrderAnswer(order=tuple(place_of[texts[place]] for place in answer.order))


def _write_answers(game: Game, facts: Facts) -> None:
    lines, each = score_game(
        facts.quiz, facts.settings, list(facts.seated), facts.rounds, facts.limits
    )
    named = {seat.pupil for seat in facts.seated.values() if seat.pupil is not None}
    pupils = set(Pupil.objects.filter(pk__in=named).values_list("pk", flat=True))
    players = Player.objects.bulk_create(
        [
            Player(
                game=game,
                seat=id,
                nickname=seat.nickname,
                team=seat.team or "",
                members=list(seat.members),
                # Who was struck off the class since has played nevertheless.
                pupil_id=seat.pupil if seat.pupil in pupils else None,
                rank=lines[id].rank,
                points=lines[id].total,
                right=lines[id].right,
            )
            for id, seat in facts.seated.items()
        ],
        batch_size=2000,
    )
    by_seat = {player.seat: player for player in players}
    counted = [
        _answer(by_seat[id], round, found, each[round][id].is_right, each[round][id].points)
        for round, given in facts.rounds.items()
        for id, found in given.items()
        if id in by_seat
    ]
    first = [
        _answer(by_seat[id], round, found, is_right(question, found.answer), 0, first=True)
        for round, given in facts.first_votes.items()
        for question in [facts.quiz.questions[round]]
        for id, found in given.items()
        if id in by_seat
    ]
    PlayerAnswer.objects.bulk_create(counted + first, batch_size=2000)


def _answer(
    player: Player, round: int, given: Given, is_right: bool, points: int, first: bool = False
) -> PlayerAnswer:
    return PlayerAnswer(
        player=player,
        round=round,
        is_first_vote=first,
        answer=given.answer.model_dump(mode="json"),
        elapsed_ms=given.elapsed_ms,
        lag_ms=given.lag_ms,
        time_factor=given.time_factor,
        is_right=is_right,
        points=points,
    )


async def _read_facts(room: str) -> Facts | None:
    async with connected() as store:
        state = await store.read_state(room)
        game = await store.read_game(room)
        limits = await store.closed_rounds(room)
        if not state or not game or not limits or not state.is_over:
            return None
        return Facts(
            *game,
            host=state.host,
            seated=await store.read_seats(room),
            limits=limits,
            rounds={n: await store.read_answers(room, n) for n in limits},
            first_votes={n: await store.read_answers(room, n, is_first_vote=True) for n in limits},
            there={n: await store.read_there(room, n) for n in limits},
            # A game that is archived late, after one played later, was played before it all the same.
            played_at=datetime.fromtimestamp(state.opened_at_ms / 1000, UTC),
        )


async def _finished_rooms() -> list[str]:
    async with connected() as store:
        return await finished_rooms(store)


async def _note_archived(room: str) -> None:
    async with connected() as store:
        await store.note_archived(room)
