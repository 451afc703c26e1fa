"""From a live room to the database: the game as it was, once, whoever asks."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.core.management import call_command
from pytest_django import Settings

from games import archive, moves, seats
from games.archive import archive_game, freeze_lesson
from games.models import Game, PlayerAnswer
from games.room import Room
from games.rules import Phase, RoomSettings
from games.scoring import Line
from games.store import SeatRecord, Store, connected
from lessons.models import Lesson
from lessons.questions import ChoiceAnswer, NumberAnswer, TextAnswer
from tests.games.conftest import CAPITAL, GUESS, QUIZ, RELU

pytestmark = pytest.mark.django_db(transaction=True)
TEAMS = RoomSettings(get_ready_s=0, streak_bonus=True, teams="balanced", team_names=("Red", "Blue"))


@pytest.fixture(autouse=True)
def own_prefix(settings: Settings) -> None:
    settings.REDIS_PREFIX = f"test-{seats.new_player()}"


@pytest.fixture
def hana() -> User:
    return User.objects.create_user("hana")


class Played:
    """A room that was played without sockets, and what Redis knew of it in the end."""

    room: str
    lines: dict[str, Line]
    seats: dict[str, SeatRecord]


def played(
    host: User, until: Phase = Phase.PODIUM, rounds: int = 3, kicked: bool = False
) -> Played:
    """Ada, Ben, Cem and a silent Dot play QUIZ; Eva comes in the second round."""
    return async_to_sync(_played)(host, until, rounds, kicked)


async def _played(host: User, until: Phase, rounds: int, kicked: bool) -> Played:
    async with connected() as store:
        id = await moves.open_room(store, QUIZ, TEAMS, host=host.pk)
        room = Room(id, store, QUIZ, TEAMS)
        ada, ben, cem, _dot = [await sits(room, name) for name in ("Ada", "Ben", "Cem", "Dot")]
        if until is Phase.LOBBY:
            return await summed_up(store, id)
        answers: list[dict[str, Any]] = [
            {ada: ChoiceAnswer(choice=1), ben: ChoiceAnswer(choice=0), cem: ChoiceAnswer(choice=1)},
            {ada: TextAnswer(text="the ReLU"), ben: TextAnswer(text="sigmoid")},
            {ada: NumberAnswer(number=94.5), ben: NumberAnswer(number=90)},
        ]
        for round in range(rounds):
            before = (Phase.LOBBY, 0) if round == 0 else (Phase.STANDINGS, round - 1)
            await moves.move_on(room, *before)
            if round == 1:
                answers[1][await sits(room, "Eva")] = TextAnswer(text="rectifier")
            for player, answer in answers[round].items():
                await asyncio.sleep(0.002)
                await moves.submit_answer(room, player, round, answer)
            if (until, round) == (Phase.ASKING, rounds - 1):
                break
            await moves.move_on(room, Phase.ASKING, round)
            if round == 0 and kicked:
                await moves.kick_player(room, cem)
            if CAPITAL.note and round == 0:
                await moves.move_on(room, Phase.CLOSED, round)
                await moves.move_on(room, Phase.EXPLANATION, round)
            else:
                await moves.move_on(room, Phase.CLOSED, round)
        if until in (Phase.ASKING, Phase.ENDED):
            await moves.end_room(room)
        return await summed_up(store, id)


async def sits(room: Room, nickname: str) -> str:
    player, secret = await moves.take_seat(room, nickname, None)
    mark = seats.fingerprint(secret)
    assert await room.store.resume_seat(room.id, player, mark, "next", nickname)
    return player


async def summed_up(store: Store, room: str) -> Played:
    found = Played()
    found.room = room
    found.lines = await store.read_lines(room)
    found.seats = await store.read_seats(room)
    return found


async def _archived(room: str) -> str:
    async with connected() as store:
        state = await store.read_state(room)
        assert state
        return state.archived


def archived(room: str) -> str:
    return async_to_sync(_archived)(room)


def test_the_archive_holds_the_facts(hana: User) -> None:
    live = played(hana)

    game = archive_game(live.room)

    assert game
    assert (game.room, game.host, game.title, game.rounds) == (live.room, hana, QUIZ.title, 3)
    assert game.quiz == QUIZ.model_dump(mode="json")
    assert game.settings == TEAMS.model_dump(mode="json")
    facts = PlayerAnswer.objects.values_list("player__nickname", "round", "answer", "is_right")
    assert {(name, round, str(a), right) for name, round, a, right in facts} == {
        (name, round, str(answer), right)
        for name, round, answer, right in [
            ("Ada", 0, {"kind": "choice", "choice": 1}, True),
            ("Ben", 0, {"kind": "choice", "choice": 0}, False),
            ("Cem", 0, {"kind": "choice", "choice": 1}, True),
            ("Ada", 1, {"kind": "text", "text": "the ReLU"}, True),
            ("Ben", 1, {"kind": "text", "text": "sigmoid"}, False),
            ("Eva", 1, {"kind": "text", "text": "rectifier"}, True),
            ("Ada", 2, {"kind": "number", "number": 94.5}, True),
            ("Ben", 2, {"kind": "number", "number": 90.0}, True),
        ]
    }
    assert archived(live.room) == "done"


@pytest.mark.parametrize("kicked", [False, True])
def test_scored_again_from_its_answers_the_game_ends_as_it_did_live(
    hana: User, kicked: bool
) -> None:
    live = played(hana, kicked=kicked)

    game = archive_game(live.room)

    assert game
    stored = {p.seat: (p.nickname, p.team, p.rank, p.points, p.right) for p in game.players.all()}
    assert stored == {
        player: (seat.nickname, seat.team, line.rank, line.total, line.right)
        for player, seat in live.seats.items()
        for line in [live.lines[player]]
    }
    assert len(stored) == (4 if kicked else 5)
    earned = {
        seat: sum(game.players.get(seat=seat).answers.values_list("points", flat=True))
        for seat in stored
    }
    assert earned == {player: line.total for player, line in live.lines.items()}
    assert max(earned.values()) > 1000 + 2000  # ada's, with speed and streak


def test_archiving_again_changes_nothing(hana: User) -> None:
    live = played(hana)

    games = [archive_game(live.room) for _ in range(3)]

    assert games[0] == games[1] == games[2]
    assert (Game.objects.count(), PlayerAnswer.objects.count()) == (1, 8)


def test_a_game_ended_early_keeps_the_rounds_that_were_closed(hana: User) -> None:
    live = played(hana, until=Phase.ASKING, rounds=2)

    game = archive_game(live.room)

    assert game
    assert game.rounds == 1
    # Round 1 was open when the host ended the room; its answers earned nothing.
    assert set(PlayerAnswer.objects.values_list("round", flat=True)) == {0}
    ranks = {p.nickname: p.rank for p in game.players.all()}
    assert set(ranks) == {"Ada", "Ben", "Cem", "Dot", "Eva"}
    assert ranks["Ben"] == ranks["Dot"] == ranks["Eva"] == 3


def test_a_game_ended_in_the_lobby_or_still_played_has_no_results(hana: User) -> None:
    in_lobby = played(hana, until=Phase.LOBBY)
    playing = played(hana, until=Phase.STANDINGS, rounds=1)

    assert archive_game(in_lobby.room) is None
    assert archive_game(playing.room) is None
    assert archive_game("nowhere") is None
    assert Game.objects.count() == 0


def test_an_archived_game_outlives_its_room(hana: User, settings: Settings) -> None:
    live = played(hana)
    game = archive_game(live.room)

    settings.REDIS_PREFIX = "elsewhere"

    assert game == archive_game(live.room)


def test_the_worker_archives_what_the_podium_queued(hana: User) -> None:
    live = played(hana)
    assert archived(live.room) == "queued"
    assert Game.objects.count() == 0

    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)

    assert Game.objects.get().room == live.room
    assert archived(live.room) == "done"


def test_queued_twice_is_archived_once(hana: User) -> None:
    live = played(hana)

    async def again() -> None:
        async with connected() as store:
            await archive.queue(store, live.room)

    async_to_sync(again)()
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)

    assert Game.objects.count() == 1


def test_a_frozen_lesson_is_asked_as_it_is_written(hana: User) -> None:
    lesson = Lesson.objects.create(slug="vectors", title="Vectors", owner=hana)
    for question in (CAPITAL, RELU, GUESS):
        row = lesson.questions.model(lesson=lesson)
        row.take(question)
        row.save()

    quiz = freeze_lesson(lesson)
    lesson.questions.all().delete()

    assert (quiz.lesson, quiz.slug, quiz.title) == (lesson.pk, "vectors", "Vectors")
    assert quiz.questions == (CAPITAL, RELU, GUESS)


def test_a_room_of_nobody_leaves_nothing(hana: User) -> None:
    room = played(hana).room
    hana.delete()

    assert archive_game(room) is None
    assert not Game.objects.exists()
