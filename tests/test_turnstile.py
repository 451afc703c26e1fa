"""The turnstile: who comes in when more knock than can, alone and before a real server."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from games import seats
from games.protocol import CloseCode
from quizgame.daphne import LONGEST_HEAD
from quizgame.turnstile import COMING_IN, FLOOD_S, KNOWN_OF_ONE, STRANGERS, FairPlaces, Turnstile
from tests.test_daphne import free_port, hears_in_order

SCHOOL, BOTS = "192.0.2.1", "203.0.113.9"


# Places


def test_nobody_goes_while_there_are_places() -> None:
    places: FairPlaces[str] = FairPlaces(2)
    assert [places.take("ada", SCHOOL), places.take("ben", SCHOOL)] == [None, None]
    assert places.take("cem", SCHOOL) == "cem"  # the school has them all
    places.leave("ada")
    assert places.take("cem", SCHOOL) is None


def test_in_a_crowd_who_has_most_makes_room_for_who_has_less() -> None:
    places: FairPlaces[str] = FairPlaces(4)
    for bot in ("first", "second", "third", "fourth"):
        places.take(bot, BOTS)

    assert places.take("ada", SCHOOL) == "first"
    assert places.take("ben", SCHOOL) == "second"
    assert places.take("cem", SCHOOL) == "cem"  # half is a fair share of two
    assert places.take("fifth", BOTS) == "fifth"
    assert len(places) == 4


def test_everybody_is_called_in_turn_whoever_sent_most() -> None:
    places: FairPlaces[str] = FairPlaces(10)
    for guest in ("bot 1", "bot 2", "bot 3"):
        places.take(guest, BOTS)
    places.take("ada", SCHOOL)

    assert [places.next() for _ in range(5)] == ["bot 1", "ada", "bot 2", "bot 3", None]


def test_of_many_more_addresses_than_places_none_has_a_share_to_take() -> None:
    places: FairPlaces[str] = FairPlaces(2)
    assert [places.take(f"bot {n}", f"198.51.100.{n}") for n in range(4)] == [
        *(None, None),
        *("bot 2", "bot 3"),
    ]


# The turnstile


class Someone:
    """A connection that notes what becomes of it."""

    def __init__(self) -> None:
        self.fate = "waits"

    def come_in(self) -> None:
        self.fate = "in"

    def turn_away(self) -> None:
        self.fate = "away"


class Doorway:
    """A turnstile, and the event loop and the clock that it asks."""

    def __init__(self) -> None:
        self.later: list[Callable[[], None]] = []
        self.now = 100.0
        self.turnstile = Turnstile(self.later.append, lambda: self.now)

    def sees(self, owner: str, many: int, is_known: bool = False) -> list[Someone]:
        """So many arrive in the same moment."""
        arriving = [Someone() for _ in range(many)]
        for someone in arriving:
            self.turnstile.arrives(someone, owner, is_known)
        self.turns()
        return arriving

    def turns(self) -> None:
        while self.later:
            self.later.pop(0)()

    def seats(self, people: list[Someone]) -> None:
        """Whoever of them is on the way has come in, and others follow."""
        for one in on_the_way(people):
            one.fate = "seated"
            self.turnstile.leaves(one)
        self.turns()


def fates(people: list[Someone]) -> set[str]:
    return {one.fate for one in people}


def on_the_way(people: list[Someone]) -> list[Someone]:
    return [one for one in people if one.fate == "in"]


def test_a_school_of_two_thousand_behind_one_address_gets_in_at_once() -> None:
    doorway = Doorway()
    school = doorway.sees(SCHOOL, 2000)
    assert len(on_the_way(school)) == COMING_IN

    for _ in range(2000 // COMING_IN):
        doorway.seats(school)
    assert fates(school) == {"seated"}


def test_more_than_the_line_holds_are_turned_away_and_then_one_comes_in_at_a_time() -> None:
    doorway = Doorway()
    bots = doorway.sees(BOTS, STRANGERS + 1)
    assert [bot.fate for bot in bots[-2:]] == ["waits", "away"]
    assert len(on_the_way(bots)) == 1
    doorway.seats(bots)
    assert len(on_the_way(bots)) == 1

    doorway.now += FLOOD_S  # over, it is as before
    doorway.seats(bots)
    assert len(on_the_way(bots)) == COMING_IN


def test_a_class_comes_in_between_bots_and_need_not_wait_for_them_all() -> None:
    doorway = Doorway()
    bots = doorway.sees(BOTS, STRANGERS + 500)
    phones = doorway.sees(SCHOOL, 30)

    for _ in range(2 * len(phones) + 1):
        doorway.seats([*bots, *phones])
    assert fates(phones) == {"seated"}


def test_a_seat_comes_back_before_the_bots_of_its_own_school() -> None:
    doorway = Doorway()
    bots = doorway.sees(SCHOOL, 2 * STRANGERS)
    phones = [doorway.sees(f"room player {n}", 1, is_known=True)[0] for n in range(2000)]
    before = len(on_the_way(bots))

    while on_the_way(phones):
        doorway.seats(phones)
    assert fates(phones) == {"seated"}
    assert len(on_the_way(bots)) == before


def test_one_seat_knocks_so_often_and_no_more() -> None:
    doorway = Doorway()
    tabs = doorway.sees("room player 1", KNOWN_OF_ONE + 1, is_known=True)
    assert [tab.fate for tab in tabs] == ["in"] * KNOWN_OF_ONE + ["away"]
    [other] = doorway.sees("room player 2", 1, is_known=True)
    doorway.seats(tabs)
    assert other.fate == "in"


def test_who_doesnt_wait_leaves_no_place_taken() -> None:
    doorway = Doorway()
    for someone in doorway.sees(SCHOOL, STRANGERS):
        doorway.turnstile.leaves(someone)
    doorway.turns()
    assert doorway.sees(BOTS, 1)[0].fate == "in"


def test_when_the_server_ends_the_line_is_sent_away_and_nobody_comes_in() -> None:
    doorway = Doorway()
    [*inside, waiting] = doorway.sees(SCHOOL, COMING_IN + 1)
    doorway.turnstile.close()
    assert (fates(inside), waiting.fate) == ({"in"}, "away")
    assert doorway.sees("room player 1", 1, is_known=True)[0].fate == "away"


# Before a real server, where two come in at a time, three wait, and four say nothing


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "tests.small_door", "-b", "127.0.0.1", "-p", str(port), "-v0"]
    process = subprocess.Popen([*command, "tests.flood_app:application"])
    yield port
    process.kill()
    process.wait()


@pytest.fixture
async def door(port: int) -> AsyncIterator["RealDoor"]:
    door = RealDoor(port)
    for _ in range(300):
        try:
            await door.page()
            break
        except OSError:
            await asyncio.sleep(0.1)
    yield door
    for writer in door.writers:
        writer.close()
    await asyncio.sleep(FLOOD_S)  # for whoever is next it is a quiet door again


class RealDoor:
    def __init__(self, port: int) -> None:
        self.port = port
        self.writers: list[asyncio.StreamWriter] = []

    async def asks(self, request: bytes) -> asyncio.StreamReader:
        """A connection on which that is asked."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        await writer.drain()
        self.writers.append(writer)
        return reader

    async def page(self) -> bytes:
        async with asyncio.timeout(5):
            reader = await self.asks(b"GET /quick/ HTTP/1.0\r\n\r\n")
            return (await reader.read()).partition(b"\r\n\r\n")[2]

    async def fills_up(self) -> list[asyncio.StreamReader]:
        """Two are coming in for ever, three wait."""
        readers = []
        for _ in range(5):
            readers.append(await self.asks(upgrade("/waits/")))
            await asyncio.sleep(0.02)  # accepted together, they would be five who say nothing
        return readers

    def seated(self, *subprotocols: str) -> "connect":
        url = f"ws://127.0.0.1:{self.port}/"
        return connect(url, compression=None, subprotocols=subprotocols)  # type: ignore[arg-type]  # a NewType


