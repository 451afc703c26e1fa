"""What is tried too often waits; a class behind one address doesn't."""

import multiprocessing
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from games import seats
from lessons.models import Lesson
from lessons.throttles import (
    OF_ACCOUNT,
    OF_ACCOUNT_HERE,
    OF_ADDRESS,
    ROOMS,
    SEARCHES,
    SIGN_UPS,
    Throttle,
)
from tests.games.views.test_open_room import USUAL
from tests.lessons.test_accounts import LOG_IN, SIGN_UP, is_logged_in

PASSWORD = "spherical-cow"
SCHOOL, HOME = "203.0.113.9", "198.51.100.7"


@pytest.fixture(autouse=True)
def _fast_and_alone(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.REDIS_PREFIX = f"test-{seats.new_player()}"


@pytest.fixture
def lea(db: None) -> User:
    return User.objects.create_user("lea", password=PASSWORD)


def tries(
    password: str, username: str = "lea", address: str = SCHOOL, client: Client | None = None
) -> Any:
    sent = {"username": username, "password": password}
    return (client or Client()).post(LOG_IN, sent, REMOTE_ADDR=address)


def uses_up(throttle: Throttle, *who: str, but: int = 0) -> None:
    for _ in range(throttle.limit.amount - but):
        throttle.count(*who)


def test_passwords_are_not_guessed(lea: User) -> None:
    for n in range(OF_ACCOUNT_HERE.limit.amount):
        assert tries(f"cow-{n}").status_code == 200
    refused = tries(PASSWORD)

    assert refused.status_code == 429
    wait_s = int(refused["Retry-After"])
    assert 0 < wait_s <= 5 * 60
    assert "That was tried too often. Try again in" in refused.text
    # Typed differently it is the same account; from home it is Lea herself.
    assert tries(PASSWORD, "LEA").status_code == 429
    assert tries(PASSWORD, address=HOME).status_code == 302


def test_a_class_behind_one_address_logs_in(db: None) -> None:
    for n in range(30):
        User.objects.create_user(f"pupil-{n}", password=PASSWORD)
    for n in range(30):
        assert tries("mistyped", f"pupil-{n}").status_code == 200
        assert tries(PASSWORD, f"pupil-{n}").status_code == 302
        assert tries(PASSWORD, f"pupil-{n}").status_code == 302


def test_names_are_not_tried_one_after_the_other(lea: User) -> None:
    uses_up(OF_ADDRESS, SCHOOL, but=1)
    assert tries("password", "somebody").status_code == 200

    assert tries(PASSWORD).status_code == 429
    assert tries(PASSWORD, address=HOME).status_code == 302


def test_many_addresses_that_guess_one_password_are_throttled_together(lea: User) -> None:
    for n in range(OF_ACCOUNT.limit.amount):
        assert tries("password", address=f"192.0.2.{n}").status_code == 200

    assert tries(PASSWORD, address=HOME).status_code == 429


def test_nobody_locks_a_host_out_of_her_own_laptop(lea: User, client: Client) -> None:
    tries(PASSWORD, client=client)
    client.post(reverse("log_out"))
    for _ in range(OF_ACCOUNT_HERE.limit.amount):
        tries("for a laugh")
    assert tries(PASSWORD).status_code == 429

    assert tries(PASSWORD, client=client).status_code == 302
    assert is_logged_in(client)


def test_her_laptop_guesses_no_better_than_others(lea: User, client: Client) -> None:
    tries(PASSWORD, client=client)
    client.post(reverse("log_out"))
    for _ in range(OF_ACCOUNT_HERE.limit.amount):
        tries("wrong", client=client)
    assert tries(PASSWORD, client=client).status_code == 429

    # And what it knows opens nothing else.
    User.objects.create_user("mia", password=PASSWORD)
    for _ in range(OF_ACCOUNT_HERE.limit.amount):
        tries("wrong", "mia")
    assert tries(PASSWORD, "mia", client=client).status_code == 429


def test_a_counter_is_one_for_all_processes() -> None:
    fork = multiprocessing.get_context("fork")
    other = fork.Process(target=uses_up, args=(OF_ADDRESS, SCHOOL))
    other.start()
    other.join()

    assert OF_ADDRESS.wait_s(SCHOOL) > 0


def test_while_redis_is_away_it_still_holds_here(lea: User, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    for n in range(OF_ACCOUNT_HERE.limit.amount):
        assert tries(f"cow-{n}").status_code == 200

    assert tries(PASSWORD).status_code == 429
    assert tries(PASSWORD, address=HOME).status_code == 302


def test_accounts_are_not_made_by_the_hundred(db: None) -> None:
    uses_up(SIGN_UPS, SCHOOL, but=1)
    new = {"password1": PASSWORD, "password2": PASSWORD}
    assert Client().post(SIGN_UP, new | {"username": "a"}, REMOTE_ADDR=SCHOOL).status_code == 302
    refused = Client().post(SIGN_UP, new | {"username": "b"}, REMOTE_ADDR=SCHOOL)

    assert refused.status_code == 429
    assert "Try again in 60 minutes." in refused.text
    assert [user.username for user in User.objects.all()] == ["a"]


def test_rooms_are_not_opened_by_the_hundred(client: Client, hana: User, lesson: Lesson) -> None:
    client.force_login(hana)
    page = reverse("open_room", args=[lesson.slug])
    uses_up(ROOMS, str(hana.pk), but=1)

    assert client.post(page, USUAL).status_code == 302
    refused = client.post(page, USUAL)
    assert [refused.status_code, "Retry-After" in refused] == [429, True]


def test_searching_without_end_waits(client: Client, published: Lesson) -> None:
    uses_up(SEARCHES, SCHOOL, but=1)
    page = reverse("lesson_list")
    assert client.get(page, {"q": "angle"}, REMOTE_ADDR=SCHOOL).status_code == 200
    refused = client.get(page, {"q": "angle"}, REMOTE_ADDR=SCHOOL)

    assert [refused.status_code, "Try again in" in refused.text] == [429, True]
    assert client.get(page, REMOTE_ADDR=SCHOOL).status_code == 200
    assert client.get(page, {"q": "angle"}, REMOTE_ADDR=HOME).status_code == 200
