"""`manage.py play_bots` against two web processes: what an operator measures with is itself measured."""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lessons.models import Lesson
from tests.fleet import Web, environment, until


@pytest.fixture
def webs(
    own_rooms: str, tmp_path: Path, free_ports: Callable[[], int]
) -> Iterator[tuple[Web, Web]]:
    surroundings = environment(tmp_path, own_rooms)
    with Web(free_ports(), surroundings) as one, Web(free_ports(), surroundings) as other:
        until(lambda: one.is_up() and other.is_up())
        yield one, other


@pytest.mark.django_db
def test_bots_play_rooms_over_two_processes_and_lose_nothing(webs: tuple[Web, Web]) -> None:
    lesson = Lesson.objects.create(slug="sums", title="Sums", is_published=True)
    lesson.questions.create(kind="single_choice", prompt="Two and two?", answers="three\n*four")
    said = StringIO()
    doors = [web.url.replace("ws", "http") for web in webs]
    how = {"players": 6, "rooms": 2, "reloading": 50, "silence": 0.2, "no_reference": True}
    call_command("play_bots", url=doors, json=True, stdout=said, **how)

    told = json.loads(said.getvalue())
    assert (told["rooms"], told["players in each"], told["rounds"]) == (2, 6, 1)
    assert told["losses"] == {"frames": 0, "answers": 0, "sockets": 0, "refused": 0, "total": 0}
    for timed in ("join, ms", "reload to welcome, ms", "ping to pong in silence, ms"):
        assert 0 < told[timed]["p50"] <= told[timed]["max"] < 20_000, timed


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"players": 0}, "--players must be from 1 to 10000."),
        ({"players": 5000, "rooms": 3}, "That would be more than 10000 bots."),
        ({"url": ["ftp://quiz.example"]}, "--url must start with http://."),
        ({"silence": -1}, "--silence must be from 0 to 600."),
    ],
)
def test_what_bots_cannot_do_is_said(how: dict[str, object], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("play_bots", **how)
