"""`python -m tests.load.fuzz_parser 600 [FOLDER]`: so many seconds of bytes at the parser of frames, by coverage, from the examples in a folder.

Needs `atheris` (`uv pip install atheris`), which no test does. It ends with an error at the first
bytes that are neither a command nor refused by their form.
"""

import sys
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["games", "lessons"]):
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quizgame.settings")
    import django

    django.setup()
    from pydantic import ValidationError

    from games import protocol
    from games.nicknames import clean_nickname
    from games.rules import Refused

ADAPTERS = (
    protocol.door_commands,
    protocol.player_commands,
    protocol.host_commands,
    protocol.screen_commands,
)


def one_input(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for adapter in ADAPTERS:
        try:
            command = adapter.validate_json(text)
        except ValidationError:
            continue
        assert adapter.validate_json(command.model_dump_json()) == command
    with suppress(Refused):
        clean_nickname(text)


def main() -> None:
    seconds, *corpus = sys.argv[1:] or ["600"]
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={int(seconds)}", "-max_len=2048", *corpus], one_input
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
