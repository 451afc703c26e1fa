"""Where a host finds everything: live rooms, lessons, classes, finished games."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import Settings

from games.models import Game, Pupil, Roster
from games.rules import Phase
from games.store import connected
from games.store.overview import live_rooms_of
from lessons.models import Lesson
from tests.games.conftest import QUIZ
from tests.games.views.conftest import as_, is_sent_to_log_in, look, opened, set_phase, text

pytestmark = pytest.mark.django_db

URL = "/games/"


def finished(host: User, count: int = 1) -> None:
    for n in range(count):
        Game.objects.create(
            room=f"r{Game.objects.count()}",
            host=host,
            title=f"Game {n + 1:02}",
            quiz=QUIZ.model_dump(mode="json"),
            settings={},
            presets_version=1,
            played_at=now() - timedelta(days=n),
        )


def section(page: str, id: str) -> str:
    """The part of the page under that heading."""
    return page.split(f'aria-labelledby="{id}"')[1].split("</section>")[0]


def test_it_is_for_who_is_logged_in(client: Client) -> None:
    assert is_sent_to_log_in(client.get(URL))


def test_an_empty_one_says_what_comes_here(hana: User) -> None:
    page = text(as_(hana).get(URL))

    assert 'aria-labelledby="live"' not in page
    assert "There are no lessons yet." in section(page, "lessons")
    assert "Write down a class" in section(page, "classes")
    assert "No game is finished yet." in section(page, "finished")


def test_live_rooms_say_where_they_are(hana: User, noor: User) -> None:
    lobby, asking, podium, ended = (opened(hana) for _ in range(4))
    others = opened(noor)
    set_phase(asking, Phase.ASKING)
    set_phase(podium, Phase.PODIUM)
    set_phase(ended, Phase.ENDED)

    response = as_(hana).get(URL)

    live = {room["url"].split("/")[2]: room for room in response.context["live"]}
    assert {room: str(found["phase"]) for room, found in live.items()} == {
        podium: "at the podium",
        asking: "at question 1 of 3",
        lobby: "waiting in the lobby",
    }
    shown = section(text(response), "live")
    code = look(lobby)[0].code
    assert f"{code[:3]} {code[3:]}" in shown
    assert "0 players" in shown
    assert "just opened" in shown
    assert others not in text(response)


def test_ten_rooms_are_as_many_round_trips_as_one(hana: User, noor: User) -> None:
    first = opened(hana)
    rooms_before, trips_before = round_trips(hana.pk)
    mine = [opened(host) for host in [noor, hana] * 9][1::2]

    rooms, trips = round_trips(hana.pk)

    assert rooms_before == [first]
    assert rooms == [*reversed(mine), first]
    assert trips == trips_before


def round_trips(host: int) -> tuple[list[str], int]:
    """The host's rooms, and how often Redis was asked for them."""

    async def count() -> tuple[list[str], int]:
        async with connected() as store:
            before = await store.redis.info("stats")
            rooms = [room.room for room in await live_rooms_of(store, host)]
            after = await store.redis.info("stats")
        reads: int = after["total_reads_processed"] - before["total_reads_processed"]
        return rooms, reads

    return async_to_sync(count)()


def test_lessons_are_own_ones_and_published_ones(hana: User, noor: User) -> None:
    Lesson.objects.create(slug="a", title="Angles", is_published=True, owner=noor)
    Lesson.objects.create(slug="b", title="Bases", is_published=True, owner=hana)
    Lesson.objects.create(slug="c", title="Curves", owner=hana)
    Lesson.objects.create(slug="d", title="Duals", owner=noor)

    response = as_(hana).get(URL)

    assert [lesson.slug for lesson in response.context["lessons"]] == ["b", "c", "a"]
    shown = section(text(response), "lessons")
    assert reverse("open_room", args=["a"]) in shown
    assert reverse("open_room", args=["c"]) not in shown  # a draft
    assert "Duals" not in shown
    assert "Write a lesson" not in shown
    User.objects.filter(pk=hana.pk).update(is_staff=True)
    assert reverse("admin:lessons_lesson_add") in text(as_(hana).get(URL))


def test_classes_and_finished_games_are_ones_own(hana: User, noor: User) -> None:
    mine, others = (Roster.objects.create(host=host, name="7b") for host in (hana, noor))
    Pupil.objects.create(roster=mine, name="Ada", code="BCDFGH")
    finished(hana)
    finished(noor, 2)

    page = text(as_(hana).get(URL))

    assert reverse("roster", args=[mine.pk]) in page
    assert "1 pupil<" in page
    assert reverse("roster", args=[others.pk]) not in page
    assert "Game 01" in page
    assert "Game 02" not in page


def test_many_games_are_on_several_pages(hana: User) -> None:
    finished(hana, 23)
    client = as_(hana)

    assert len(client.get(URL).context["games"]) == 20
    assert [game.title for game in client.get(URL + "?page=2").context["games"]] == [
        "Game 21",
        "Game 22",
        "Game 23",
    ]
    assert client.get(URL + "?page=many").status_code == 200
    assert client.get(URL + "?page=99").status_code == 200


def test_without_redis_the_rest_is_there(hana: User, settings: Settings) -> None:
    finished(hana)
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    response = as_(hana).get(URL)

    assert response.status_code == 200
    assert "They aren't lost" in text(response).replace("&#x27;", "'")
    assert "Game 01" in text(response)


def test_more_of_everything_is_no_more_queries(hana: User) -> None:
    client = as_(hana)
    client.get(URL)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        return len(captured)

    def more(n: int) -> None:
        Lesson.objects.create(slug=f"l{n}", title=f"Lesson {n}", is_published=True, owner=hana)
        Roster.objects.create(host=hana, name=f"Class {n}")
        finished(hana)
        opened(hana)

    more(0)
    with_one = queries()
    for n in range(1, 5):
        more(n)

    assert queries() == with_one
