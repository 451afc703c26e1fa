"""A class of phones without browsers: `python -m tests.e2e.crowd ws://HOST:PORT CODE` joins and plays.

Each waits a moment, then gives some answer, until the room ends or the process is killed.
"""

import asyncio
import json
import random
import sys

from websockets.asyncio.client import connect

from games.bots.answers import an_answer

NAMES = [
    "Maya",
    "Noor",
    "Liam",
    "Zoë",
    "Omar",
    "Ines",
    "Kofi",
    "Yuki",
    "Tomás",
    "Aïsha",
    "Nils",
    "Priya",
    "Leila",
    "Juan",
    "Mei",
    "Elif",
    "Anton",
    "Sofia",
    "Idris",
    "Greta",
    "Pavel",
    "Hana",
    "Luca",
    "Amara",
    "Oskar",
    "Rania",
    "Jonas",
]


async def play(url: str, code: str, nickname: str) -> None:
    chance = random.Random(nickname)
    async with connect(f"{url}/ws/play/{code}/", subprotocols=["quizgame"]) as wire:  # type: ignore[list-item]
        await wire.send(json.dumps({"type": "take_seat", "nickname": nickname}))
        async for frame in wire:
            event = json.loads(frame)
            stage = event.get("stage")
            if event["type"] == "stage_changed" and stage["phase"] == "asking":
                await asyncio.sleep(0.3 + 1.5 * chance.random())
                answer = an_answer(stage["question"], chance)
                command = {
                    "type": "submit_answer",
                    "round": stage["round"],
                    "vote": stage["vote"],
                    "answer": answer,
                }
                await wire.send(json.dumps(command))


async def main(url: str, code: str) -> None:
    await asyncio.gather(*(play(url, code, name) for name in NAMES))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
