"""Behind a proxy visitors have their own addresses, and none can write another's."""

from ipaddress import ip_network
from typing import Any

import pytest

from quizgame.proxies import network_of, with_visitors_addresses

PROXIES = [ip_network("10.0.0.5"), ip_network("fd00::/8")]


async def seen(peer: tuple[str, int] | None, *forwarded: str) -> Any:
    """Which client the application sees."""
    scopes: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        scopes.append(scope)

    headers = [(b"host", b"quiz.example.org")]
    headers += [(b"x-forwarded-for", value.encode()) for value in forwarded]
    asked = {"type": "websocket", "client": peer and [*peer], "headers": headers}
    await with_visitors_addresses(application, PROXIES)(asked, None, None)
    return scopes[0]["client"]


PROXY = ("10.0.0.5", 4711)


@pytest.mark.parametrize("peer", [PROXY, ("::ffff:10.0.0.5", 4711), ("fd00::5", 4711)])
async def test_a_named_proxy_tells_who_asks(peer: tuple[str, int]) -> None:
    assert await seen(peer, "192.0.2.7") == ["192.0.2.7", 0]
    assert await seen(peer, "2001:DB8::0:7") == ["2001:db8::7", 0]


async def test_what_a_visitor_has_written_there_comes_before_and_does_not_count() -> None:
    assert await seen(PROXY, "203.0.113.1, 192.0.2.7") == ["192.0.2.7", 0]
    assert await seen(PROXY, "203.0.113.1", "192.0.2.7") == ["192.0.2.7", 0]


async def test_nobody_else_is_believed() -> None:
    assert await seen(("192.0.2.7", 1), "203.0.113.1") == ["192.0.2.7", 1]
    assert await seen(None, "203.0.113.1") is None


@pytest.mark.parametrize("told", ["", "unknown", "192.0.2.7:80", "192.0.2.7,", "<script>"])
async def test_what_is_no_address_is_passed_over(told: str) -> None:
    assert await seen(PROXY, told) == ["10.0.0.5", 4711]


async def test_without_a_word_from_the_proxy_it_is_the_visitor() -> None:
    assert await seen(PROXY) == ["10.0.0.5", 4711]


def test_an_ipv6_visitor_has_all_addresses_of_its_network() -> None:
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:DB8:1:2::9") == "2001:db8:1:2::"
    assert network_of("2001:db8:1:3::4") == "2001:db8:1:3::"
    assert network_of("::ffff:192.0.2.7") == network_of("192.0.2.7") == "192.0.2.7"
    assert network_of("") == ""
