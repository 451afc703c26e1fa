"""The pages around a live room: who may see them, and what they hand to the browser."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import Settings

from games import seats
from games.models import Game, Player, PlayerAnswer
from games.rules import Phase, RoomSettings
from lessons.study.learners import COOKIE, key_in
from lessons.study.models import Learner
from tests.games.conftest import QUIZ
from tests.games.views.conftest import (
    as_,
    data_of,
    is_sent_to_log_in,
    look,
    opened,
    set_phase,
    text,
)

pytestmark = pytest.mark.django_db


def test_the_landing_page_asks_for_a_code(client: Client) -> None:
    response = client.get("/")

    assert response.status_code == 200
    assert 'name="code"' in text(response)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{0:.3} {0[3]}{0[4]}{0[5]}"])
def test_a_code_leads_to_its_room(client: Client, hana: User, typed: str) -> None:
    code = look(opened(hana))[0].code

    response = client.post(reverse("find_room"), {"code": typed.format(code)})

    assert (response.status_code, response["Location"]) == (302, reverse("join", args=[code]))


@pytest.mark.parametrize("typed", ["", "000000", "12", "1234567", "abcdef", "１２３４５６", "<b>"])
def test_a_wrong_code_is_said_to_be_wrong(client: Client, hana: User, typed: str) -> None:
    opened(hana)

    response = client.post(reverse("find_room"), {"code": typed})

    assert response.status_code == 404
    assert "There is no room with this code." in text(response)
    assert "<b>" not in text(response).split('class="code figures"')[1].split(">")[0]


def test_without_redis_the_door_says_to_try_again(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    response = client.post(reverse("find_room"), {"code": "123456"})

    assert response.status_code == 503
    assert "Try again in a moment." in text(response)


@pytest.mark.parametrize("page", ["host", "game_of_room"])
def test_without_redis_a_host_is_told_to_wait(hana: User, settings: Settings, page: str) -> None:
    room = opened(hana)
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    response = as_(hana).get(reverse(page, args=[room]))

    assert response.status_code == 503
    assert "Nothing is lost" in text(response)


def test_the_join_page_hands_over_the_code_alone(client: Client, hana: User) -> None:
    code = look(opened(hana))[0].code

    response = client.get(f"/{code}/")

    assert data_of(response, "door") == {"code": code}
    assert QUIZ.title not in text(response)
    assert client.get("/12345/").status_code == 404


# Hosting


def test_only_an_account_becomes_a_learner_at_the_door(client: Client, hana: User) -> None:
    """Its phone needs the cookie by which a room knows whose answers these are."""
    address = reverse("join", args=[look(opened(hana))[0].code])

    anonymous, logged_in = client.get(address), as_(hana).get(address)

    assert COOKIE not in anonymous.cookies
    assert key_in(logged_in.cookies[COOKIE].value) == Learner.objects.get().key
    assert Learner.objects.get().user == hana


def test_the_hosts_page_is_the_hosts(hana: User, noor: User, client: Client) -> None:
    room = opened(hana)
    url = reverse("host", args=[room])

    desk = data_of(as_(hana).get(url), "desk")

    token = seats.read(desk["token"])
    assert token == seats.SeatToken(room=room, role="host")
    assert desk["code"] == look(room)[0].code
    assert desk["join_url"].endswith(f"/{desk['code']}")
    assert desk["join_qr"].startswith("<svg")
    assert desk["results_url"] == reverse("game_of_room", args=[room])
    assert desk["remote_url"].endswith(reverse("remote", args=[desk["token"]]))
    assert desk["remote_qr"].startswith("<svg")
    screen = seats.read(desk["screen_url"].split("/")[2])
    assert screen == seats.SeatToken(room=room, role="screen")
    assert as_(noor).get(url).status_code == 404
    assert is_sent_to_log_in(client.get(url))
    assert as_(hana).get(reverse("host", args=["nowhere"])).status_code == 404


def test_the_projector_needs_its_link_and_no_account(client: Client, hana: User) -> None:
    room = opened(hana)
    screen = seats.sign(seats.SeatToken(room=room, role="screen"))
    page = client.get(reverse("screen", args=[screen]))

    assert data_of(page, "desk")["token"] == screen
    assert QUIZ.title not in text(page)
    others = [
        seats.sign(seats.SeatToken(room=room, role="host")),
        seats.sign(seats.SeatToken(room=room, role="player", player="p", secret="s")),
        seats.sign(seats.SeatToken(room="nowhere", role="screen")),
        screen[:-2],
    ]
    assert [client.get(reverse("screen", args=[t])).status_code for t in others] == [404] * 4


def test_the_remote_needs_its_link_and_no_account(client: Client, hana: User) -> None:
    room = opened(hana)
    token = seats.sign(seats.SeatToken(room=room, role="host"))

    page = client.get(reverse("remote", args=[token]))

    assert data_of(page, "desk") == {
        "token": token,
        "code": look(room)[0].code,
        "results_url": reverse("game_of_room", args=[room]),
        "after_result": [Phase.EXPLANATION, Phase.STANDINGS, Phase.PODIUM],
    }
    assert QUIZ.title not in text(page)
    # The address is a key: it is neither kept nor told to other sites.
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["Cache-Control"] == "no-store"


def test_a_remote_of_another_kind_or_of_no_room_is_none(client: Client, hana: User) -> None:
    room = opened(hana)
    others = [
        seats.sign(seats.SeatToken(room=room, role="screen")),
        seats.sign(seats.SeatToken(room=room, role="player", player="p", secret="s")),
        seats.sign(seats.SeatToken(room="nowhere", role="host")),
        seats.sign(seats.SeatToken(room=room, role="host"))[:-2],
    ]

    assert [client.get(reverse("remote", args=[t])).status_code for t in others] == [404] * 4


def test_the_remote_of_an_ended_room_is_none(client: Client, hana: User) -> None:
    room = opened(hana)
    token = seats.sign(seats.SeatToken(room=room, role="host"))
    set_phase(room, Phase.ENDED)

    assert client.get(reverse("remote", args=[token])).status_code == 404


# Finished games


@pytest.fixture
def game(hana: User) -> Game:
    """Ada, and somebody whose name is a formula, played two of three questions."""
    game = Game.objects.create(
        room="r1",
        host=hana,
        title=QUIZ.title,
        quiz=QUIZ.model_dump(mode="json"),
        settings=RoomSettings(teams="balanced", team_names=("Red", "Blue")).model_dump(mode="json"),
        presets_version=1,
        closed={"0": 20_000, "1": 20_000},
        played_at=now(),
    )
    ada = Player.objects.create(
        game=game, seat="a", nickname="Ada <b>", team="Red", rank=1, points=1900, right=2
    )
    eve = Player.objects.create(
        game=game, seat="e", nickname="=1+1", team="Blue", rank=2, points=0, right=0
    )
    choice = {"kind": "choice", "choice": 1}
    typed = {"kind": "text", "text": "<script>relu"}
    wrong = {"kind": "choice", "choice": 0}
    for player, round, answer, ms, is_right, points in [
        (ada, 0, choice, 2_000, True, 950),
        (ada, 1, typed, 2_500, True, 950),
        (eve, 0, wrong, 4_000, False, 0),
    ]:
        PlayerAnswer.objects.create(
            player=player,
            round=round,
            answer=answer,
            elapsed_ms=ms,
            is_right=is_right,
            points=points,
        )
    return game


def test_a_list_of_games_is_its_hosts(game: Game, noor: User, client: Client) -> None:
    assert game.title not in text(as_(noor).get(reverse("game_list")))
    assert is_sent_to_log_in(client.get(reverse("game_list")))


def test_the_list_shows_own_live_rooms_and_finished_games(
    game: Game, hana: User, noor: User
) -> None:
    mine, others = opened(hana), opened(noor)

    response = as_(hana).get(reverse("game_list"))

    assert [room["url"] for room in response.context["live"]] == [reverse("host", args=[mine])]
    assert reverse("host", args=[others]) not in text(response)
    assert [(found.pk, found.players_count) for found in response.context["games"]] == [
        (game.pk, 2)
    ]


def test_without_redis_finished_games_are_listed_still(
    game: Game, hana: User, settings: Settings
) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    response = as_(hana).get(reverse("game_list"))

    assert response.status_code == 200
    assert game.title in text(response)


def test_the_podium_leads_to_the_results(game: Game, hana: User) -> None:
    in_lobby = opened(hana)
    client = as_(hana)

    found = client.get(reverse("game_of_room", args=[game.room]))
    none_yet = client.get(reverse("game_of_room", args=[in_lobby]))

    assert found["Location"] == reverse("game", args=[game.pk])
    assert none_yet["Location"] == reverse("game_list")


def test_pages_that_change_something_are_posted(client: Client) -> None:
    assert client.get(reverse("find_room")).status_code == 405
    assert client.post("/").status_code == 405
