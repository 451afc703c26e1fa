"""Visitors' own addresses behind a proxy: whoever guesses join codes is known by address, and a
school would be one address with it.

Only a proxy of TRUSTED_PROXIES is believed, and only the last address that it tells: what stands
before that in X-Forwarded-For is what the visitor wrote there.
"""

from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

App = Callable[[Any, Any, Any], Awaitable[None]]
Networks = Iterable[IPv4Network | IPv6Network]


def with_visitors_addresses(application: App, proxies: Networks) -> App:
    """An application that finds in `scope["client"]` who asked the proxy."""

    async def told(scope: Any, receive: Any, send: Any) -> None:
        peer, _ = scope.get("client") or ("", 0)
        forwarded = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        if forwarded and (address := told_by_proxy(proxies, peer, forwarded[-1])):
            scope = scope | {"client": [address, 0]}
        await application(scope, receive, send)

    return told


def told_by_proxy(proxies: Networks, peer: str, forwarded: bytes) -> str:
    """The visitor's address by the (last) X-Forwarded-For of a peer; empty unless it is a proxy's."""
    if not is_of(proxies, peer):
        return ""
    return canonical(forwarded.decode("latin-1").rpartition(",")[2].strip())


def is_of(networks: Networks, address: str) -> bool:
    """Is this an address of one of the networks?"""
    known = parsed(address)
    return known is not None and any(known in network for network in networks)


def canonical(address: str) -> str:
    """The one way to write an IP address; empty for what isn't one."""
    return str(parsed(address) or "")


def network_of(address: str) -> str:
    """What is one visitor's own: of IPv6 whoever has an address has the 2**64 beside it."""
    known = parsed(address)
    if isinstance(known, IPv6Address):
        return str(IPv6Address(int(known) >> 64 << 64))
    return str(known or "")


@lru_cache(maxsize=4096)  # in a flood the few same addresses come thousands of times
def parsed(address: str) -> IPv4Address | IPv6Address | None:
    """An IP address; None for what isn't one."""
    try:
        known = ip_address(address)
    except ValueError:
        return None
    # An IPv4 peer of a socket that takes both kinds.
    mapped = known.ipv4_mapped if isinstance(known, IPv6Address) else None
    return mapped or known
