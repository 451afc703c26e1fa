"""Every page forbids inline scripts and styles, and has none."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from games import seats
from games.models import Pupil, Roster
from lessons.models import Lesson
from tests.games.views.conftest import opened

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self' ws: wss:",
    "worker-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
INLINE = re.compile(
    r"""<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:"""
    r"""|<script(?![^>]*\bsrc=)(?![^>]*type="application/json")""",
    re.IGNORECASE,
)


@pytest.fixture
def root(db: None, settings: Settings) -> User:
    settings.REDIS_PREFIX = f"test-{seats.new_player()}"
    return User.objects.create_superuser("root")


def policy_of(response: Any) -> dict[str, str]:
    parts = response["Content-Security-Policy"].split(";")
    return dict(part.strip().split(" ", 1) for part in parts)


def pages(root: User) -> list[str]:
    """One address of each page there is, those of the admin too."""
    call_command("load_sample", verbosity=0)
    lesson = Lesson.objects.get(slug="llms-and-mlps")
    roster = Roster.objects.create(host=root, name="7b")
    Pupil.objects.create(roster=roster, name="Ada", code="BCDFGH")
    room = opened(root)
    screen = seats.sign(seats.SeatToken(room=room, role="screen"))
    host = seats.sign(seats.SeatToken(room=room, role="host"))
    return [
        "/",
        "/123456/",
        "/no-such-page/",
        reverse("lesson_list"),
        reverse("lesson", args=[lesson.slug]),
        reverse("gallery"),
        reverse("explanation", args=["angles"]),
        reverse("sign_up"),
        reverse("open_room", args=[lesson.slug]),
        reverse("host", args=[room]),
        reverse("screen", args=[screen]),
        reverse("remote", args=[host]),
        reverse("game_list"),
        reverse("roster_list"),
        reverse("roster", args=[roster.pk]),
        reverse("code_slips", args=[roster.pk]),
        reverse("admin:index"),
        reverse("admin:lessons_lesson_changelist"),
        reverse("admin:lessons_lesson_add"),
        reverse("admin:lessons_lesson_change", args=[lesson.pk]),
        reverse("admin:games_roster_change", args=[roster.pk]),
        reverse("admin:games_game_changelist"),
    ]


def test_every_page_has_the_policy_and_keeps_it(root: User) -> None:
    hers, anybody = Client(), Client()
    hers.force_login(root)
    for page in pages(root):
        for client in (hers, anybody):
            response = client.get(page)
            assert policy_of(response) == POLICY, page
            assert INLINE.search(response.content.decode()) is None, page


def test_pages_that_say_no_have_it_too(root: User, settings: Settings) -> None:
    strict = Client(enforce_csrf_checks=True)
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    for response in (
        strict.post(reverse("find_room"), {"code": "123456"}),  # 403
        Client().post(reverse("find_room"), {"code": "123456"}),  # 503
        Client().get(reverse("find_room")),  # 405
    ):
        assert policy_of(response) == POLICY, response.status_code


@pytest.mark.parametrize(
    "inline",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>alert()</script>",
        '<script type="module">import "x"</script>',
        '<b onclick="go()">',
        '<a href="javascript:go()">',
    ],
)
def test_something_inline_is_found(inline: str) -> None:
    assert INLINE.search(inline)


def test_data_and_files_are_not_inline() -> None:
    fine = '<script id="desk" type="application/json">{}</script><script src="/a.js"></script>'

    assert INLINE.search(fine) is None
