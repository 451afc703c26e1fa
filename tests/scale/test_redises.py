"""Games on a Redis Cluster, and on a Redis that Sentinels look after and that dies."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from pytest_django.fixtures import Settings

from games import moves, seats
from games.protocol import CloseCode, MoveOn, StageChanged
from games.rules import Phase, RoomSettings
from games.store import Store, connected
from games.store.overview import live_rooms_of
from quizgame import private_redis
from tests.fleet import Web, environment, until
from tests.scale.servers import QUIZ, Wire, host_token, play_to_the_podium

Ports = Callable[[], int]
MakeWire = Callable[..., Wire]


@pytest.fixture
def prefix(settings: Settings) -> str:
    chosen = f"test-{seats.new_player()}"
    settings.REDIS_PREFIX = chosen
    return chosen


@contextmanager
def two_webs(redis_url: str, folder: Path, ports: Ports) -> Iterator[tuple[Web, Web]]:
    both = environment(folder, redis_url)
    with Web(ports(), both) as one, Web(ports(), both) as other:
        until(lambda: one.is_up() and other.is_up())
        yield one, other


@contextmanager
def redis_server(folder: Path, port: int, *options: str) -> Iterator[redis.Redis]:
    """One process, and a client of it. A second start in a folder finds what the first kept."""
    folder.mkdir(exist_ok=True)
    program = private_redis.find_server()
    assert program
    told = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    process = subprocess.Popen([program, *options, *told], stdout=subprocess.DEVNULL)
    client = redis.Redis(port=port)
    try:
        until(lambda: answers(client))
        yield client
    finally:
        client.close()
        process.kill()
        process.wait()


def answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.exceptions.RedisError:
        return False


@pytest.fixture
def cluster(tmp_path: Path, free_ports: Ports) -> Iterator[list[redis.Redis]]:
    """Three nodes with a third of the slots each."""
    ports = [(free_ports(), free_ports()) for _ in range(3)]
    with ExitStack() as stack:
        nodes = [
            stack.enter_context(
                redis_server(
                    tmp_path / str(port),
                    port,
                    *("--cluster-enabled", "yes", "--cluster-port", str(bus)),
                )
            )
            for port, bus in ports
        ]
        if int(nodes[0].info("server")["redis_version"].split(".")[0]) < 7:
            pytest.skip("the Redis here is older than 7 and can't choose a port for its cluster")
        for i, node in enumerate(nodes):
            slots = range(i * 16384 // 3, (i + 1) * 16384 // 3)
            say(node, "CLUSTER ADDSLOTS", *slots)
            say(node, "CLUSTER MEET 127.0.0.1", *ports[0])
        until(lambda: all(is_whole(node) for node in nodes))
        yield nodes


def is_whole(node: redis.Redis) -> bool:
    told = say(node, "CLUSTER INFO")
    return b"cluster_state:ok" in told and b"cluster_known_nodes:3" in told


def say(node: redis.Redis, command: str, *words: str | int) -> Any:
    return node.execute_command(*command.split(), *words)  # type: ignore[no-untyped-call]


async def test_a_cluster_holds_the_rooms(
    cluster: list[redis.Redis],
    prefix: str,
    settings: Settings,
    tmp_path: Path,
    free_ports: Ports,
    wire: MakeWire,
) -> None:
    listed = [f"127.0.0.1:{node.connection_pool.connection_kwargs['port']}" for node in cluster]
    settings.REDIS_URL = f"redis+cluster://{','.join(listed[:2])}"
    with two_webs(settings.REDIS_URL, tmp_path, free_ports) as webs:
        async with connected() as store:
            rooms = [
                await moves.open_room(store, QUIZ, RoomSettings(get_ready_s=0), host=1)
                for _ in range(12)
            ]
            held = [list(node.scan_iter(f"{prefix}:{{*}}:state")) for node in cluster]
            assert min(map(len, held)) > 0
            live = await live_rooms_of(store, host=1)
            assert {found.room for found in live} == set(rooms)
            await play(store, rooms[0], webs, wire, meanwhile=lambda: lose_subscriptions(cluster))
        # Wrong codes are counted there too.
        guessing = wire(webs[0].url, "/ws/play/000000/")
        await guessing.connect()
        assert await guessing.is_closed_with() == CloseCode.NO_SUCH_ROOM
    assert [key for node in cluster for key in node.scan_iter(f"{prefix}:guesses:*address*")]


def lose_subscriptions(nodes: list[redis.Redis]) -> None:
    assert sum(say(node, "CLIENT KILL TYPE pubsub") for node in nodes) == 2


@pytest.fixture
def sentinel(tmp_path: Path, free_ports: Ports) -> Iterator[tuple[str, redis.Redis]]:
    """The address of a master with a replica and a Sentinel, and a client of the master."""
    port, other_port, sentinel_port = (free_ports() for _ in range(3))
    watching = tmp_path / "sentinel.conf"
    watching.write_text(
        f"sentinel monitor rooms 127.0.0.1 {port} 1\n"
        "sentinel down-after-milliseconds rooms 500\n"
        "sentinel failover-timeout rooms 5000\n"
    )
    with (
        redis_server(tmp_path / "master", port) as master,
        redis_server(
            tmp_path / "replica", other_port, "--replicaof", "127.0.0.1", str(port)
        ) as replica,
    ):
        until(lambda: replica.info("replication")["master_link_status"] == "up")
        with redis_server(tmp_path, sentinel_port, str(watching), "--sentinel") as watcher:
            until(lambda: say(watcher, "SENTINEL REPLICAS rooms") != [])
            yield f"redis+sentinel://127.0.0.1:{sentinel_port}/rooms", master


async def test_a_game_goes_on_when_its_redis_dies(
    sentinel: tuple[str, redis.Redis],
    prefix: str,
    settings: Settings,
    tmp_path: Path,
    free_ports: Ports,
    wire: MakeWire,
) -> None:
    settings.REDIS_URL, master = sentinel
    with two_webs(settings.REDIS_URL, tmp_path, free_ports) as webs:
        async with connected() as store:
            room = await moves.open_room(store, QUIZ, RoomSettings(get_ready_s=0), host=1)
            await play(store, room, webs, wire, meanwhile=lambda: master.shutdown(nosave=True))


async def play(
    store: Store,
    room: str,
    webs: tuple[Web, Web],
    wire: MakeWire,
    meanwhile: Callable[[], None],
) -> None:
    """A game with phones at both processes; what happens `meanwhile` costs nobody an answer."""
    state = await store.read_state(room)
    assert state
    ada, ben = phones = [wire(web.url, f"/ws/play/{state.code}/") for web in webs]
    await ada.joins("Ada")
    await ben.joins("Ben")
    host = wire(webs[0].url, "/ws/host/", host_token(room))
    await host.connect()
    await host.says(MoveOn(phase=Phase.LOBBY, round=0))
    for phone in phones:
        await phone.hears(StageChanged, Phase.ASKING)
    await ada.answers(0)
    meanwhile()
    await ben.insists(0)
    await play_to_the_podium(wire(webs[1].url, "/ws/host/", host_token(room)), phones)
    answers = [await store.read_answers(room, round) for round in (0, 1)]
    assert [len(given) for given in answers] == [2, 2]
