"""While a room plays a lesson, who came through its door doesn't ask that lesson either."""

import json

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.http import StreamingHttpResponse
from django.test import AsyncClient, Client

from games.archive import freeze_lesson
from games.rules import Phase
from lessons.models import Lesson, Section
from lessons.study.models import ChatTurn
from tests.games.views.conftest import look, opened, set_phase, text

pytestmark = pytest.mark.django_db

CHAT = "/lessons/vectors/chat/"


@pytest.fixture
def lesson(lesson: Lesson) -> Lesson:
    Section.objects.create(lesson=lesson, title="Arrows", notes="A vector is an arrow.")
    Lesson.objects.filter(pk=lesson.pk).update(is_published=True)
    return lesson


def asks(client: Client) -> tuple[int, str]:
    """The status and the whole body of what the chat streams to this browser."""

    async def posted() -> tuple[int, str]:
        browser = AsyncClient()
        browser.cookies = client.cookies
        body = json.dumps({"question": "What is a vector?"})
        response = await browser.post(CHAT + "ask/", body, content_type="application/json")
        if not isinstance(response, StreamingHttpResponse):
            return response.status_code, response.content.decode()
        pieces = [piece async for piece in aiter(response)]
        return response.status_code, b"".join(pieces).decode()

    return async_to_sync(posted)()


def test_chat_page_and_stream_are_locked_while_the_room_plays(
    client: Client, lesson: Lesson, hana: User
) -> None:
    assert client.get(CHAT).status_code == 200
    status, told = asks(client)
    assert (status, "A vector is an arrow." in told) == (200, True)
    # The page stays open while the room opens.
    room = opened(hana, freeze_lesson(lesson))
    assert client.get(f"/{look(room)[0].code}/").status_code == 200

    status, told = asks(client)

    assert status == 403
    assert "Your class is playing this lesson now" in told
    assert ChatTurn.objects.count() == 1
    for page in (CHAT, CHAT + "suggested/"):
        response = client.get(page)
        assert response.status_code == 403
        assert "arrow" not in text(response)
    assert client.head(CHAT).status_code == 403

    set_phase(room, Phase.PODIUM)
    assert asks(client)[0] == 200
    assert client.get(CHAT).status_code == 200
