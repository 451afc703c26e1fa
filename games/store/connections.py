"""The Redis of REDIS_URL: one server, one that Sentinels look after, or a Cluster.

    redis://[user:password@]host:port/0, rediss:// (TLS), unix:///path
    redis+sentinel://[user:password@]sentinel:26379,sentinel:26379/service[?sentinel_password=...]
    redis+cluster://[user:password@]host:port,host:port      any of its nodes

`rediss+sentinel` and `rediss+cluster` speak TLS. The user is the one of the servers that keep rooms.
"""

import socket
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from redis import exceptions
from redis.asyncio import BlockingConnectionPool, Redis, RedisCluster
from redis.asyncio.client import PubSub
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool

CONNECTIONS_TO_A_NODE = 1000
"""A Cluster's client has no queue for who finds all taken: what comes beyond is refused."""
USUAL: dict[str, Any] = {
    "socket_connect_timeout": 2,
    # Pub/sub and an idle room wait longer than any timeout of redis-py's own.
    "socket_timeout": None,
    "decode_responses": True,
}
AMONG_SEVERAL: dict[str, Any] = USUAL | {
    # A machine that lost its power says no goodbye; without these it is missed after a minute or more.
    "socket_keepalive_options": {
        getattr(socket, option): value
        for option, value in {
            "TCP_KEEPIDLE": 5,
            "TCP_KEEPINTVL": 2,
            "TCP_KEEPCNT": 3,
            "TCP_USER_TIMEOUT": 10_000,
        }.items()
        if hasattr(socket, option)  # not every system has all of them
    }
}


class _WatchedPool(SentinelConnectionPool, BlockingConnectionPool):
    """Connections to whichever server the Sentinels call the master; callers beyond them wait."""

    async def disconnect(self, inuse_connections: bool = True) -> None:
        await super().disconnect(inuse_connections)
        if inuse_connections:  # all of them: this is the end, not a change of masters
            for sentinel in self.sentinel_manager.sentinels:
                await sentinel.aclose()


class _Cluster(RedisCluster):
    """A Cluster whose absence is an error like any other of Redis; redis-py has it apart."""

    async def initialize(self, *args: Any, **options: Any) -> RedisCluster:
        try:
            return await super().initialize(*args, **options)
        except exceptions.RedisClusterException as error:
            raise exceptions.ConnectionError(str(error)) from error

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        try:
            return await super().execute_command(*args, **options)
        except exceptions.RedisClusterException as error:
            raise exceptions.ConnectionError(str(error)) from error


def client(address: str, max_connections: int) -> "Redis | RedisCluster":
    """A client of the Redis at an address, for the running event loop."""
    place = urlsplit(address)
    kind = place.scheme.partition("+")[2]
    if kind == "cluster":
        nodes = [ClusterNode(host, port) for host, port in machines(place, 6379)]
        return _Cluster(
            startup_nodes=nodes,
            max_connections=CONNECTIONS_TO_A_NODE,
            **account(place),
            **AMONG_SEVERAL,
        )
    if kind == "sentinel":
        [password] = parse_qs(place.query).get("sentinel_password", [None])
        sentinels = Sentinel(  # type: ignore[no-untyped-call]
            machines(place, 26379),
            sentinel_kwargs={
                "password": password,
                "socket_connect_timeout": 2,
                "socket_timeout": 2,
            },
        )
        watched: Any = _WatchedPool(  # type: ignore[no-untyped-call]
            place.path.strip("/"),
            sentinels,
            max_connections=max_connections,
            timeout=10,
            **account(place),
            **AMONG_SEVERAL,
        )
        return Redis.from_pool(watched)
    pool = BlockingConnectionPool.from_url(
        address, max_connections=max_connections, timeout=10, **USUAL
    )
    return Redis.from_pool(pool)


async def subscription(redis: Any) -> PubSub:
    """A connection that hears what is published.

    Of a Cluster any node hears what any node is told: a few short texts a second for each room are not
    worth a connection to each node and its moves, as sharded channels would need. Whoever loses this
    one asks for another, which may be of a node that is left.
    """
    options: dict[str, Any] = {"ignore_subscribe_messages": True}
    if isinstance(redis, RedisCluster):
        await redis.initialize()
        options["node"] = redis.get_random_node()
    pubsub: PubSub = redis.pubsub(**options)
    return pubsub


def account(place: SplitResult) -> dict[str, Any]:
    """Name, password and TLS, as redis-py calls them."""
    user, password = (unquote(word) if word else None for word in (place.username, place.password))
    return {"username": user, "password": password, "ssl": place.scheme.startswith("rediss")}


def machines(place: SplitResult, usual_port: int) -> list[tuple[str, int]]:
    """Hosts and ports of an address that lists several with commas."""
    listed = place.netloc.rpartition("@")[2].split(",")
    parts = [urlsplit(f"//{machine}") for machine in listed]
    return [(part.hostname or "localhost", part.port or usual_port) for part in parts]
