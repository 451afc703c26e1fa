"""While a game is played something breaks. Nobody loses an answer that was acknowledged.

`pytest -s tests/chaos` prints the table.
"""

import asyncio
from collections.abc import Callable

from games.bots.playing import Player
from games.store import Store
from tests.chaos.faithful import FaithfulClass, Fault
from tests.chaos.fleet import Redis, Web


async def reported(fault: str, klass: FaithfulClass, store: Store) -> None:
    print(f"\n{fault:<52} {await klass.is_as_acknowledged(store)}")


async def test_web_processes_are_killed_in_every_phase(
    klass: FaithfulClass, webs: list[Web], store: Store
) -> None:
    async def one_dies(web: Web) -> None:
        web.dies()
        web.starts()
        await web.is_up()

    phases = [
        ("lobby", 0),
        ("asking", 0),
        ("closed", 0),
        ("standings", 0),
        ("get_ready", 1),
        ("asking", 1),
        ("standings", 1),
        ("asking", 2),
        ("closed", 2),
    ]
    faults: dict[tuple[str, int], Fault] = {
        at: lambda web=webs[number % 2]: one_dies(web)  # type: ignore[misc]
        for number, at in enumerate(phases)
    }
    await klass.plays(faults)
    await reported(f"web process killed, {len(phases)} times in one game", klass, store)


async def test_redis_is_killed_and_reads_its_file_again(
    klass: FaithfulClass, redis: Redis, store: Store
) -> None:
    async def dies() -> None:
        redis.dies()
        await asyncio.sleep(1)
        redis.starts()

    await klass.plays({("asking", 0): dies, ("closed", 1): dies, ("asking", 2): dies})
    await reported("Redis killed three times, each 1 s gone", klass, store)


async def test_redis_stands_still_for_five_seconds(
    klass: FaithfulClass, redis: Redis, store: Store
) -> None:
    async def stands_still() -> None:
        redis.stands_still()
        await asyncio.sleep(5)
        redis.goes_on()

    await klass.plays({("asking", 1): stands_still})
    await reported("Redis stopped for 5 s in a question", klass, store)


async def test_half_the_phones_are_cut_off_and_come_back(
    klass: FaithfulClass, store: Store
) -> None:
    def cut(phones: list[Player]) -> Callable[[], asyncio.Future[None]]:
        async def cut_off() -> None:
            for phone in phones:
                if phone.bot:
                    phone.bot.leave()

        return lambda: asyncio.ensure_future(cut_off())

    half: list[Player] = [*klass.players[::2]]
    other: list[Player] = [*klass.players[1::2]]
    await klass.plays(
        {("asking", 0): cut(half), ("closed", 0): cut(other), ("asking", 1): cut(half)}
    )
    await reported("half of the phones cut, three times", klass, store)
