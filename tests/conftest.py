"""What all tests share: one private Redis, started for this run and gone after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from quizgame import private_redis


@pytest.fixture(scope="session", autouse=True)
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis. Tests that write choose a REDIS_PREFIX of their own, so none sees another's."""
    folder: Path = tmp_path_factory.mktemp("redis")
    with private_redis.start(folder):
        settings.REDIS_URL = private_redis.socket_url(folder)
        yield settings.REDIS_URL
