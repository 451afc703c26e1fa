"""What all tests share: one private Redis, started for this run and gone after it."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings

from quizgame import private_redis

# A busy machine is no failure.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis. Tests that write choose a REDIS_PREFIX of their own, so none sees another's."""
    folder: Path = tmp_path_factory.mktemp("redis")
    with private_redis.start(folder):
        settings.REDIS_URL = private_redis.socket_url(folder)
        yield settings.REDIS_URL


@pytest.fixture(scope="session")
def free_ports() -> Callable[[], int]:
    """Gives out ports that nobody listens on."""

    def free_port() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
            return port

    return free_port
