"""A fleet of our own for each test, which ends with it."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from games import moves, seats
from games.rules import Quiz, RoomSettings
from games.store import Store, connect
from lessons.questions import SingleChoice
from tests.chaos.faithful import FaithfulClass
from tests.chaos.fleet import Redis, Web

QUESTION = SingleChoice(prompt="Two and two?", options=("three", "four"), right=1, limit_ms=8000)
QUIZ = Quiz(lesson=1, slug="sums", title="Sums", questions=(QUESTION,) * 3)


@pytest.fixture
def redis(tmp_path: Path, settings: Settings) -> Iterator[Redis]:
    redis = Redis(tmp_path)
    redis.starts()
    settings.REDIS_URL, settings.REDIS_PREFIX = redis.url, f"test-{seats.new_player()}"
    yield redis
    redis.goes_on()
    redis.dies()


@pytest.fixture
def webs(redis: Redis, settings: Settings, tmp_path: Path) -> Iterator[list[Web]]:
    environment = {
        **os.environ,
        "REDIS_URL": redis.url,
        "REDIS_PREFIX": settings.REDIS_PREFIX,
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": settings.SECRET_KEY,
    }
    webs = [Web(environment), Web(environment)]
    yield webs
    for web in webs:
        web.process.kill()
        web.process.wait()


@pytest.fixture
async def store(redis: Redis) -> AsyncIterator[Store]:
    store = connect()
    yield store
    await store.redis.aclose()


@pytest.fixture
async def klass(webs: list[Web], store: Store) -> FaithfulClass:
    """Twenty phones and a host, spread over both web processes, for a game of three questions."""
    for web in webs:
        await web.is_up()
    room = await moves.open_room(store, QUIZ, RoomSettings(get_ready_s=1), host=1)
    state = await store.read_state(room)
    assert state
    return FaithfulClass([web.url for web in webs], room, state.code, 20)
