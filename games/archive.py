"""The two doors between a live game and the database: when it is born, and when it is over."""

import logging
from datetime import UTC, datetime

from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction
from django_tasks import task

from games.models import Game, Player, PlayerAnswer
from games.rules import Given, Phase, Quiz, RoomSettings
from games.scoring import PRESETS_VERSION, Line, score_round
from games.store import SeatRecord, Store, connected
from lessons.models import Lesson

logger = logging.getLogger(__name__)


def freeze_lesson(lesson: Lesson) -> Quiz:
    """The lesson's questions as they are now. Raises ValidationError for one that can't be asked."""
    return Quiz(
        lesson=lesson.pk,
        slug=lesson.slug,
        title=lesson.title,
        questions=tuple(question.as_question() for question in lesson.questions_in_order()),
    )


async def queue(store: Store, room: str) -> None:
    """Have a finished game archived by the worker; asked again while the database is away."""
    try:
        await sync_to_async(archive_in_background.enqueue)(room)
    except DatabaseError:
        logger.warning("Room %s: archived later, the database is away", room, exc_info=True)
    else:
        await store.set_archived(room, "queued")


@task()
def archive_in_background(room: str) -> None:
    """The worker's part of `queue`."""
    archive_game(room)


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
    quiz, chosen, host, seated, rounds = facts
    if not get_user_model().objects.filter(pk=host).exists():
        # Nobody to show it to: a room of bots, or of a host who has been deleted since.
        async_to_sync(_note_archived)(room)
        return None
    lines, points = score_game(quiz, chosen, list(seated), rounds)
    with transaction.atomic():
        game, is_new = Game.objects.get_or_create(
            room=room,
            defaults={
                "host_id": host,
                "lesson": Lesson.objects.filter(pk=quiz.lesson).first(),
                "title": quiz.title,
                "quiz": quiz.model_dump(mode="json"),
                "settings": chosen.model_dump(mode="json"),
                "presets_version": PRESETS_VERSION,
                "rounds": len(rounds),
                "played_at": datetime.now(UTC),
            },
        )
        if is_new:
            _write_answers(game, seated, lines, rounds, points)
    async_to_sync(_note_archived)(room)
    return game


def score_game(
    quiz: Quiz, chosen: RoomSettings, players: list[str], rounds: list[dict[str, Given]]
) -> tuple[dict[str, Line], list[dict[str, Line]]]:
    """Score a whole game from its answers alone: the last lines, and the lines of each round."""
    lines: dict[str, Line] = {}
    each = []
    for question, given in zip(quiz.questions, rounds, strict=False):
        lines = score_round(question, chosen, players, given, lines)
        each.append(lines)
    return lines, each


def _write_answers(
    game: Game,
    seated: dict[str, SeatRecord],
    lines: dict[str, Line],
    rounds: list[dict[str, Given]],
    each: list[dict[str, Line]],
) -> None:
    players = Player.objects.bulk_create(
        [
            Player(
                game=game,
                seat=id,
                nickname=seat.nickname,
                team=seat.team or "",
                rank=lines[id].rank,
                points=lines[id].total,
                right=lines[id].right,
            )
            for id, seat in seated.items()
        ]
    )
    by_seat = {player.seat: player for player in players}
    PlayerAnswer.objects.bulk_create(
        [
            PlayerAnswer(
                player=by_seat[id],
                round=round,
                answer=found.answer.model_dump(mode="json"),
                elapsed_ms=found.elapsed_ms,
                is_right=each[round][id].is_right,
                points=each[round][id].points,
            )
            for round, given in enumerate(rounds)
            for id, found in given.items()
            if id in by_seat
        ],
        batch_size=2000,
    )


async def _read_facts(
    room: str,
) -> tuple[Quiz, RoomSettings, int, dict[str, SeatRecord], list[dict[str, Given]]] | None:
    async with connected() as store:
        state = await store.read_state(room)
        game = await store.read_game(room)
        closed = await store.closed_rounds(room)
        if not state or not game or not closed or state.phase not in (Phase.PODIUM, Phase.ENDED):
            return None
        seated = await store.read_seats(room)
        rounds = [await store.read_answers(room, round) for round in range(closed)]
        return *game, state.host, seated, rounds


async def _note_archived(room: str) -> None:
    async with connected() as store:
        await store.set_archived(room, "done")
