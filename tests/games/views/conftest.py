"""The hosts of the pages, hana and noor, their lesson and their rooms."""

import json
import re
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from games import moves, seats
from games.rules import Phase, Quiz, RoomSettings
from games.store import State, connected
from lessons.models import Lesson
from lessons.questions import Question
from tests.games.conftest import CAPITAL, QUIZ


@pytest.fixture(autouse=True)
def own_prefix(settings: Settings) -> None:
    settings.REDIS_PREFIX = f"test-{seats.new_player()}"


@pytest.fixture
def hana() -> User:
    return User.objects.create_user("hana")


@pytest.fixture
def noor() -> User:
    """A host too, of other rooms."""
    return User.objects.create_user("noor")


@pytest.fixture
def lesson(hana: User) -> Lesson:
    lesson = Lesson.objects.create(slug="vectors", title="Vectors", owner=hana)
    add(lesson)
    return lesson


def add(lesson: Lesson, question: Question = CAPITAL) -> None:
    row = lesson.questions.model(lesson=lesson)
    row.take(question)
    row.save()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


async def _open(host: int, quiz: Quiz) -> str:
    async with connected() as store:
        return await moves.open_room(store, quiz, RoomSettings(), host)


def opened(host: User, quiz: Quiz = QUIZ) -> str:
    return async_to_sync(_open)(host.pk, quiz)


async def _look(room: str) -> tuple[State, Quiz, RoomSettings]:
    async with connected() as store:
        state, game = await store.read_state(room), await store.read_game(room)
        assert state
        assert game
        return state, *game


def look(room: str) -> tuple[State, Quiz, RoomSettings]:
    return async_to_sync(_look)(room)


async def _set_phase(room: str, phase: Phase) -> None:
    async with connected() as store:
        await store.redis.hset(f"{store.prefix}:{{{room}}}:state", "phase", phase.value)


def set_phase(room: str, phase: Phase) -> None:
    """Puts a room where a whole game would have led it."""
    async_to_sync(_set_phase)(room, phase)


def data_of(response: Any, id: str) -> dict[str, Any]:
    """What a page hands to its browser code."""
    found = re.search(rf'<script id="{id}" type="application/json">(.*?)</script>', text(response))
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def text(response: Any) -> str:
    page: str = response.content.decode()
    return page


def is_sent_to_log_in(response: Any) -> bool:
    return bool(response.status_code == 302 and response["Location"].startswith(reverse("log_in")))


# The door
