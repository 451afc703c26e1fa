"""While a game is played something breaks. Nobody loses an answer that was acknowledged.

`pytest -s tests/chaos` prints the table of docs/faults.md.
"""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psycopg
import pytest
from django.conf import settings

from games.bots.playing import Player
from games.protocol import CloseCode
from games.rules import Reason
from games.store import Store
from tests import postgres
from tests.chaos.conftest import Fleet
from tests.chaos.faithful import FaithfulClass, Fault
from tests.fleet import Redis, Web, until


async def reported(fault: str, klass: FaithfulClass, store: Store) -> None:
    print(f"\n{fault:<44} {await klass.is_as_acknowledged(store)}", end="")


def by_turns(
    webs: list[Web], fault: Callable[[Web], Fault], phases: list[tuple[str, int]]
) -> dict[tuple[str, int], Fault]:
    return {at: fault(webs[turn % 2]) for turn, at in enumerate(phases)}


async def test_web_processes_are_killed_in_every_phase(
    klass: FaithfulClass, webs: list[Web], store: Store
) -> None:
    def one_dies(web: Web) -> Fault:
        async def dies() -> None:
            web.dies()
            await starts_again(web)

        return dies

    phases = [
        ("lobby", 0),
        ("asking", 0),
        ("standings", 0),
        ("get_ready", 1),
        ("asking", 1),
        ("closed", 2),
    ]
    await klass.plays(by_turns(webs, one_dies, phases))
    await reported(f"web processes killed, {len(phases)} times", klass, store)


async def test_web_processes_are_asked_to_end_one_after_the_other(
    klass: FaithfulClass, webs: list[Web], store: Store
) -> None:
    turn = asyncio.Lock()

    def one_ends(web: Web) -> Fault:
        async def ends() -> None:
            async with turn:
                web.is_asked_to_end()
                assert await asyncio.to_thread(web.process.wait, 15) == 0
                await starts_again(web)

        return ends

    phases = [("lobby", 0), ("asking", 0), ("closed", 1), ("asking", 2)]
    await klass.plays(by_turns(webs, one_ends, phases), host_is_patient=True)
    assert {code for phone in klass.players for code in phone.codes} == {CloseCode.LOOK_AGAIN}
    assert {reason for phone in klass.players for reason in phone.reasons} == set()
    await reported(f"web processes asked to end, {len(phases)} times", klass, store)


async def starts_again(web: Web) -> None:
    web.starts()
    await asyncio.to_thread(until, web.is_up)


async def test_redis_is_killed_and_reads_its_file_again(
    klass: FaithfulClass, redis: Redis, store: Store
) -> None:
    async def dies() -> None:
        redis.dies()
        await asyncio.sleep(1)
        await asyncio.to_thread(redis.starts)

    await klass.plays({("asking", 0): dies, ("closed", 1): dies, ("asking", 2): dies})
    await reported("Redis killed three times, each 1 s gone", klass, store)


async def test_redis_stands_still_for_five_seconds(
    klass: FaithfulClass, redis: Redis, store: Store
) -> None:
    async def stands_still() -> None:
        redis.stands_still()
        await asyncio.sleep(5)
        redis.goes_on()

    await klass.plays({("asking", 1): stands_still})
    await reported("Redis stopped for 5 s in a question", klass, store)


@pytest.fixture
def mute_webs(webs: list[Web]) -> Iterator[list[Web]]:
    """Both, with a log that takes nothing."""
    usual = [web.complaints for web in webs]
    for web in webs:
        web.dies()
        web.complaints = Path("/dev/full")
        web.starts()
    until(lambda: all(web.is_up() for web in webs))
    yield webs
    for web, complaints in zip(webs, usual, strict=True):
        web.complaints = complaints


@pytest.mark.usefixtures("mute_webs")
async def test_the_disk_is_full_for_three_seconds(
    klass: FaithfulClass, redis: Redis, store: Store
) -> None:
    async def is_full() -> None:
        redis.can_write(False)
        await asyncio.sleep(3)
        redis.can_write(True)

    await klass.plays({("asking", 1): is_full})
    assert {reason for phone in klass.players for reason in phone.reasons} == {Reason.TRY_AGAIN}
    assert {code for phone in klass.players for code in phone.codes} == set()
    # What it couldn't write it has written since: it finds all of it again.
    redis.dies()
    await asyncio.to_thread(redis.starts)
    await reported("disk full for 3 s in a question, logs too", klass, store)


async def test_half_the_phones_are_cut_off_and_come_back(
    klass: FaithfulClass, store: Store
) -> None:
    def cut(phones: list[Player]) -> Callable[[], asyncio.Future[None]]:
        async def cut_off() -> None:
            for phone in phones:
                if phone.bot:
                    phone.bot.leave()

        return lambda: asyncio.ensure_future(cut_off())

    half: list[Player] = [*klass.players[::2]]
    other: list[Player] = [*klass.players[1::2]]
    await klass.plays(
        {("asking", 0): cut(half), ("closed", 0): cut(other), ("asking", 1): cut(half)}
    )
    await reported("half of the phones cut off, three times", klass, store)


async def test_the_database_dies_in_a_question_and_comes_back_when_all_have_left(
    klass: FaithfulClass, fleet: Fleet, store: Store
) -> None:
    if fleet.database is None:
        pytest.skip("PostgreSQL is missing: apt install postgresql")
    database = fleet.database
    address = await asyncio.to_thread(set_up, database, fleet.worker.environment)
    with fleet.worker:

        async def dies() -> None:
            await asyncio.to_thread(database.dies)

        await klass.plays({("asking", 1): dies})
        assert not fleet.worker.has_ended()
        door = Request(f"http://127.0.0.1:{fleet.webs[0].port}/{klass.code}")
        door.add_header("Cookie", "sessionid=of-somebody-who-is-logged-in")
        assert await asyncio.to_thread(lambda: urlopen(door).status) == 200

        await asyncio.to_thread(database.starts)
        try:
            await asyncio.to_thread(until, lambda: archived_answers(address, klass.room) != {})
            assert archived_answers(address, klass.room) == {
                (player.player, round): answer
                for player in klass.players
                for round, answer in player.acknowledged.items()
            }
        finally:
            database.ends()
    await reported("database killed, back after the podium", klass, store)


def set_up(database: postgres.Server, environment: dict[str, str]) -> str:
    """A database with its tables and host; returns its address."""
    database.starts()
    address = postgres.new_database(database.address, "quizgame")
    command = [sys.executable, "manage.py", "set_up"]
    subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    return address


def archived_answers(address: str, room: str) -> dict[tuple[str, int], Any]:
    """By seat and round."""
    with psycopg.connect(address) as connection:
        rows = connection.execute(
            "SELECT seat, round, answer FROM games_playeranswer"
            " JOIN games_player ON games_player.id = player_id"
            " JOIN games_game ON games_game.id = game_id WHERE room = %s",
            [room],
        )
        return {(seat, round): answer for seat, round, answer in rows}
