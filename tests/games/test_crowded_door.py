"""Where bots crowd at the door, others get in, and those who have a seat don't notice."""

import pytest

from games import consumers
from games.consumers import BUDGET_AT_DOOR
from games.protocol import CommandRefused, DoorOpened, PlayerWelcomed, TakeSeat
from games.rules import Reason
from tests.games.conftest import Class, Phone, Socket


async def knocks(klass: Class, address: str) -> Socket:
    socket = await Socket(f"/ws/play/{klass.code}/", address=address).connect()
    klass.sockets.append(socket)
    return socket


async def stands(klass: Class, address: str) -> Socket:
    socket = await knocks(klass, address)
    await socket.hears(DoorOpened)
    return socket


@pytest.fixture
def two_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers.at_the_door, "most", 2)


@pytest.mark.usefixtures("two_places")
async def test_where_bots_stand_at_the_door_others_take_their_places(klass: Class) -> None:
    bots = [await stands(klass, "203.0.113.9") for _ in range(2)]
    beyond = await knocks(klass, "203.0.113.9")
    assert await beyond.is_closed_with() == 4429

    await stands(klass, "192.0.2.1")
    assert await bots[0].is_closed_with() == 4429
    # Half of the places are a fair share of two addresses.
    another = await knocks(klass, "192.0.2.1")
    assert await another.is_closed_with() == 4429
    assert await bots[1].hears_nothing()


@pytest.mark.usefixtures("two_places")
async def test_who_sits_down_makes_room_and_who_has_a_seat_needs_none(
    klass: Class, ada: Phone, ben: Phone
) -> None:
    for _ in range(2):
        await klass.stands_at_the_door()
    await ada.leaves()
    assert (await klass.resumes(ada.welcome.token)).player == ada.player
    refused = await knocks(klass, "192.0.2.1")
    assert await refused.is_closed_with() == 4429

    await klass.sockets[2].says(TakeSeat(nickname="Cem"))
    await klass.sockets[2].hears(PlayerWelcomed)
    await klass.joins("Dua")


async def test_one_ipv6_visitor_has_one_share_whatever_its_addresses(
    klass: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers.at_the_door, "most", 3)
    for n in range(3):
        await stands(klass, f"2001:db8::{n}")
    assert await (await knocks(klass, "2001:db8::4")).is_closed_with() == 4429
    await stands(klass, "2001:db8:0:1::1")


async def test_whoever_tries_names_without_end_begins_anew(klass: Class, ada: Phone) -> None:
    door = await klass.stands_at_the_door()
    for _ in range(BUDGET_AT_DOOR):
        await door.says(TakeSeat(nickname="Ada"))
        assert (await door.hears(CommandRefused)).reason == Reason.NICKNAME_TAKEN
    for _ in range(3):  # it fills up again while they are spent
        await door.says(TakeSeat(nickname="Ada"))
    assert await door.is_closed_with() == 4429
