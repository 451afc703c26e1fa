"""Rooms of a test's own in a Redis that several processes share, and the wires to them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from games import seats
from games.store import Store, connect
from tests.scale.servers import Wire


@pytest.fixture
def own_rooms(redis_url: str, settings: Settings) -> str:
    """The address of the Redis; what is written there has a prefix of this test."""
    settings.REDIS_PREFIX = f"test-{seats.new_player()}"
    return redis_url


@pytest.fixture
async def store(own_rooms: str) -> AsyncIterator[Store]:
    store = connect()
    yield store
    await store.redis.aclose()


@pytest.fixture
async def wire() -> AsyncIterator[Callable[..., Wire]]:
    """Makes a wire that is hung up in the end."""
    wires: list[Wire] = []

    def made(*where: str, **options: Any) -> Wire:
        wires.append(Wire(*where, **options))
        return wires[-1]

    yield made
    await asyncio.gather(*(wire.socket.close() for wire in wires if wire.socket))
