"""Which websites may open sockets in a visitor's browser: only this one."""

import pytest
from channels.testing import WebsocketCommunicator
from pytest_django import Settings

from quizgame.asgi import application, is_own


def test_a_page_from_the_same_host_is_ours(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    assert is_own("http://192.0.2.7:8000", "192.0.2.7:8000")
    assert is_own("https://Quiz.Example", "quiz.example")


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "http://192.0.2.7:9000", "http://192.0.2.7", "null", "http://["],
)
def test_a_page_from_elsewhere_is_not(settings: Settings, origin: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    assert not is_own(origin, "192.0.2.7:8000")


def test_named_hosts_count_even_behind_a_proxy_that_renames_them(
    settings: Settings,
) -> None:
    settings.ALLOWED_HOSTS = ["quiz.example"]

    assert is_own("https://quiz.example", "web:8000")
    assert not is_own("https://evil.example", "evil.example")


async def test_a_foreign_page_is_refused_at_the_handshake() -> None:
    headers = [(b"origin", b"http://evil.example"), (b"host", b"localhost:8000")]
    socket = WebsocketCommunicator(application, "/ws/host/", headers)

    assert await socket.connect() == (False, 1000)


async def test_a_socket_to_nowhere_is_refused_at_the_handshake() -> None:
    headers = [(b"origin", b"http://localhost:8000"), (b"host", b"localhost:8000")]
    socket = WebsocketCommunicator(application, "/ws/elsewhere/", headers)

    assert await socket.connect() == (False, 1000)
