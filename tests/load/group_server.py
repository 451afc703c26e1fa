"""A Channels group on `channels_redis` under Daphne, as the tutorial of Channels has it.

A reference for `manage.py play_bots --group`: on any message, TEXT to all. Serves on PORT.
"""

import os
import sys
from typing import Any

import django
from django.conf import settings

if not settings.configured:  # once as the program, once by Daphne
    settings.configure(
        ALLOWED_HOSTS=["*"],
        CHANNEL_LAYERS={
            "default": {
                "BACKEND": "channels_redis.core.RedisChannelLayer",
                # Its default capacity of 100 would drop most of what a class is sent.
                "CONFIG": {"hosts": [os.environ["REDIS_URL"]], "capacity": 10_000},
            }
        },
    )
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from daphne.cli import CommandLineInterface  # noqa: E402


class Everybody(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    async def connect(self) -> None:
        await self.channel_layer.group_add("everybody", self.channel_name)
        await self.accept()

    async def receive(self, **_: Any) -> None:
        await self.channel_layer.group_send("everybody", {"type": "tell"})

    async def tell(self, event: dict[str, Any]) -> None:
        await self.send(text_data=os.environ["TEXT"])


application = Everybody.as_asgi()

if __name__ == "__main__":
    sys.argv = ["daphne", "-v", "0", "-b", "127.0.0.1", "-p", os.environ["PORT"]]
    CommandLineInterface().run([*sys.argv[1:], "tests.load.group_server:application"])