PAGE_REQUEST, END_OF_PAGE = b"GET /quick/ HTTP/1.1\r\nHost: x\r\n\r\n", b"quick\r\n0\r\n\r\n"


def upgrade(path: str, more: bytes = b"") -> bytes:
    return (
        b"GET %b HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%b\r\n"
        % (path.encode(), more)
    )


async def is_turned_away(socket: ClientConnection) -> bool:
    with pytest.raises(ConnectionClosed) as closed:
        await socket.recv()
    assert closed.value.rcvd
    return closed.value.rcvd.code == CloseCode.TOO_FAST


async def test_beyond_the_line_a_browser_is_told_why_and_later_it_gets_in(door: RealDoor) -> None:
    await door.fills_up()
    async with door.seated("quizgame") as browser:
        assert browser.subprotocol == "quizgame"  # else it would say nothing of the code
        assert await is_turned_away(browser)
    assert await door.page() == b"quick"  # pages don't stand in line

    for writer in door.writers:
        writer.close()
    async with door.seated("quizgame") as browser:
        await browser.send("3 40")
        await hears_in_order(browser, 3, 40)


async def test_a_seat_has_a_line_of_its_own(door: RealDoor) -> None:
    token = seats.sign(seats.SeatToken(room="r", role="player", player="ada", secret="s"))
    await door.fills_up()
    async with door.seated("quizgame", token[:-1] + "-") as forged:
        assert await is_turned_away(forged)

    coming = asyncio.ensure_future(door.seated("quizgame", token).__aenter__())
    await asyncio.sleep(0.1)
    door.writers[1].close()  # one who was coming in is gone, and three have waited for longer
    async with asyncio.timeout(5):
        ada = await coming
    await ada.send("3 40")
    await hears_in_order(ada, 3, 40)
    await ada.close()


async def test_a_connection_that_was_a_pages_stands_in_line_too(door: RealDoor) -> None:
    """As proxies do."""
    first, second = [await door.asks(PAGE_REQUEST) for _ in range(2)]
    async with asyncio.timeout(5):
        for reader in (first, second):
            await reader.readuntil(END_OF_PAGE)
        *_, one, other = door.writers
        await door.fills_up()
        one.write(upgrade("/"))
        assert (await first.read()).endswith(b"\x88\x02" + CloseCode.TOO_FAST.to_bytes(2, "big"))

        for writer in door.writers[-5:]:
            writer.close()
        await asyncio.sleep(0.2)
        other.write(upgrade("/"))
        assert (await second.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")


async def test_who_says_nothing_makes_room_for_who_comes_after(door: RealDoor) -> None:
    silent = [await door.asks(b"") for _ in range(2)]
    half = [await door.asks(PAGE_REQUEST[:-8]) for _ in range(3)]
    async with asyncio.timeout(5):
        with pytest.raises(ConnectionResetError):
            await silent[0].read()
        door.writers[-1].write(PAGE_REQUEST[-8:])
        assert (await half[-1].readuntil(END_OF_PAGE)).startswith(b"HTTP/1.1 200")


async def test_who_goes_on_talking_in_line_is_cut(door: RealDoor) -> None:
    *_, last = await door.fills_up()
    door.writers[-1].write(b"x" * LONGEST_HEAD)
    async with asyncio.timeout(5):
        with pytest.raises(ConnectionResetError):
            await last.read()
