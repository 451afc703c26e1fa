"""How often somebody may guess a code. Failures are counted, never successes: a school behind one
address gets in, somebody who tries one code after the other doesn't.

    PREFIX:guesses:...   counters of `limits`, a minute each
"""

import time
from typing import Any

from limits import RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter

from quizgame.proxies import network_of

BY_ADDRESS = RateLimitItemPerMinute(60, namespace="address")
"""Of 900 000 codes: one room in the world is found in about ten days."""
OVERALL = RateLimitItemPerMinute(600, namespace="all")
WHEN_MANY_GUESS = 5
"""While addresses guess together, each has this many."""


class _SharedRedis(RedisStorage):
    """Counters in the Redis of the rooms, by the same client."""

    def configure_bridge(self) -> None:
        bridge: Any = self.bridge
        bridge.storage = client = self.options["client"]
        bridge.connection_getter = lambda _: client


class Guesses:
    """The failures of the last minute, of all processes."""

    def __init__(self, redis: Any, prefix: str) -> None:
        storage = _SharedRedis(
            "async+redis://",
            client=redis,
            implementation="redispy",
            key_prefix=f"{prefix}:guesses",
        )
        self._limiter = FixedWindowRateLimiter(storage)
        self._looked_at, self._many_guess = -1.0, False
        self._clean: tuple[str, float] = "", -1.0
        """An address that wasn't barred, and when: a class that comes together asks once a second."""

    async def is_barred(self, address: str) -> bool:
        """Has this address failed so often that its next try isn't looked at?"""
        owner = network_of(address)
        clean, asked_at = self._clean
        if clean != owner or time.monotonic() > asked_at + 1:
            if not await self._limiter.test(BY_ADDRESS, owner):
                return True
            self._clean = owner, time.monotonic()
        if not await self._do_many_guess():
            return False
        left = (await self._limiter.get_window_stats(BY_ADDRESS, owner)).remaining
        return BY_ADDRESS.amount - left >= WHEN_MANY_GUESS

    async def _do_many_guess(self) -> bool:
        """Asked once a second, not once for each of a class that comes together."""
        if time.monotonic() > self._looked_at + 1:
            self._looked_at = time.monotonic()
            self._many_guess = not await self._limiter.test(OVERALL)
        return self._many_guess

    async def count(self, address: str) -> None:
        """Another failure."""
        self._clean = "", -1.0
        await self._limiter.hit(BY_ADDRESS, network_of(address))
        await self._limiter.hit(OVERALL)
