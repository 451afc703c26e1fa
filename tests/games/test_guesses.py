"""Codes can't be guessed: failures are throttled by address and overall, with one answer for all."""

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from pytest_django import Settings

from games import consumers, moves, seats
from games.consumers import BUDGET_OF_ADDRESS, Budget
from games.protocol import CommandRefused, DoorOpened, UsePersonalCode
from games.rules import RoomSettings
from games.store import Store, connected
from games.store.guesses import BY_ADDRESS, OVERALL
from tests.games.conftest import QUIZ, Class, Phone, Socket


@pytest.fixture
def klass_code(settings: Settings) -> str:
    """The code of a room that is open."""
    settings.REDIS_PREFIX = f"test-{seats.new_player()}"

    async def opened() -> str:
        async with connected() as store:
            room = await moves.open_room(store, QUIZ, RoomSettings(), host=1)
            state = await store.read_state(room)
            assert state
            return state.code

    return async_to_sync(opened)()


async def knocks(code: str, address: str) -> Socket:
    return await Socket(f"/ws/play/{code}/", address=address).connect()


async def fails(store: Store, address: str, times: int) -> None:
    for _ in range(times):
        await store.guesses.count(address)


async def test_after_many_wrong_codes_the_right_one_is_no_better(klass: Class, ada: Phone) -> None:
    for n in range(BY_ADDRESS.amount):
        wrong = await knocks(f"{n:06}", "203.0.113.9")
        assert await wrong.is_closed_with() == 4404

    guessed = await knocks(klass.code, "203.0.113.9")
    assert await guessed.is_closed_with() == 4404
    from_elsewhere = await knocks(klass.code, "203.0.113.10")
    await from_elsewhere.hears(DoorOpened)
    # Whoever sits there already comes back, from that address too.
    back = Phone(f"/ws/play/{klass.code}/", ada.welcome.token, address="203.0.113.9")
    await back.connect()
    await back.hears_next()
    for socket in (from_elsewhere, back):
        await socket.leaves()


@pytest.mark.django_db
def test_the_join_box_is_no_way_around(client: Client, klass_code: str) -> None:
    for n in range(BY_ADDRESS.amount):
        assert client.post("/join/", {"code": f"{n:06}"}).status_code == 404

    assert client.post("/join/", {"code": klass_code}).status_code == 404
    from_elsewhere = client.post("/join/", {"code": klass_code}, REMOTE_ADDR="203.0.113.10")
    assert from_elsewhere.status_code == 302


async def test_a_school_behind_one_address_gets_in(klass: Class) -> None:
    for n in range(2 * BY_ADDRESS.amount):
        await klass.joins(f"Pupil {n}")
    assert len(await klass.store.read_seats(klass.id)) == 2 * BY_ADDRESS.amount


async def test_many_addresses_that_guess_together_are_throttled_together(klass: Class) -> None:
    for n in range(OVERALL.amount // 10):
        await fails(klass.store, f"198.51.100.{n}", 10)

    assert await klass.store.guesses.is_barred("198.51.100.1")
    assert not await klass.store.guesses.is_barred("192.0.2.77")  # has guessed nothing


async def test_an_ipv6_visitor_guesses_as_one_from_all_its_addresses(klass: Class) -> None:
    for n in range(BY_ADDRESS.amount):
        await fails(klass.store, f"2001:db8::{n}", 1)

    assert await klass.store.guesses.is_barred("2001:db8::ffff")
    assert not await klass.store.guesses.is_barred("2001:db8:0:1::1")


async def test_wrong_personal_codes_are_guesses_too(klass: Class) -> None:
    await fails(klass.store, "203.0.113.9", BY_ADDRESS.amount - 1)
    socket = await knocks(klass.code, "203.0.113.9")
    await socket.says(UsePersonalCode(code="QWERTY"))
    await socket.hears(CommandRefused)
    assert await klass.store.guesses.is_barred("203.0.113.9")
    await socket.leaves()


def test_an_address_has_a_budget_for_a_school_and_no_more() -> None:
    budget = Budget(BUDGET_OF_ADDRESS, per_s=1)
    assert not any(budget.is_spent() for _ in range(BUDGET_OF_ADDRESS))
    assert budget.is_spent()


async def test_sockets_of_one_address_share_its_budget(
    klass: Class, ada: Phone, ben: Phone
) -> None:
    shared = consumers._budgets["192.0.2.1"]
    for _ in range(2 * BUDGET_OF_ADDRESS):  # it fills up again while they are spent
        shared.is_spent()
    await ben.says_raw('{"type":"ping"}')
    assert await ben.is_closed_with() == 4429
