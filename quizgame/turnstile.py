"""Who comes in when more knock than can, so that a flood at the door costs those inside little.

A websocket that is let in costs ten times what it costs to turn one away, so only a few come in at a
time and the others wait in line: first those who were inside before, then strangers. A line has so
many places, of which each address has its share; whoever finds none is turned away, and a browser
tries again in a moment. Nothing here is told to other processes: each has its own door.
"""

import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

COMING_IN, COMING_IN_A_FLOOD = 8, 1
"""Sockets between the turnstile and their first word from the room; in a flood, of strangers."""
FLOOD_S = 1.0
"""So long after a stranger was turned away it is a flood."""
STRANGERS = 2500
"""In line: a school of 2000 that scans one code is not turned away."""
KNOWN, KNOWN_OF_ONE = 10_000, 8
"""In line: everybody whom a process may hold reloads; of one seat some tabs."""

Anyone = TypeVar("Anyone")


class FairPlaces(Generic[Anyone]):
    """Places for so many, shared fairly by whom they belong to (an address, say)."""

    def __init__(self, most: int, most_of_one: int | None = None) -> None:
        self.most = most
        self.most_of_one = most_of_one or most
        self._owners: dict[Anyone, str] = {}
        self._guests: dict[str, dict[Anyone, None]] = {}
        """By owner, whose turn it is first; of each since longest first."""

    def __len__(self) -> int:
        return len(self._owners)

    def take(self, guest: Anyone, owner: str) -> Anyone | None:
        """Have a place; returns who has none now.

        That is nobody while there are free ones. In a crowd it is the guest, if its owner has a fair
        share already; else who has been here longest of the owner that has most.
        """
        own = len(self._guests.get(owner, ()))
        if own >= self.most_of_one:
            return guest
        leaving = None
        if len(self) >= self.most:
            if (own + 1) * len(self._guests.keys() | {owner}) > self.most:
                return guest
            most: dict[Anyone, None] = max(self._guests.values(), key=len)
            leaving = next(iter(most))
            self.leave(leaving)
        self._owners[guest] = owner
        self._guests.setdefault(owner, {})[guest] = None
        return leaving

    def leave(self, guest: Anyone) -> None:
        """Give the place up, if the guest has one."""
        owner = self._owners.pop(guest, None)
        if owner is not None:
            del self._guests[owner][guest]
            if not self._guests[owner]:
                del self._guests[owner]

    def next(self) -> Anyone | None:
        """Whose turn it is, and who has no place any more: each owner's in turn."""
        owner = next(iter(self._guests), None)
        if owner is None:
            return None
        guest = next(iter(self._guests[owner]))
        # To the end of the queue of owners, with those it has left.
        self._guests[owner] = self._guests.pop(owner)
        self.leave(guest)
        return guest


class Guest(Protocol):
    """A connection that asks for a websocket."""

    def come_in(self) -> None: ...
    def turn_away(self) -> None: ...


class Turnstile:
    """Lets a few in at a time.

    `soon` calls something in a later turn of the event loop; `now` tells the time in seconds.
    """

    def __init__(
        self,
        soon: Callable[[Callable[[], None]], object],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._soon, self._now = soon, now
        self._turned_away_at = -FLOOD_S
        self._known: FairPlaces[Guest] = FairPlaces(KNOWN, KNOWN_OF_ONE)
        self._strangers: FairPlaces[Guest] = FairPlaces(STRANGERS)
        self._coming_in: set[Guest] = set()
        self._is_turning = self._is_closed = False

    def arrives(self, guest: Guest, owner: str, is_known: bool) -> None:
        """Stand in line: `owner` is the seat of one who is known, the address of a stranger."""
        if self._is_closed:
            guest.turn_away()
            return
        line = self._known if is_known else self._strangers
        if (left_over := line.take(guest, owner)) is not None:
            left_over.turn_away()
            if not is_known:
                self._turned_away_at = self._now()
        self._turn_soon()

    def leaves(self, guest: Guest) -> None:
        """Has come in, or is gone."""
        self._coming_in.discard(guest)
        self._known.leave(guest)
        self._strangers.leave(guest)
        self._turn_soon()

    def close(self) -> None:
        """Nobody comes in any more: who is turned away comes back, to another process."""
        self._is_closed = True
        while guest := self._known.next() or self._strangers.next():
            guest.turn_away()

    def _turn_soon(self) -> None:
        # In a turn of its own: so those inside are heard between two who come in.
        if not self._is_turning:
            self._is_turning = True
            self._soon(self._turn)

    def _turn(self) -> None:
        self._is_turning = False
        is_flood = self._now() - self._turned_away_at < FLOOD_S
        strangers = COMING_IN_A_FLOOD if is_flood else COMING_IN
        while len(self._coming_in) < COMING_IN:
            guest = self._known.next()
            if guest is None and len(self._coming_in) < strangers:
                guest = self._strangers.next()
            if guest is None:
                return
            self._coming_in.add(guest)
            guest.come_in()
