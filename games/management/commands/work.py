"""`manage.py work`: the tasks of one queue and, beside the `default` ones, the archive of finished games.

Whatever dies meanwhile (the database, Redis, this process half-way), what is left is done afterwards.
"""

import logging
import time
from threading import Thread
from typing import Any

from asgiref.sync import async_to_sync
from django.db import InterfaceError, OperationalError, close_old_connections
from django_tasks_db.management.commands import db_worker

from games.archive import AWAY, archive_finished_games
from games.moves import end_forgotten_rooms
from games.store import connected

logger = logging.getLogger(__name__)

LOOK_S = 3
"""How often games are looked for that are over; their hosts see the results at once all the same."""
AGAIN_S = 3
"""A database that is away is asked again after this."""


class Command(db_worker.Command):
    help = "Does the tasks of a queue, and archives games beside those of the default one."

    def handle(self, *, queue_name: str, **options: Any) -> None:
        if {"default", "*"} & set(queue_name.split(",")):
            # In a thread of its own no task keeps results waiting.
            Thread(target=keep_archiving, daemon=True).start()
        while True:
            try:
                return super().handle(queue_name=queue_name, **options)
            except (OperationalError, InterfaceError) as error:
                logger.warning("The worker of %s tasks has no database: %s", queue_name, error)
                time.sleep(AGAIN_S)


def keep_archiving() -> None:
    """Archive what is over, for ever. What fails though nothing is away waits for the next start."""
    failed: set[str] = set()
    while True:
        close_old_connections()
        try:
            failed |= archive_finished_games(except_for=failed)
            async_to_sync(_end_forgotten_rooms)()
        except AWAY as error:
            logger.warning("Games are archived later: %s", error)
        except Exception:
            logger.exception("No game can be archived")
        time.sleep(LOOK_S)


async def _end_forgotten_rooms() -> None:
    async with connected() as store:
        await end_forgotten_rooms(store)
