"""While a room plays a lesson, who came through its door doesn't read that lesson."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from games import moves
from games.archive import freeze_lesson
from games.rules import Phase, RoomSettings
from games.store import connected
from games.study_lock import DOORS_MOST
from lessons.models import Lesson
from tests.games.views.conftest import add, as_, look, set_phase, text

pytestmark = pytest.mark.django_db

LESSON = "/lessons/vectors/"
OTHER = "/lessons/tokens/"


@pytest.fixture
def lesson(hana: User) -> Lesson:
    return published("vectors", "Secrets of vectors", hana)


def published(slug: str, title: str, owner: User) -> Lesson:
    lesson = Lesson.objects.create(slug=slug, title=title, owner=owner, is_published=True)
    add(lesson)
    return lesson


async def _open(quiz: Any, host: int) -> str:
    async with connected() as store:
        return await moves.open_room(store, quiz, RoomSettings(), host)


@pytest.fixture
def room(lesson: Lesson, hana: User) -> str:
    """hana's room on the lesson about vectors."""
    published("tokens", "Tokens", hana)
    return room_on(lesson, hana)


def room_on(lesson: Lesson, host: User) -> str:
    return async_to_sync(_open)(freeze_lesson(lesson), host.pk)


def enters(client: Client, room: str) -> str:
    """Opens the phone's page; returns the code."""
    code = look(room)[0].code
    assert client.get(f"/{code}/").status_code == 200
    return code


def test_a_player_finds_the_lesson_locked(client: Client, room: str) -> None:
    assert client.get(LESSON).status_code == 200
    code = enters(client, room)

    response = client.get(LESSON)

    assert response.status_code == 403
    assert "Your class is playing this lesson now" in text(response)
    assert reverse("join", args=[code]) in text(response)
    assert "Secrets" not in text(response)
    assert response["Cache-Control"] == "no-store"
    # To host it alone, quickly, would show each answer.
    assert as_player(client).get(LESSON + "open-room/").status_code == 403
    assert client.get(OTHER).status_code == 200
    assert client.get("/lessons/").status_code == 200


def test_a_player_does_not_find_the_lesson_by_searching(client: Client, room: str) -> None:
    found = {"q": "vectors"}
    assert LESSON in text(client.get("/lessons/", found))
    enters(client, room)

    page = text(client.get("/lessons/", found))

    assert LESSON not in page
    assert "Secrets" not in page
    assert OTHER in text(client.get("/lessons/", {"q": "tokens"}))


def as_player(client: Client) -> Client:
    """The same browser, with an account of its own."""
    client.force_login(User.objects.create_user("ada"))
    return client


def test_logging_in_opens_nothing(client: Client, room: str) -> None:
    enters(client, room)

    assert as_player(client).get(LESSON).status_code == 403


@pytest.mark.parametrize("phase", Phase)
def test_the_lesson_is_free_from_the_podium_on(client: Client, room: str, phase: Phase) -> None:
    enters(client, room)
    set_phase(room, phase)

    is_free = phase in (Phase.PODIUM, Phase.ENDED)
    assert client.get(LESSON).status_code == (200 if is_free else 403)


def test_the_lesson_is_free_once_the_room_expired(client: Client, room: str) -> None:
    code = enters(client, room)

    async def expire() -> None:
        async with connected() as store:
            await store.redis.delete(f"{store.prefix}:{{{room}}}:state")
            await store.redis.delete(f"{store.prefix}:code:{code}")

    async_to_sync(expire)()

    assert client.get(LESSON).status_code == 200


def test_the_host_and_who_may_edit_the_lesson_look_at_it(lesson: Lesson, room: str) -> None:
    noor = User.objects.create_user("noor", is_staff=True)
    root = User.objects.create_superuser("root")
    other_host = room_on(lesson, noor)
    hana = lesson.owner
    assert hana

    def sees(user: User, entered: str) -> int:
        client = as_(user)
        enters(client, entered)
        return client.get(LESSON).status_code

    assert sees(hana, room) == 200
    assert sees(noor, room) == 403  # staff, but the lesson isn't hers
    assert sees(noor, other_host) == 200
    assert sees(hana, other_host) == 403  # its owner, but no staff: an ordinary player there
    User.objects.filter(pk=hana.pk).update(is_staff=True)
    assert sees(hana, other_host) == 200
    assert sees(root, room) == 200


def test_another_address_of_the_lesson_is_locked_too(
    client: Client, lesson: Lesson, room: str
) -> None:
    enters(client, room)
    Lesson.objects.filter(pk=lesson.pk).update(slug="arrows")

    assert client.get("/lessons/arrows/").status_code == 403


def test_another_door_does_not_open_the_first(client: Client, lesson: Lesson, room: str) -> None:
    enters(client, room)
    for n in range(DOORS_MOST - 1):
        client.get(f"/{n:06}/")

    assert client.get(LESSON).status_code == 403


def test_a_forged_cookie_is_none(client: Client, room: str) -> None:
    client.cookies["door"] = look(room)[0].code

    assert client.get(LESSON).status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(client: Client, room: str) -> None:
    code = look(room)[0].code
    cookie = client.get(f"/{code}/").cookies["door"]
    secure = client.get(f"/{code}/", secure=True).cookies["door"]

    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 86400)
    assert (cookie["secure"], secure["secure"]) == ("", True)


def test_without_redis_only_players_wait(client: Client, room: str, settings: Settings) -> None:
    stranger = Client()
    enters(client, room)
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    response = client.get(LESSON)

    assert response.status_code == 503
    assert "Secrets" not in text(response)
    assert client.get("/lessons/").status_code == 200
    # Neither a cookie nor a question to Redis, which would fail.
    assert stranger.get(LESSON).status_code == 200


def test_visitors_who_entered_no_room_cost_nothing(
    room: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert Client().get("/lessons/no-such-lesson/open-room/").status_code == 302
