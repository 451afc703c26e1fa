"""One fleet for all of these tests: each finds it whole, and has a room of its own in it."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import NamedTuple

import pytest
from pytest_django import Settings

from games import moves
from games.rules import Quiz, RoomSettings
from games.store import Store, connect
from lessons.questions import SingleChoice
from tests import postgres
from tests.chaos.faithful import FaithfulClass
from tests.fleet import Process, Redis, Web, environment, until, worker

QUESTION = SingleChoice(prompt="Two and two?", options=("three", "four"), right=1, limit_ms=8000)
QUIZ = Quiz(lesson=1, slug="sums", title="Sums", questions=(QUESTION,) * 3)
PREFIX = "chaos"


class Fleet(NamedTuple):
    """Everything that runs, and what could."""

    redis: Redis
    webs: list[Web]
    database: postgres.Server | None
    """Not started: no game needs one. None where PostgreSQL isn't installed."""
    worker: Process
    """Not started."""


@pytest.fixture(scope="session")
def fleet(
    tmp_path_factory: pytest.TempPathFactory, free_ports: Callable[[], int]
) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("chaos")
    redis = Redis(folder)
    with postgres.folder() as home:
        programs = postgres.find_programs()
        database = postgres.Server(programs, home) if programs else None
        own = environment(
            folder,
            redis.url,
            REDIS_PREFIX=PREFIX,
            DATABASE_URL=f"{database.address}/quizgame" if database else "",
        )
        complaints = folder / "complaints.txt"
        webs = [Web(free_ports(), own, complaints=complaints) for _ in range(2)]
        fleet = Fleet(redis, webs, database, worker(own, complaints))
        redis.starts()
        for web in webs:
            web.starts()
        yield fleet
        redis.goes_on()
        for web in webs:
            web.dies()
        redis.dies()


@pytest.fixture
def redis(fleet: Fleet, settings: Settings) -> Redis:
    """Up, whatever was done to it before."""
    if fleet.redis.process.poll() is not None:
        fleet.redis.starts()
    settings.REDIS_URL, settings.REDIS_PREFIX = fleet.redis.url, PREFIX
    return fleet.redis


@pytest.fixture
def webs(fleet: Fleet, redis: Redis) -> list[Web]:
    """Both up, whatever was done to them before."""
    for web in fleet.webs:
        if web.has_ended():
            web.starts()
    until(lambda: all(web.is_up() for web in fleet.webs))
    return fleet.webs


@pytest.fixture
async def store(redis: Redis) -> AsyncIterator[Store]:
    store = connect()
    yield store
    await store.redis.aclose()


@pytest.fixture
async def klass(webs: list[Web], store: Store) -> FaithfulClass:
    """Twenty phones and a host, spread over both web processes, for a game of three questions."""
    room = await moves.open_room(store, QUIZ, RoomSettings(get_ready_s=1), host=1)
    state = await store.read_state(room)
    assert state
    return FaithfulClass([web.url for web in webs], room, state.code, 20)
